package claims

import (
	"context"
	"crypto/rand"
	"errors"
	"strconv"
	"time"

	"heroku-drains/lib/awscall/itemcall"
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
	put := itemcall.Put{
		TableName: t.cfg.Name, Item: next.attributes(),
		ConditionExpression:      "attribute_not_exists(#key)",
		ExpressionAttributeNames: map[string]string{"#key": stack.DedupKey},
	}
	if old != nil {
		put.ConditionExpression = "#write = :old"
		put.ExpressionAttributeNames = map[string]string{"#write": attributeWrite}
		put.ExpressionAttributeValues = itemcall.Item{":old": text(old.write)}
	}
	err = t.cfg.DB.Put(ctx, put)
	refused, ok := errors.AsType[*itemcall.Refused](err)
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

func (i *item) attributes() itemcall.Item {
	attributes := itemcall.Item{
		stack.DedupKey:     text(i.key),
		stack.DedupExpires: number(i.expires.Unix()),
		attributeWrite:     text(i.write),
		attributeOwner:     text(i.owner),
		attributeReceives:  number(int64(i.receives)),
		attributeWhole:     {BOOL: &i.stored.Whole},
	}
	if !i.until.IsZero() {
		attributes[attributeUntil] = number(i.until.UnixMilli())
	}
	if len(i.stored.Parts) > 0 {
		attributes[attributeParts] = itemcall.Value{B: i.stored.Parts}
	}
	return attributes
}

// itemOf returns an item as it is stored. An attribute that is missing, or has another type, has its zero value.
func itemOf(attributes itemcall.Item) item {
	var i item
	i.key, i.write, i.owner = textOf(attributes[stack.DedupKey]), textOf(attributes[attributeWrite]), textOf(attributes[attributeOwner])
	i.receives = int(numberOf(attributes[attributeReceives]))
	i.expires = time.Unix(numberOf(attributes[stack.DedupExpires]), 0)
	if until := numberOf(attributes[attributeUntil]); until != 0 {
		i.until = time.UnixMilli(until)
	}
	if whole := attributes[attributeWhole].BOOL; whole != nil {
		i.stored.Whole = *whole
	}
	i.stored.Parts = attributes[attributeParts].B
	return i
}

func text(s string) itemcall.Value { return itemcall.Value{S: &s} }

func number(n int64) itemcall.Value { return itemcall.Value{N: new(strconv.FormatInt(n, 10))} }

func textOf(value itemcall.Value) string {
	if value.S == nil {
		return ""
	}
	return *value.S
}

func numberOf(value itemcall.Value) int64 {
	if value.N == nil {
		return 0
	}
	number, _ := strconv.ParseInt(*value.N, 10, 64)
	return number
}
