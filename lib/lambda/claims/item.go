package claims

import (
	"context"
	"crypto/rand"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"heroku-drains/lib/stack"
)

// item is what the table has about the copies of a message.
type item struct {
	key      string
	write    string // a random text of the write, which tells it from all others
	owner    string // the message ID of the copy that was claimed last
	receives int    // how often SQS had delivered that copy
	until    time.Time
	expires  time.Time
	stored   Stored
}

// The attributes that only this package knows.
const (
	attributeWrite    = "write"
	attributeOwner    = "owner"
	attributeReceives = "receives"
	attributeUntil    = "until" // Unix time in milliseconds
	attributeWhole    = "whole"
	attributeParts    = "parts"
)

// write writes an item if the table still has the old one, or none if old is nil. Otherwise, it returns the item that the table has; one without
// a key if there is none. The item is returned with the error of the condition, which saves a read:
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
func (t *Table) write(ctx context.Context, next, old *item) (found *item, err error) {
	next.write = rand.Text()
	in := &dynamodb.PutItemInput{
		TableName: &t.cfg.Name, Item: next.attributes(),
		ConditionExpression:                 aws.String("attribute_not_exists(#key)"),
		ExpressionAttributeNames:            map[string]string{"#key": stack.DedupKey},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	if old != nil {
		in.ConditionExpression = aws.String("#write = :old")
		in.ExpressionAttributeNames = map[string]string{"#write": attributeWrite}
		in.ExpressionAttributeValues = map[string]types.AttributeValue{":old": text(old.write)}
	}
	_, err = t.cfg.DB.PutItem(ctx, in)
	refused, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
	switch {
	case err == nil:
		return nil, nil
	case !ok:
		return nil, err
	}
	current := itemOf(refused.Item)
	if current.write == next.write { // the response to an earlier attempt of the SDK was lost
		return nil, nil
	}
	return &current, nil
}

func (i *item) attributes() map[string]types.AttributeValue {
	attributes := map[string]types.AttributeValue{
		stack.DedupKey:     text(i.key),
		stack.DedupExpires: number(i.expires.Unix()),
		attributeWrite:     text(i.write),
		attributeOwner:     text(i.owner),
		attributeReceives:  number(int64(i.receives)),
		attributeWhole:     &types.AttributeValueMemberBOOL{Value: i.stored.Whole},
	}
	if !i.until.IsZero() {
		attributes[attributeUntil] = number(i.until.UnixMilli())
	}
	if len(i.stored.Parts) > 0 {
		attributes[attributeParts] = &types.AttributeValueMemberB{Value: i.stored.Parts}
	}
	return attributes
}

// itemOf returns an item as it is stored. An attribute that is missing, or has another type, has its zero value.
func itemOf(attributes map[string]types.AttributeValue) item {
	var i item
	i.key, i.write, i.owner = textOf(attributes[stack.DedupKey]), textOf(attributes[attributeWrite]), textOf(attributes[attributeOwner])
	i.receives = int(numberOf(attributes[attributeReceives]))
	i.expires = time.Unix(numberOf(attributes[stack.DedupExpires]), 0)
	if until := numberOf(attributes[attributeUntil]); until != 0 {
		i.until = time.UnixMilli(until)
	}
	if whole, ok := attributes[attributeWhole].(*types.AttributeValueMemberBOOL); ok {
		i.stored.Whole = whole.Value
	}
	if parts, ok := attributes[attributeParts].(*types.AttributeValueMemberB); ok {
		i.stored.Parts = parts.Value
	}
	return i
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func textOf(value types.AttributeValue) string {
	if s, ok := value.(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

func numberOf(value types.AttributeValue) int64 {
	if n, ok := value.(*types.AttributeValueMemberN); ok {
		number, _ := strconv.ParseInt(n.Value, 10, 64)
		return number
	}
	return 0
}
