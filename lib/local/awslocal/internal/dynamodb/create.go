package dynamodb

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

type createTableInput struct {
	TableName            string
	AttributeDefinitions []attributeDefinition
	KeySchema            []keySchemaElement
	BillingMode          string
}

type tableOutput struct {
	TableDescription tableDescription
}

// createTable creates an on-demand table.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
func (s *Service) createTable(_ context.Context, in *createTableInput) (*tableOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	keys, err := in.keys()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, err := s.existing(in.TableName); err == nil {
		return nil, inUse("Table already exists: %s", t.name)
	}
	now := s.config.Clock.Now()
	t := &table{
		name: in.TableName, arn: s.arn(in.TableName), id: awsapi.NewID(), keys: keys, created: now, activeAt: now.Add(s.config.TransitionTime),
		items: store{lag: s.config.Lag.Reads},
	}
	s.tables[t.name] = t
	s.config.Journal.Save(t)
	return &tableOutput{TableDescription: t.describe(now, "CREATING", s.config.Lag.Counts)}, nil
}

func (in *createTableInput) check() error {
	var c constraints
	c.checkTableName(in.TableName)
	c.required(in.AttributeDefinitions != nil, "attributeDefinitions")
	c.required(in.KeySchema != nil, "keySchema")
	for i, d := range in.AttributeDefinitions {
		path := "attributeDefinitions." + strconv.Itoa(i+1) + ".member."
		checkAttributeName(&c, d.AttributeName, path+"attributeName")
		c.required(d.AttributeType != "", path+"attributeType")
		c.oneOf(d.AttributeType, path+"attributeType", "B", "N", "S")
	}
	if in.KeySchema != nil {
		c.check(len(in.KeySchema) >= 1, "[]", "keySchema", "have length greater than or equal to 1")
		c.check(len(in.KeySchema) <= 2, "["+strings.Repeat("KeySchemaElement", len(in.KeySchema))+"]", "keySchema", "have length less than or equal to 2")
	}
	for i, k := range in.KeySchema {
		path := "keySchema." + strconv.Itoa(i+1) + ".member."
		checkAttributeName(&c, k.AttributeName, path+"attributeName")
		c.required(k.KeyType != "", path+"keyType")
		c.oneOf(k.KeyType, path+"keyType", keyTypes[:]...)
	}
	c.oneOf(in.BillingMode, "billingMode", "PROVISIONED", "PAY_PER_REQUEST")
	if err := c.err(); err != nil {
		return err
	}
	if in.BillingMode != "PAY_PER_REQUEST" {
		return validation("One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when " +
			"BillingMode is PROVISIONED")
	}
	return nil
}

// checkAttributeName notes the name of a key attribute that is missing, or "up to 255 characters" long.
func checkAttributeName(c *constraints, name, path string) {
	c.required(name != "", path)
	c.check(len(name) <= 255, name, path, "have length less than or equal to 255")
}

func untyped(k keyAttribute) bool { return k.typ == "" }

// keys returns the attributes of the primary key.
func (in *createTableInput) keys() ([]keyAttribute, error) {
	types := make(map[string]attr.Type)
	for _, d := range in.AttributeDefinitions {
		if _, twice := types[d.AttributeName]; twice {
			return nil, validation("One or more parameter values were invalid: Duplicate AttributeName in AttributeDefinitions: %s", d.AttributeName)
		}
		types[d.AttributeName] = attr.Type(d.AttributeType)
	}
	var keys []keyAttribute
	var names []string
	for i, k := range in.KeySchema {
		if k.KeyType != keyTypes[i] {
			return nil, validation("Invalid KeySchema: The %s KeySchemaElement is not a %s key type", [...]string{"first", "second"}[i], keyTypes[i])
		}
		names = append(names, k.AttributeName)
		keys = append(keys, keyAttribute{name: k.AttributeName, typ: types[k.AttributeName]})
	}
	switch {
	case len(keys) == 2 && keys[0].name == keys[1].name:
		return nil, validation("Both the Hash Key and the Range Key element in the KeySchema have the same name")
	case len(keys) == 2 && slices.ContainsFunc(keys, untyped):
		return nil, validation("Invalid KeySchema: Some index key attribute have no definition")
	case slices.ContainsFunc(keys, untyped):
		return nil, validation("One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions."+
			" Keys: [%s], AttributeDefinitions: [%s]", strings.Join(names, ", "), strings.Join(slices.Sorted(maps.Keys(types)), ", "))
	case len(keys) != len(types):
		return nil, validation("One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of" +
			" attributes defined in AttributeDefinitions")
	}
	return keys, nil
}
