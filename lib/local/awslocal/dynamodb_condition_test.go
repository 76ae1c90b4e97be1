package awslocal_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
)

// condition is a condition with what it refers to: attributes by #name, values by :name.
type condition struct {
	text   string
	names  map[string]string
	values item
}

func cond(text string, values ...any) condition {
	c := condition{text: text}
	for n := 0; n < len(values); n += 2 {
		name := values[n].(string)
		if strings.HasPrefix(name, "#") {
			if c.names == nil {
				c.names = map[string]string{}
			}
			c.names[name] = values[n+1].(string)
			continue
		}
		if c.values == nil {
			c.values = item{}
		}
		c.values[name] = values[n+1].(types.AttributeValue)
	}
	return c
}

func (tt testTable) putIf(t *testing.T, i item, c condition) error {
	_, err := tt.PutItem(t.Context(), &dynamodb.PutItemInput{
		TableName: tt.name, Item: i, ConditionExpression: &c.text, ExpressionAttributeNames: c.names, ExpressionAttributeValues: c.values,
	})
	return err
}

// conditioned is the item that conditions are tried on.
func conditioned() item {
	return keyed("shop", "k",
		"s", text("hello"), "n", num("5"), "b", &types.AttributeValueMemberB{Value: []byte("abc")}, "status", text("open"),
		"flag", &types.AttributeValueMemberBOOL{Value: true}, "nothing", &types.AttributeValueMemberNULL{Value: true},
		"ss", &types.AttributeValueMemberSS{Value: []string{"a", "b"}}, "ns", &types.AttributeValueMemberNS{Value: []string{"1", "20"}},
		"l", &types.AttributeValueMemberL{Value: []types.AttributeValue{num("1"), text("two")}},
		"m", &types.AttributeValueMemberM{Value: item{"in": &types.AttributeValueMemberM{Value: item{"x": num("7")}}}})
}

