package awslocal_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// testTable is a table with the key attributes app and key, and a client for it.
type testTable struct {
	*dynamodb.Client
	name *string
}

// item is an item, or a key.
type item = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
func num(n string) types.AttributeValue  { return &types.AttributeValueMemberN{Value: n} }

// key returns a key, and keyed an item with more attributes, which are alternating names and values.
func key(app, key string) item { return item{"app": text(app), "key": text(key)} }

func keyed(app, sort string, attributes ...any) item {
	i := key(app, sort)
	for n := 0; n < len(attributes); n += 2 {
		i[attributes[n].(string)] = attributes[n+1].(types.AttributeValue)
	}
	return i
}

func newTable(t *testing.T, b backend) testTable {
	t.Helper()
	tt := testTable{Client: dynamodb.NewFromConfig(b.config), name: aws.String("state")}
	if _, err := tt.CreateTable(t.Context(), tableNamed("state")); err != nil {
		t.Fatal(err)
	}
	return tt
}

func tableNamed(name string) *dynamodb.CreateTableInput {
	return &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("app"), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String("key"), AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String("app"), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String("key"), KeyType: types.KeyTypeRange},
		},
	}
}

func (tt testTable) put(t *testing.T, items ...item) {
	t.Helper()
	for _, i := range items {
		if _, err := tt.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: tt.name, Item: i}); err != nil {
			t.Fatal(err)
		}
	}
}

func (tt testTable) get(t *testing.T, k item) item {
	t.Helper()
	out, err := tt.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: tt.name, Key: k, ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	return out.Item
}

// sameItems compares items, or lists of them.
func sameItems(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
}

func TestDynamoDBItems(t *testing.T) {
	conform(t, []check{
		{name: "an item of every type", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			want := keyed("shop", "all",
				"S", text("é\x00\n"), "empty", text(""), "N", num("-12.5"), "B", &types.AttributeValueMemberB{Value: []byte{0, 255}},
				"BOOL", &types.AttributeValueMemberBOOL{Value: false}, "NULL", &types.AttributeValueMemberNULL{Value: true},
				"SS", &types.AttributeValueMemberSS{Value: []string{"a", "b"}}, "NS", &types.AttributeValueMemberNS{Value: []string{"1", "2"}},
				"BS", &types.AttributeValueMemberBS{Value: [][]byte{{1}, {2}}},
				"L", &types.AttributeValueMemberL{Value: []types.AttributeValue{text("x"), num("1"), &types.AttributeValueMemberL{}}},
				"M", &types.AttributeValueMemberM{Value: item{"a": text("x"), "m": &types.AttributeValueMemberM{Value: item{}}}})
			tt.put(t, want)
			sameItems(t, want, tt.get(t, key("shop", "all")))
			if got := tt.get(t, key("shop", "absent")); got != nil {
				t.Errorf("an item that does not exist: %v", got)
			}
		}},
		{name: "numbers are returned without an exponent", notMoto: "it returns them as they were written", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			for written, want := range map[string]string{
				"1": "1", "+1": "1", "-0": "0", "0.0": "0", "007": "7", "1.500": "1.5", "1e3": "1000", "12E-1": "1.2", "-1.5e-3": "-0.0015", ".5": "0.5",
				"1e-130": "0." + strings.Repeat("0", 129) + "1", "9e125": "9" + strings.Repeat("0", 125), "0e9999999999": "0",
				strings.Repeat("9", 38): strings.Repeat("9", 38), "0." + strings.Repeat("1", 38): "0." + strings.Repeat("1", 38),
			} {
				tt.put(t, keyed("shop", "n", "n", num(written)))
				sameItems(t, keyed("shop", "n", "n", num(want)), tt.get(t, key("shop", "n")))
			}
		}},
		{name: "putting replaces the whole item", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			tt.put(t, keyed("shop", "k", "a", text("1"), "b", text("1")), keyed("shop", "k", "a", text("2")), key("blog", "k"))
			sameItems(t, keyed("shop", "k", "a", text("2")), tt.get(t, key("shop", "k")))
			sameItems(t, key("blog", "k"), tt.get(t, key("blog", "k")))
		}},
		{name: "deleting", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			tt.put(t, key("shop", "k"), key("shop", "l"))
			for range 2 { // deleting what is not there succeeds
				if _, err := tt.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: tt.name, Key: key("shop", "k")}); err != nil {
					t.Fatal(err)
				}
			}
			if got := tt.get(t, key("shop", "k")); got != nil {
				t.Errorf("after the delete: %v", got)
			}
			sameItems(t, key("shop", "l"), tt.get(t, key("shop", "l")))
		}},
		{name: "returning the old item", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			put := func(i item) item {
				out, err := tt.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: tt.name, Item: i, ReturnValues: types.ReturnValueAllOld})
				if err != nil {
					t.Fatal(err)
				}
				return out.Attributes
			}
			first := keyed("shop", "k", "a", text("1"))
			sameItems(t, item(nil), put(first))
			sameItems(t, first, put(key("shop", "k")))
			out, err := tt.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
				TableName: tt.name, Key: key("shop", "k"), ReturnValues: types.ReturnValueAllOld,
			})
			if err != nil {
				t.Fatal(err)
			}
			sameItems(t, key("shop", "k"), item(out.Attributes))
		}},
		{name: "a table by its ARN", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			tt.put(t, key("shop", "k"))
			tt.name = aws.String(fmt.Sprintf("arn:aws:dynamodb:us-east-1:%s:table/state", b.account))
			sameItems(t, key("shop", "k"), tt.get(t, key("shop", "k")))
		}},
	})
}
