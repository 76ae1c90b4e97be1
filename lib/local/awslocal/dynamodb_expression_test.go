package awslocal_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestDynamoDBExpressionLimits(t *testing.T) {
	const bad = "Invalid ConditionExpression: "
	try := func(text string, values ...any) func(t *testing.T, tt testTable) error {
		return func(t *testing.T, tt testTable) error { return tt.putIf(t, key("shop", "k"), cond(text, values...)) }
	}
	one := num("1")
	ors := func(n int) func(t *testing.T, tt testTable) error {
		return try("attribute_not_exists(app)"+strings.Repeat(" OR a=:a", n), ":a", one)
	}
	in := func(n int) func(t *testing.T, tt testTable) error {
		values, list := []any{}, []string{}
		for i := range n {
			values, list = append(values, fmt.Sprint(":", i), num(fmt.Sprint(i))), append(list, fmt.Sprint(":", i))
		}
		return try("attribute_not_exists(app) OR n IN ("+strings.Join(list, ",")+")", values...)
	}
	tryTable(t, []tableLimit{
		{"empty", bad + "The expression can not be empty;", "it accepts it", try("")},
		{"4 KB", "", "", try("attribute_not_exists(app)" + strings.Repeat(" ", 4096-25))},
		{"4 KB and 1 byte", bad + "Expression size has exceeded the maximum allowed size; expression size: 4097",
			"it accepts it", try("attribute_not_exists(app)" + strings.Repeat(" ", 4096-24))},
		{"300 operators", "", "", ors(150)},
		{"301 operators", bad + "The expression contains too many operators; operator count: 302", "it accepts it", ors(151)},
		{"100 operands of IN", "", "", in(100)},
		{"101 operands of IN", bad + "Invalid number of operands…", "it accepts it", in(101)},
		{"a reserved word", bad + "Attribute name is a reserved keyword; reserved keyword: status", "", try("status = :a", ":a", one)},
		{"a reserved word in another case", bad + "Attribute name is a reserved keyword; reserved keyword: TtL", "", try("TtL = :a", ":a", one)},
		{"a reserved word inside a path", bad + "Attribute name is a reserved keyword; reserved keyword: count", "", try("m.count = :a", ":a", one)},
		{"a reserved word in a function", bad + "Attribute name is a reserved keyword; reserved keyword: name", "", try("attribute_exists(name)")},
		{"words that are not reserved", "", "", try("attribute_not_exists(expires) AND attribute_not_exists(app)")},
		{"an unknown name", bad + "An expression attribute name used in the document path is not defined; attribute name: #n", "it answers 500",
			try("#n = :a", ":a", one)},
		{"an unknown value", bad + "An expression attribute value used in expression is not defined; attribute value: :b", "it answers 500",
			try("n = :b", ":a", one)},
		{"an unused value", "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}", "it accepts it",
			try("attribute_not_exists(n) OR n = :a", ":a", one, ":b", one)},
		{"unused names", "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}", "its message differs",
			try("attribute_not_exists(n)", "#a", "a", "#b", "b")},
		{"a wrong reference to a value", `ExpressionAttributeValues contains invalid key: Syntax error; key: "a"`,
			"", try("n = :a", ":a", one, "a", one)},
		{"a value that is invalid", "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :a",
			"it answers 500",
			try("n = :a", ":a", num("x"))},
		{"redundant parentheses", bad + "The expression has redundant parentheses;", "", try("((attribute_not_exists(n)))")},
		{"an unknown function", bad + "Invalid function name; function: present", "it answers 500", try("present(n)")},
		{"a function in another case", bad + "Invalid function name; function: Attribute_Exists", "it answers 500", try("Attribute_Exists(n)")},
		{"a function with too many operands", bad + "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2",

			"it answers 500", try("attribute_exists(n, s)")},
		{"a function that needs a path", bad + "Operator or function requires a document path; operator or function: attribute_exists",
			"it answers 500",
			try("attribute_exists(:a)", ":a", one)},
		{"a function where a value should be", bad + "The function is not allowed to be used this way in an expression; function: attribute_exists",
			"it answers 500",
			try("attribute_exists(n) = :a", ":a", one)},
		{"a size that is compared with nothing", bad + "The function is not allowed to be used this way in an expression; function: size",
			"it answers 500",
			try("size(n)")},
		{"begins_with a number", bad + "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
			"its message differs",
			try("begins_with(n, :a)", ":a", one)},
		{"less than a list", bad + "Incorrect operand type for operator or function; operator or function: <, operand type: L", "its message differs",
			try("n < :a", ":a", &types.AttributeValueMemberL{})},
		{"an unknown type", bad + "Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}", "its message differs",
			try("attribute_type(n, :a)", ":a", text("X"))},
		{"an attribute and itself", bad + "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]",
			"it accepts it",
			try("n = n")},
		{"bounds of different types", bad + "The BETWEEN operator requires same data type for lower and upper bounds; …", "its message differs",
			try("n BETWEEN :a AND :b", ":a", one, ":b", text("x"))},
		{"bounds in the wrong order", bad + "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; …",
			"its message differs",
			try("n BETWEEN :a AND :b", ":a", num("2"), ":b", one)},
		{"a part of a key", "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: app", "it accepts it",
			try("attribute_not_exists(app.x)")},
		{"names without an expression", "ExpressionAttributeNames can only be specified when using expressions",
			"its message differs", func(t *testing.T, tt testTable) error {
				_, err := tt.PutItem(t.Context(), &dynamodb.PutItemInput{
					TableName: tt.name, Item: key("shop", "k"), ExpressionAttributeNames: map[string]string{"#a": "a"},
				})
				return err
			}},
		{"values without an expression", "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
			"it accepts it",
			func(t *testing.T, tt testTable) error {
				_, err := tt.PutItem(t.Context(), &dynamodb.PutItemInput{
					TableName: tt.name, Item: key("shop", "k"), ExpressionAttributeValues: item{":a": one},
				})
				return err
			}},
		{"a missing operand", bad + `Syntax error; token: "<EOF>", near: "="`, "it answers 500", try("n =")},
		{"a missing parenthesis", bad + `Syntax error; token: "<EOF>", near: "n"`, "it answers 500", try("attribute_exists(n")},
		{"an operand alone", bad + `Syntax error; token: "<EOF>", near: "n"`, "it answers 500", try("n")},
		{"an operator that DynamoDB does not have", bad + `Syntax error; token: "=", near: "== :a"`, "it answers 500", try("n == :a", ":a", one)},
		{"a literal", bad + `Syntax error; token: "1", near: "= 1"`, "it accepts it", try("n = 1")},
		{"a name that begins with an underscore", bad + `Syntax error; token: "_n", near: "(_n)"`,
			"its message differs", try("attribute_exists(_n)")},
		{"something after the end", bad + `Syntax error; token: "b", near: ") b"`, "it answers 500", try("attribute_exists(a) b")},
	})
}
