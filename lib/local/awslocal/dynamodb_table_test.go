package awslocal_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
)

func (tt testTable) setTTL(t *testing.T, attribute string, enabled bool) error {
	_, err := tt.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
		TableName: tt.name, TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: &attribute, Enabled: &enabled},
	})
	return err
}

func (tt testTable) ttl(t *testing.T) types.TimeToLiveDescription {
	t.Helper()
	out, err := tt.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: tt.name})
	if err != nil {
		t.Fatal(err)
	}
	return *out.TimeToLiveDescription
}

func (tt testTable) describe(t *testing.T) (*types.TableDescription, error) {
	out, err := tt.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: tt.name})
	if err != nil {
		return nil, err
	}
	return out.Table, nil
}

func (tt testTable) drop(t *testing.T) (*types.TableDescription, error) {
	out, err := tt.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: tt.name})
	if err != nil {
		return nil, err
	}
	return out.TableDescription, nil
}

func TestDynamoDBTables(t *testing.T) {
	conform(t, []check{
		{name: "describing a table", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			tt.put(t, key("shop", "a"), key("shop", "b"))
			got, err := tt.describe(t)
			if err != nil {
				t.Fatal(err)
			}
			in := tableNamed("state")
			if *got.TableName != "state" || *got.TableArn != "arn:aws:dynamodb:us-east-1:"+b.account+":table/state" || b.server != nil && aws.ToString(got.TableId) == "" ||
				got.TableStatus != types.TableStatusActive || got.BillingModeSummary.BillingMode != types.BillingModePayPerRequest ||
				*got.ItemCount != 2 || got.ProvisionedThroughput == nil {
				t.Errorf("table %+v", got)
			}
			if age := time.Since(*got.CreationDateTime); age < -time.Hour || age > time.Hour {
				t.Errorf("created %v", got.CreationDateTime)
			}
			sameItems(t, in.KeySchema, got.KeySchema)
			sameItems(t, in.AttributeDefinitions, got.AttributeDefinitions)
		}},
		{name: "a table that exists", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			_, err := tt.CreateTable(t.Context(), tableNamed("state"))
			wantCode(t, err, "ResourceInUseException")
		}},
		{name: "deleting a table", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			tt.put(t, key("shop", "a"))
			deleted, err := tt.drop(t)
			if err != nil || b.server != nil && deleted.TableStatus != types.TableStatusDeleting { // moto's is ACTIVE
				t.Fatalf("%+v, %v", deleted, err)
			}
			_, err = tt.describe(t)
			wantCode(t, err, "ResourceNotFoundException")
			_, err = tt.drop(t)
			wantCode(t, err, "ResourceNotFoundException")
			tt = newTable(t, b)
			if got := tt.get(t, key("shop", "a")); got != nil {
				t.Errorf("the new table has the items of the old one: %v", got)
			}
		}},
		{name: "listing tables", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			for _, name := range []string{"b-table", "a-table", "C.table_"} {
				if _, err := tt.CreateTable(t.Context(), tableNamed(name)); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			for p := dynamodb.NewListTablesPaginator(tt.Client, &dynamodb.ListTablesInput{Limit: aws.Int32(3)}); p.HasMorePages(); {
				page, err := p.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, page.TableNames...)
			}
			slices.Sort(got)
			if diff := cmp.Diff([]string{"C.table_", "a-table", "b-table", "state"}, got); diff != "" {
				t.Errorf("tables (-want +got):\n%s", diff)
			}
		}},
		{name: "time to live", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			if got := tt.ttl(t); got.TimeToLiveStatus != types.TimeToLiveStatusDisabled || got.AttributeName != nil {
				t.Errorf("at first %+v", got)
			}
			if err := tt.setTTL(t, "expires", true); err != nil {
				t.Fatal(err)
			}
			if got := tt.ttl(t); got.TimeToLiveStatus != types.TimeToLiveStatusEnabled || *got.AttributeName != "expires" {
				t.Errorf("enabled: %+v", got)
			}
		}},
		{name: "changes of time to live that are rejected", notMoto: "it accepts them", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			wantInvalid(t, tt.setTTL(t, "expires", false), "TimeToLive is already disabled")
			if err := tt.setTTL(t, "expires", true); err != nil {
				t.Fatal(err)
			}
			wantInvalid(t, tt.setTTL(t, "expires", true), "TimeToLive is already enabled")
			wantInvalid(t, tt.setTTL(t, "other", true), "TimeToLive is active on a different AttributeName: current AttributeName is expires")
			wantInvalid(t, tt.setTTL(t, "expires", false), "Time to live has been modified multiple times within a fixed interval")
			if b.server == nil {
				return
			}
			b.server.Advance(time.Hour)
			if err := tt.setTTL(t, "expires", false); err != nil || tt.ttl(t).TimeToLiveStatus != types.TimeToLiveStatusDisabled {
				t.Errorf("an hour later: %v", err)
			}
		}},
		{name: "a table that does not exist", run: func(t *testing.T, b backend) {
			tt := testTable{Client: dynamodb.NewFromConfig(b.config), name: aws.String("absent")}
			for name, call := range map[string]func() error{
				"DescribeTable": func() error { _, err := tt.describe(t); return err },
				"DeleteTable":   func() error { _, err := tt.drop(t); return err },
				"PutItem":       func() error { return tt.putIf(t, key("shop", "k"), cond("attribute_exists(app)")) },
				"GetItem": func() error {
					_, err := tt.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: tt.name, Key: key("shop", "k")})
					return err
				},
				"DeleteItem": func() error {
					_, err := tt.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: tt.name, Key: key("shop", "k")})
					return err
				},
				"Query": func() error { _, err := tt.Query(t.Context(), tt.query(onKey(""))); return err },
				"Scan":  func() error { _, err := tt.Scan(t.Context(), &dynamodb.ScanInput{TableName: tt.name}); return err },
			} {
				t.Run(name, func(t *testing.T) { wantCode(t, call(), "ResourceNotFoundException") })
			}
		}},
		{name: "time to live of a table that does not exist", notMoto: "its code is ResourceNotFound", run: func(t *testing.T, b backend) {
			tt := testTable{Client: dynamodb.NewFromConfig(b.config), name: aws.String("absent")}
			wantCode(t, tt.setTTL(t, "expires", true), "ResourceNotFoundException")
			_, err := tt.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: tt.name})
			wantCode(t, err, "ResourceNotFoundException")
		}},
	})
}

