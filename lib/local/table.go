package local

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// table is a table of DynamoDB, on demand.
type table struct {
	name    string
	keys    []string // the partition key, and perhaps the sort key; texts
	expires string   // the attribute that says when an item expires
}

// create creates the table, unless it exists. created returns when DynamoDB has done so, which takes as long as its Options say.
func (t table) create(ctx context.Context, client *dynamodb.Client, created func()) error {
	in := &dynamodb.CreateTableInput{TableName: &t.name, BillingMode: types.BillingModePayPerRequest}
	for i, key := range t.keys {
		kind := types.KeyTypeHash
		if i > 0 {
			kind = types.KeyTypeRange
		}
		in.KeySchema = append(in.KeySchema, types.KeySchemaElement{AttributeName: &key, KeyType: kind})
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{AttributeName: &key, AttributeType: types.ScalarAttributeTypeS})
	}
	_, err := client.CreateTable(ctx, in)
	_, exists := errors.AsType[*types.ResourceInUseException](err)
	if err != nil && !exists {
		return fmt.Errorf("create the table %s: %w", t.name, err)
	}
	found, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &t.name})
	if err != nil {
		return fmt.Errorf("look up the table %s: %w", t.name, err)
	}
	if found.Table.TableStatus != types.TableStatusActive {
		created()
	}
	expiry, err := client.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &t.name})
	if err != nil {
		return fmt.Errorf("look up whether items of the table %s expire: %w", t.name, err)
	}
	if aws.ToString(expiry.TimeToLiveDescription.AttributeName) == t.expires {
		return nil
	}
	_, err = client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName:               &t.name,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: &t.expires, Enabled: aws.Bool(true)},
	})
	if err != nil {
		return fmt.Errorf("let items of the table %s expire: %w", t.name, err)
	}
	return nil
}
