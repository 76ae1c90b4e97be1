package awslocal_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// tableLimit is a call for a new table, which must succeed, or be rejected as invalid with a message.
type tableLimit struct {
	name, message, notMoto string
	try                    func(t *testing.T, tt testTable) error
}

func tryTable(t *testing.T, limits []tableLimit) {
	t.Helper()
	var all []callLimit
	for _, l := range limits {
		all = append(all, callLimit{l.name, l.message, l.notMoto, func(t *testing.T, b backend) error { return l.try(t, newTable(t, b)) }})
	}
	tryCalls(t, all)
}

func putting(i item) func(t *testing.T, tt testTable) error {
	return func(t *testing.T, tt testTable) error {
		_, err := tt.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: tt.name, Item: i})
		return err
	}
}

func getting(k item) func(t *testing.T, tt testTable) error {
	return func(t *testing.T, tt testTable) error {
		_, err := tt.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: tt.name, Key: k})
		return err
	}
}

const badValue = "One or more parameter values were invalid: "

func TestDynamoDBItemLimits(t *testing.T) {
	const emptyKey = "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: "
	const mismatch = "The provided key element does not match the schema"
	fill := func(size int) item { // with a size in bytes
		i := keyed("shop", "k", "s", text(""))
		i["s"] = text(strings.Repeat("x", size-len("appshopkeyks")))
		return i
	}
	number := func(n string) func(t *testing.T, tt testTable) error { return putting(keyed("shop", "k", "n", num(n))) }
	value := func(v types.AttributeValue) func(t *testing.T, tt testTable) error {
		return putting(keyed("shop", "k", "v", v))
	}
	deep := func(depth int) types.AttributeValue {
		v := text("x")
		for range depth {
			v = &types.AttributeValueMemberL{Value: []types.AttributeValue{v}}
		}
		return v
	}
	const kb400 = 400 * 1024
	tryTable(t, []tableLimit{
		{"an item of 400 KB", "", "it rejects it", putting(fill(kb400))},
		{"an item of 400 KB and 1 byte", "Item size has exceeded the maximum allowed size", "", putting(fill(kb400 + 1))},
		{"an item is measured in bytes", "Item size has exceeded the maximum allowed size", "",
			putting(keyed("shop", "k", "s", text(strings.Repeat("é", kb400/2))))},
		{"a partition key of 2,048 bytes", "", "", putting(key(strings.Repeat("é", 1024), "k"))},
		{"a partition key of 2,049 bytes", badValue + "Size of hashkey has exceeded the maximum size limit of2048 bytes",
			"", putting(key(strings.Repeat("x", 2049), "k"))},
		{"a sort key of 1,024 bytes", "", "", putting(key("shop", strings.Repeat("é", 512)))},
		{"a sort key of 1,025 bytes", badValue + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes", "",
			putting(key("shop", strings.Repeat("x", 1025)))},
		{"an empty partition key", emptyKey + "app", "its message differs", putting(key("", "k"))},
		{"an empty sort key", emptyKey + "key", "its message differs", putting(key("shop", ""))},
		{"reading an empty partition key", emptyKey + "app", "", getting(key("", "k"))},
		{"no sort key", badValue + "Missing the key key in the item", "", putting(item{"app": text("shop")})},
		{"a key of another type", badValue + "Type mismatch for key key expected: S actual: N",
			"", putting(item{"app": text("shop"), "key": num("1")})},
		{"reading without the sort key", mismatch, "its message differs", getting(item{"app": text("shop")})},
		{"reading with more than the key", mismatch, "", getting(keyed("shop", "k", "n", num("1")))},
		{"reading with a key of another type", mismatch, "it accepts it", getting(item{"app": text("shop"), "key": num("1")})},
		{"a number of 38 digits", "", "", number("1." + strings.Repeat("3", 37))},
		{"a number of 39 digits", "Attempting to store more than 38 significant digits in a Number",
			"it accepts it", number(strings.Repeat("3", 39))},
		{"38 digits and zeros", "", "", number("00" + strings.Repeat("3", 38) + "000.000")},
		{"the largest number", "", "", number("9.9999999999999999999999999999999999999e125")},
		{"a number that is too large", "Number overflow. Attempting to store a number with magnitude larger than supported range",
			"it accepts it", number("-1e126")},
		{"the smallest number", "", "", number("1e-130")},
		{"a number that is too small", "Number underflow. Attempting to store a number with magnitude smaller than supported range",
			"", number("9.9e-131")},
		{"a number of absurd size", "Number overflow. Attempting to store a number with magnitude larger than supported range",
			"its message differs", number("1e99999999999999999999")},
		{"an empty number", "The parameter cannot be converted to a numeric value", "its message differs", number("")},
		{"text as a number", "The parameter cannot be converted to a numeric value: NaN", "", number("NaN")},
		{"a number with a space", "The parameter cannot be converted to a numeric value:  1", "", number(" 1")},
		{"an empty set", badValue + "An string set  may not be empty", "", value(&types.AttributeValueMemberSS{Value: []string{}})},
		{"a set with an empty text", badValue + "An string set may not have a empty string as a member", "it accepts it",
			value(&types.AttributeValueMemberSS{Value: []string{"a", ""}})},
		{"a set with the same twice", badValue + "Input collection [a, a] contains duplicates.",
			"it accepts it", value(&types.AttributeValueMemberSS{Value: []string{"a", "a"}})},
		{"a set with the same number twice", "Input collection contains duplicates",
			"it accepts it", value(&types.AttributeValueMemberNS{Value: []string{"1", "1.0"}})},
		{"a null that is not", badValue + "Null attribute value types must have the value of true",
			"its message differs", value(&types.AttributeValueMemberNULL{Value: false})},
		{"lists in lists, 32 deep", "", "", value(deep(32))},
		{"lists in lists, 33 deep", "Nesting Levels have exceeded supported limits", "it accepts it", value(deep(33))},
		{"returning the new item of a put", "ReturnValues can only be ALL_OLD or NONE",
			"its message differs", func(t *testing.T, tt testTable) error {
				_, err := tt.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: tt.name, Item: key("shop", "k"), ReturnValues: types.ReturnValueAllNew})
				return err
			}},
		{"returning something unknown", "1 validation error detected: Value 'x' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: …",
			"its message differs",
			func(t *testing.T, tt testTable) error {
				_, err := tt.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: tt.name, Item: key("shop", "k"), ReturnValues: "x"})
				return err
			}},
	})
}