func TestDynamoDBConditions(t *testing.T) {
	bytes := func(s string) types.AttributeValue { return &types.AttributeValueMemberB{Value: []byte(s)} }
	yes := &types.AttributeValueMemberBOOL{Value: true}
	cases := []struct {
		condition
		holds   bool
		notMoto string
	}{
		{cond("attribute_exists(s)"), true, ""},
		{cond("attribute_exists(absent)"), false, ""},
		{cond("attribute_exists(nothing)"), true, ""},
		{cond("attribute_not_exists(s)"), false, ""},
		{cond("attribute_not_exists(absent)"), true, ""},
		{cond("attribute_exists(m.#in.x)", "#in", "in"), true, ""},
		{cond("attribute_exists(m.#in.y)", "#in", "in"), false, ""},
		{cond("attribute_exists(l[1])"), true, ""},
		{cond("attribute_exists(l[2])"), false, ""},
		{cond("attribute_exists(s.x)"), false, ""},
		{cond("attribute_exists(app)"), true, ""},
		{cond("attribute_type(s, :t)", ":t", text("S")), true, ""},
		{cond("attribute_type(s, :t)", ":t", text("N")), false, ""},
		{cond("begins_with(s, :p)", ":p", text("hel")), true, ""},
		{cond("begins_with(s, :p)", ":p", text("el")), false, ""},
		{cond("begins_with(n, :p)", ":p", text("5")), false, ""},
		{cond("contains(s, :p)", ":p", text("ell")), true, ""},
		{cond("contains(ss, :p)", ":p", text("b")), true, ""},
		{cond("contains(ss, :p)", ":p", text("c")), false, ""},
		{cond("contains(ns, :p)", ":p", num("20")), true, ""},
		{cond("contains(ns, :p)", ":p", num("2")), false, ""},
		{cond("contains(l, :p)", ":p", text("two")), true, ""},
		{cond("size(s) = :n", ":n", num("5")), true, ""},
		{cond("size(ss) < :n", ":n", num("3")), true, ""},
		{cond("size(absent) > :n", ":n", num("0")), false, "it answers 500"},
		{cond("s = :v", ":v", text("hello")), true, ""},
		{cond("s = :v", ":v", text("hell")), false, ""},
		{cond(":v = s", ":v", text("hello")), true, ""},
		{cond("n = :v", ":v", num("5.0")), true, ""},
		{cond("n = :v", ":v", text("5")), false, ""},
		{cond("absent = :v", ":v", text("x")), false, ""},
		{cond("s <> :v", ":v", text("x")), true, ""},
		{cond("s <> :v", ":v", text("hello")), false, ""},
		{cond("s <> :v", ":v", num("1")), true, ""},
		{cond("absent <> :v", ":v", text("x")), true, ""},
		{cond("flag = :v", ":v", yes), true, ""},
		{cond("ss = :v", ":v", &types.AttributeValueMemberSS{Value: []string{"b", "a"}}), true, ""},
		{cond("ss = :v", ":v", &types.AttributeValueMemberSS{Value: []string{"a", "b", "c"}}), false, ""},
		{cond("ss = :v", ":v", &types.AttributeValueMemberSS{Value: []string{"a"}}), false, ""},
		{cond("l = :v", ":v", &types.AttributeValueMemberL{Value: []types.AttributeValue{num("1.0"), text("two")}}), true, ""},
		{cond("m = :v", ":v", &types.AttributeValueMemberM{Value: item{"in": &types.AttributeValueMemberM{Value: item{"x": num("7")}}}}), true, ""},
		{cond("n < :v", ":v", num("10")), true, ""}, // as text, 5 is after 10
		{cond("n < :v", ":v", num("5")), false, ""},
		{cond("n < :v", ":v", num("-6")), false, ""},
		{cond("n <= :v", ":v", num("5")), true, ""},
		{cond("n > :v", ":v", num("4.99")), true, ""},
		{cond("n > :v", ":v", num("1e2")), false, ""},
		{cond("n >= :v", ":v", num("5")), true, ""},
		{cond("n > :v", ":v", text("1")), false, "it answers 500"},
		{cond("absent < :v", ":v", num("1")), false, ""},
		{cond("absent >= :v", ":v", num("1")), false, ""},
		{cond("s < :v", ":v", text("help")), true, ""},
		{cond("s > :v", ":v", text("Hello")), true, ""},
		{cond("b < :v", ":v", bytes("abd")), true, ""},
		{cond("b > :v", ":v", bytes("ab")), true, ""},
		{cond("n BETWEEN :a AND :b", ":a", num("5"), ":b", num("6")), true, ""},
		{cond("n BETWEEN :a AND :b", ":a", num("6"), ":b", num("7")), false, ""},
		{cond("absent BETWEEN :a AND :b", ":a", num("6"), ":b", num("7")), false, ""},
		{cond("n IN (:a, :b)", ":a", num("4"), ":b", num("5")), true, ""},
		{cond("n IN (:a, :b)", ":a", num("4"), ":b", text("5")), false, ""},
		{cond("n = :v AND s = :w", ":v", num("5"), ":w", text("x")), false, ""},
		{cond("n = :v OR s = :w", ":v", num("5"), ":w", text("x")), true, ""},
		{cond("n = :v or s = :w", ":v", num("5"), ":w", text("x")), true, ""},
		{cond("NOT n = :v", ":v", num("5")), false, ""},
		{cond("NOT attribute_exists(absent)"), true, ""},
		{cond("not (n = :v and s = :w)", ":v", num("5"), ":w", text("x")), true, ""},
		{cond("n = :v OR n = :w AND n = :w", ":v", num("5"), ":w", num("6")), true, ""},
		{cond("(n = :v OR n = :w) AND n = :w", ":v", num("5"), ":w", num("6")), false, ""},
		{cond("attribute_not_exists(app) OR (#s <> :o AND n < :v)", "#s", "status", ":o", text("closed"), ":v", num("6")), true, ""},
		{cond("(n) = (:v)", ":v", num("5")), true, "it answers 500"},
		{cond("n=:v", ":v", num("5")), true, ""},
		{cond(" n\n=\t:v ", ":v", num("5")), true, "it answers 500"},
	}
	var checks []check
	for _, c := range cases {
		checks = append(checks, check{name: fmt.Sprintf("%s is %t", c.text, c.holds), notMoto: c.notMoto, run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			tt.put(t, conditioned())
			err := tt.putIf(t, key("shop", "k"), c.condition)
			if c.holds {
				if err != nil {
					t.Errorf("the condition fails: %v", err)
				}
				sameItems(t, key("shop", "k"), tt.get(t, key("shop", "k")))
				return
			}
			wantCode(t, err, "ConditionalCheckFailedException")
			sameItems(t, conditioned(), tt.get(t, key("shop", "k")))
		}})
	}
	conform(t, checks)
}

// wantInvalid checks that AWS has rejected a call as invalid, with a message. A message that ends in … is only the beginning.
func wantInvalid(t *testing.T, err error, message string) {
	t.Helper()
	wantCode(t, err, "ValidationException")
	rejected, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return
	}
	start, open := strings.CutSuffix(message, "…")
	if got := rejected.ErrorMessage(); got != message && !(open && strings.HasPrefix(got, start)) {
		t.Errorf("message %q, want %q", got, message)
	}
}