func TestDynamoDBTableLimits(t *testing.T) {
	create := func(change func(*dynamodb.CreateTableInput)) func(t *testing.T, b backend) error {
		return func(t *testing.T, b backend) error {
			in := tableNamed("state")
			change(in)
			_, err := dynamodb.NewFromConfig(b.config).CreateTable(t.Context(), in)
			return err
		}
	}
	named := func(name string) func(t *testing.T, b backend) error {
		return create(func(in *dynamodb.CreateTableInput) { in.TableName = &name })
	}
	tryCalls(t, []callLimit{
		{"a name of 3 characters", "", "", named("abc")},
		{"a name of 2 characters", "1 validation error detected: Value 'ab' at 'tableName'" +
			" failed to satisfy constraint: Member must have length greater than or equal to 3",

			"it accepts it", named("ab")},
		{"a name of 255 characters", "", "", named(strings.Repeat("n", 255))},
		{"a name of 256 characters", "1 validation error detected: …", "it accepts it", named(strings.Repeat("n", 256))},
		{"a name with a slash", "1 validation error detected: Value 'a/bc' at 'tableName'" +
			" failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",

			"it accepts it", named("a/bc")},
		{"no billing mode", "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",

			"", create(func(in *dynamodb.CreateTableInput) { in.BillingMode = "" })},
		{"only a partition key", "", "", create(func(in *dynamodb.CreateTableInput) {
			in.KeySchema, in.AttributeDefinitions = in.KeySchema[:1], in.AttributeDefinitions[:1]
		})},
		{"an attribute that is not in the key", "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",

			"", create(func(in *dynamodb.CreateTableInput) { in.KeySchema = in.KeySchema[:1] })},
		{"a key attribute without a definition", "Invalid KeySchema: Some index key attribute have no definition", "",
			create(func(in *dynamodb.CreateTableInput) { in.AttributeDefinitions = in.AttributeDefinitions[:1] })},
		{"a partition key without a definition", "One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [app], AttributeDefinitions: [key]",

			"", create(func(in *dynamodb.CreateTableInput) {
				in.KeySchema, in.AttributeDefinitions = in.KeySchema[:1], in.AttributeDefinitions[1:]
			})},
		{"two partition keys", "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type", "it accepts it",
			create(func(in *dynamodb.CreateTableInput) { in.KeySchema[1].KeyType = types.KeyTypeHash })},
		{"the sort key first", "Invalid KeySchema: The first KeySchemaElement is not a HASH key type", "it accepts it",
			create(func(in *dynamodb.CreateTableInput) {
				in.KeySchema[0], in.KeySchema[1] = in.KeySchema[1], in.KeySchema[0]
			})},
		{"a key attribute that is a list", "1 validation error detected: Value 'L' at 'attributeDefinitions.1.member.attributeType'" +
			" failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]",

			"it accepts it", create(func(in *dynamodb.CreateTableInput) { in.AttributeDefinitions[0].AttributeType = "L" })},
	})
}

// callLimit is a call at a limit, which must succeed, or beyond it, which must be rejected as invalid with a message.
type callLimit struct {
	name    string
	message string // empty: the call must succeed
	notMoto string
	try     func(t *testing.T, b backend) error
}

func tryCalls(t *testing.T, limits []callLimit) {
	t.Helper()
	var checks []check
	for _, l := range limits {
		checks = append(checks, check{name: l.name, notMoto: l.notMoto, run: func(t *testing.T, b backend) {
			err := l.try(t, b)
			if l.message != "" {
				wantInvalid(t, err, l.message)
			} else if err != nil {
				t.Errorf("rejected: %v", err)
			}
		}})
	}
	conform(t, checks)
}