func TestDynamoDBPageLimits(t *testing.T) {
	run := func(in func(tt testTable) *dynamodb.QueryInput) func(t *testing.T, tt testTable) error {
		return func(t *testing.T, tt testTable) error {
			_, err := tt.Query(t.Context(), in(tt))
			return err
		}
	}
	query := func(c condition) func(t *testing.T, tt testTable) error {
		return run(func(tt testTable) *dynamodb.QueryInput { return tt.query(c) })
	}
	changed := func(change func(*dynamodb.QueryInput)) func(t *testing.T, tt testTable) error {
		return run(func(tt testTable) *dynamodb.QueryInput {
			in := tt.query(onKey(" AND begins_with(#key, :k)", ":k", text("H")))
			change(in)
			return in
		})
	}
	scan := func(change func(*dynamodb.ScanInput)) func(t *testing.T, tt testTable) error {
		return func(t *testing.T, tt testTable) error {
			in := &dynamodb.ScanInput{TableName: tt.name}
			change(in)
			_, err := tt.Scan(t.Context(), in)
			return err
		}
	}
	app := text("shop")
	const badStart = "The provided starting key is invalid"
	const badKey = "Invalid KeyConditionExpression: "
	tryTable(t, []tableLimit{
		{"no condition on the partition key", "Query condition missed key schema element: app", "", query(cond("#k = :k", "#k", "key", ":k", app))},
		{"a condition on another attribute", "Query condition missed key schema element: key",
			"", query(cond("app = :a AND n = :n", ":a", app, ":n", num("1")))},
		{"three conditions", "Conditions can be of length 1 or 2 only", "its message differs", query(onKey(" AND #key > :k AND n = :k", ":k", app))},
		{"two conditions on a key", "KeyConditionExpressions must only contain one condition per key",
			"it accepts it", query(onKey(" AND #key > :k AND #key < :l", ":k", text("a"), ":l", text("b")))},
		{"a range of partition keys", "Query key condition not supported", "", query(cond("app > :a", ":a", app))},
		{"a prefix of partition keys", "Query key condition not supported", "", query(cond("begins_with(app, :a)", ":a", app))},
		{"OR", "Invalid operator used in KeyConditionExpression: OR", "it answers 500", query(onKey(" OR #key = :k", ":k", app))},
		{"NOT", "Invalid operator used in KeyConditionExpression: NOT", "it answers 500", query(onKey(" AND NOT #key = :k", ":k", app))},
		{"IN", "Invalid operator used in KeyConditionExpression: IN", "it answers 500", query(onKey(" AND #key IN (:k)", ":k", app))},
		{"not equal", "Invalid operator used in KeyConditionExpression: <>", "it answers 500", query(onKey(" AND #key <> :k", ":k", app))},
		{"contains", "Invalid operator used in KeyConditionExpression: contains",
			"its message differs", query(onKey(" AND contains(#key, :k)", ":k", app))},
		{"a size", "KeyConditionExpressions cannot contain nested operations",
			"its message differs", query(onKey(" AND size(#key) = :k", ":k", num("1")))},
		{"a part of the key", "KeyConditionExpressions cannot have conditions on nested attributes",
			"its message differs", query(onKey(" AND #key.x = :k", ":k", app))},
		{"a sort key of another type", badValue + "Condition parameter type does not match schema type",
			"it accepts it", query(onKey(" AND #key > :k", ":k", num("1")))},
		{"an empty partition key in a query", "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: app",

			"", query(cond("app = :a", ":a", text("")))},
		{"an unused value in a query", "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}",
			"it accepts it", query(onKey("", ":b", app))},
		{"a reserved word in a query", badKey + "Attribute name is a reserved keyword; reserved keyword: range",
			"its message differs", query(cond("app = :a AND range = :a", ":a", app))},
		{"no condition at all", "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
			"its message differs",
			changed(func(in *dynamodb.QueryInput) {
				in.KeyConditionExpression, in.ExpressionAttributeNames, in.ExpressionAttributeValues = nil, nil, nil
			})},
		{"a limit of 0", "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
			"it accepts it",
			changed(func(in *dynamodb.QueryInput) { in.Limit = aws.Int32(0) })},
		{"a filter on a key", "Filter Expression can only contain non-primary key attributes: Primary key attribute: key", "it accepts it",
			changed(func(in *dynamodb.QueryInput) { in.FilterExpression = aws.String("#key <> :k") })},
		{"a filter with an error", "Invalid FilterExpression: Syntax error…",
			"it answers 500", changed(func(in *dynamodb.QueryInput) { in.FilterExpression = aws.String("n = ") })},
		{"a start without the sort key", badStart, "it accepts it", changed(func(in *dynamodb.QueryInput) { in.ExclusiveStartKey = item{"app": app} })},
		{"a start of another type", badStart + ": The provided key element does not match the schema", "it accepts it",
			changed(func(in *dynamodb.QueryInput) { in.ExclusiveStartKey = item{"app": app, "key": num("1")} })},
		{"a start in another partition", "The provided starting key is outside query boundaries based on provided conditions", "it accepts it",
			changed(func(in *dynamodb.QueryInput) { in.ExclusiveStartKey = key("blog", "H1") })},
		{"a start outside the range", "The provided starting key does not match the range key predicate", "it accepts it",
			changed(func(in *dynamodb.QueryInput) { in.ExclusiveStartKey = key("shop", "R14") })},
		{"specific attributes without a projection", badValue + "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
			"it accepts it",
			changed(func(in *dynamodb.QueryInput) { in.Select = types.SelectSpecificAttributes })},
		{"a scan from a start without the sort key", badStart + ": The provided key element does not match the schema", "it accepts it",
			scan(func(in *dynamodb.ScanInput) { in.ExclusiveStartKey = item{"app": app} })},
		{"a scan with a limit of 0", "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
			"it accepts it",
			scan(func(in *dynamodb.ScanInput) { in.Limit = aws.Int32(0) })},
		{"a scan with values without a filter", "ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null",
			"it accepts it",
			scan(func(in *dynamodb.ScanInput) { in.ExpressionAttributeValues = item{":a": app} })},
	})
}
