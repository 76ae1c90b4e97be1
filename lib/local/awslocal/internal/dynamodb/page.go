package dynamodb

import (
	"iter"
	"strconv"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
	"heroku-drains/lib/local/awslocal/internal/dynamodb/expr"
)

// maxPage: "A single Query operation can retrieve a maximum of 1 MB of data"; so can a Scan. What a filter leaves out counts.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
const maxPage = 1 << 20

// pageInput is what Query and Scan have in common.
type pageInput struct {
	TableName                 string
	ConsistentRead            bool
	ExclusiveStartKey         map[string]attr.Wire
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]attr.Wire
	FilterExpression          *string
	Limit                     *int
	Select                    string
}

type pageOutput struct {
	Items            []attr.Item `json:",omitzero"` // left out if only the number is wanted
	Count            int
	ScannedCount     int
	LastEvaluatedKey attr.Item `json:",omitempty"`

	size int // bytes of the items that were read
}

func (in *pageInput) check(c *constraints) {
	if in.Limit != nil {
		c.check(*in.Limit >= 1, strconv.Itoa(*in.Limit), "limit", "have value greater than or equal to 1")
	}
	c.oneOf(in.Select, "select", "SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES")
}

// checkSelect rejects the selections that need what is not implemented: projections and indexes.
func (in *pageInput) checkSelect() error {
	switch in.Select {
	case "SPECIFIC_ATTRIBUTES":
		return validation("One or more parameter values were invalid: Must specify the AttributesToGet or ProjectionExpression when choosing to get" +
			" SPECIFIC_ATTRIBUTES")
	case "ALL_PROJECTED_ATTRIBUTES":
		return validation("One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
	}
	return nil
}

// startKey returns the attributes of ExclusiveStartKey.
func (in *pageInput) startKey() (attr.Item, error) {
	if in.ExclusiveStartKey == nil {
		return nil, nil
	}
	start, err := attr.ParseItem(in.ExclusiveStartKey)
	if err != nil {
		return nil, validation("The provided starting key is invalid: %s", err)
	}
	return start, nil
}

// filter returns the filter. One that is not given leaves nothing out.
func (in *pageInput) filter(refs *expr.Context) (expr.Condition, error) {
	if in.FilterExpression == nil {
		return expr.Condition{}, nil
	}
	filter, err := refs.Condition("FilterExpression", *in.FilterExpression)
	if err != nil {
		return filter, invalid(err)
	}
	return filter, nil
}

// page reads items until a limit is reached. The page then has a key to go on from, even if there is no further item.
func (in *pageInput) page(t *table, items iter.Seq[attr.Item], filter expr.Condition) *pageOutput {
	out := &pageOutput{}
	if in.Select != "COUNT" {
		out.Items = []attr.Item{}
	}
	size := 0
	var last attr.Item
	for item := range items {
		size += item.Size()
		if size > maxPage || in.Limit != nil && out.ScannedCount == *in.Limit {
			break
		}
		last, out.size = item, size
		out.ScannedCount++
		if !filter.Holds(item) {
			continue
		}
		out.Count++
		if out.Items != nil {
			out.Items = append(out.Items, item)
		}
	}
	if size > maxPage || in.Limit != nil && out.ScannedCount == *in.Limit {
		out.LastEvaluatedKey = t.keyAttributes(last)
	}
	return out
}
