package dynamodb

import (
	"maps"
	"slices"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

// The largest values of key attributes, in bytes.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys
const (
	maxPartitionKey = 2048
	maxSortKey      = 1024
)

func schemaMismatch() *awsapi.Error {
	return validation("The provided key element does not match the schema")
}

// keyOf returns the key that a request gives. It must have the key attributes and no others.
func (t *table) keyOf(item attr.Item) (key, error) {
	if len(item) != len(t.keys) {
		return key{}, schemaMismatch()
	}
	for i, k := range t.keys {
		v, ok := item[k.name]
		if !ok || v.Type != k.typ {
			return key{}, schemaMismatch()
		}
		if err := checkKeyValue(i, k.name, v); err != nil {
			return key{}, err
		}
	}
	return t.keyIn(item), nil
}

// keyOfItem returns the key of an item that a request gives.
func (t *table) keyOfItem(item attr.Item) (key, error) {
	for i, k := range t.keys {
		v, ok := item[k.name]
		if !ok {
			return key{}, validation("One or more parameter values were invalid: Missing the key %s in the item", k.name)
		}
		if v.Type != k.typ {
			return key{}, validation("One or more parameter values were invalid: Type mismatch for key %s expected: %s actual: %s", k.name, k.typ, v.Type)
		}
		if err := checkKeyValue(i, k.name, v); err != nil {
			return key{}, err
		}
	}
	return t.keyIn(item), nil
}

// checkKeyValue rejects a value that is empty or too long for the key attribute with an index.
func checkKeyValue(index int, name string, v attr.Value) error {
	if v.Type == attr.Numeric {
		return nil
	}
	switch size := v.Size(); {
	case size == 0 && v.Type == attr.Text:
		return validation("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: %s", name)
	case size == 0:
		return validation("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty binary value. Key: %s", name)
	case index == 0 && size > maxPartitionKey:
		return validation("One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes")
	case index == 1 && size > maxSortKey:
		return validation("One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
	}
	return nil
}

// keyIn returns the key of a valid item, or of valid key attributes.
func (t *table) keyIn(item attr.Item) key {
	var sort attr.Value
	if len(t.keys) == 2 {
		sort = item[t.keys[1].name]
	}
	return newKey(item[t.keys[0].name], sort)
}

// keyAttributes returns the key attributes of an item.
func (t *table) keyAttributes(item attr.Item) attr.Item {
	only := maps.Clone(item)
	maps.DeleteFunc(only, func(name string, _ attr.Value) bool {
		return !slices.ContainsFunc(t.keys, func(k keyAttribute) bool { return k.name == name })
	})
	return only
}
