package awslocal_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestDynamoDBConditionalWrites(t *testing.T) {
	conform(t, []check{
		{name: "a condition on an item that does not exist", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			absent := cond("attribute_not_exists(app)")
			if err := tt.putIf(t, keyed("shop", "k", "n", num("1")), absent); err != nil {
				t.Fatal(err)
			}
			wantCode(t, tt.putIf(t, keyed("shop", "k", "n", num("2")), absent), "ConditionalCheckFailedException")
			if err := tt.putIf(t, keyed("shop", "other", "n", num("1")), absent); err != nil {
				t.Error(err)
			}
			sameItems(t, keyed("shop", "k", "n", num("1")), tt.get(t, key("shop", "k")))
		}},
		{name: "deleting under a condition", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			tt.put(t, keyed("shop", "k", "n", num("1")))
			remove := func(n string) error {
				_, err := tt.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
					TableName: tt.name, Key: key("shop", "k"), ConditionExpression: aws.String("n = :n"), ExpressionAttributeValues: item{":n": num(n)},
				})
				return err
			}
			wantCode(t, remove("2"), "ConditionalCheckFailedException")
			if err := remove("1"); err != nil {
				t.Error(err)
			}
			wantCode(t, remove("1"), "ConditionalCheckFailedException")
		}},
		{name: "the failure returns the item if asked to", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			tt.put(t, keyed("shop", "k", "n", num("1")))
			for _, returned := range []types.ReturnValuesOnConditionCheckFailure{"", types.ReturnValuesOnConditionCheckFailureNone, types.ReturnValuesOnConditionCheckFailureAllOld} {
				_, err := tt.PutItem(t.Context(), &dynamodb.PutItemInput{
					TableName: tt.name, Item: key("shop", "k"), ConditionExpression: aws.String("attribute_not_exists(app)"),
					ReturnValuesOnConditionCheckFailure: returned,
				})
				failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
				if !ok {
					t.Fatalf("error %v", err)
				}
				want := item(nil)
				if returned == types.ReturnValuesOnConditionCheckFailureAllOld {
					want = keyed("shop", "k", "n", num("1"))
				}
				sameItems(t, want, item(failed.Item))
				if got := failed.ErrorMessage(); got != "The conditional request failed" {
					t.Errorf("message %q", got)
				}
			}
		}},
		{name: "an item is replaced by one writer at a time, as claims are", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			claim := func(write, old string) error {
				in := &dynamodb.PutItemInput{
					TableName: tt.name, ConditionExpression: aws.String("attribute_not_exists(#key)"), ExpressionAttributeNames: map[string]string{"#key": "app"},
					Item: keyed("shop", "k", "write", text(write), "owner", text("1"), "whole", &types.AttributeValueMemberBOOL{Value: true},
						"parts", &types.AttributeValueMemberB{Value: []byte{0, 255}}, "until", num("1795000000000")),
					ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
				}
				if old != "" {
					in.ConditionExpression, in.ExpressionAttributeNames = aws.String("#write = :old"), map[string]string{"#write": "write"}
					in.ExpressionAttributeValues = item{":old": text(old)}
				}
				_, err := tt.PutItem(t.Context(), in)
				return err
			}
			refused := func(err error, want item) {
				t.Helper()
				failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
				if !ok {
					t.Fatalf("error %v", err)
				}
				sameItems(t, want, item(failed.Item))
			}
			refused(claim("a", "other"), nil) // there is no item
			if err := claim("a", ""); err != nil {
				t.Fatal(err)
			}
			written := tt.get(t, key("shop", "k"))
			refused(claim("b", ""), written)
			refused(claim("b", "other"), written)
			if err := claim("b", "a"); err != nil {
				t.Fatal(err)
			}
			refused(claim("c", "a"), tt.get(t, key("shop", "k")))
		}},
	})
}

// TestDynamoDBConditionsExcludeEachOther checks that of many writes at a time, each of which expects to be the first, one succeeds.
func TestDynamoDBConditionsExcludeEachOther(t *testing.T) {
	t.Parallel()
	tt := newTable(t, startBackend(t))
	const writers, rounds = 8, 20
	for round := range rounds {
		errs := make(chan error, writers)
		for n := range writers {
			go func() {
				i := keyed("shop", "k", "round", num(fmt.Sprint(round)), "writer", num(fmt.Sprint(n)))
				errs <- tt.putIf(t, i, cond("attribute_not_exists(app) OR round < :round", ":round", num(fmt.Sprint(round))))
			}()
		}
		won := 0
		for range writers {
			err := <-errs
			if err == nil {
				won++
				continue
			}
			wantCode(t, err, "ConditionalCheckFailedException")
		}
		if won != 1 {
			t.Fatalf("%d of %d writers were the first in round %d", won, writers, round)
		}
	}
}
