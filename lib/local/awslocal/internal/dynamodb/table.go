package dynamodb

import (
	"time"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

// table is one table. The Service's lock guards it.
type table struct {
	name, arn, id string
	keys          []keyAttribute // the partition key, and the sort key if there is one
	created       time.Time
	activeAt      time.Time
	deletedAt     time.Time // when DeleteTable was called; zero before
	goneAt        time.Time // when the deletion has ended
	ttl           timeToLive
	items         store
	counted       count
}

// keyAttribute is an attribute of a table's primary key.
type keyAttribute struct {
	name string
	typ  attr.Type
}

// count is how many items a table had, and their bytes.
type count struct {
	at           time.Time
	items, bytes int
}

func (t *table) status(now time.Time) string {
	switch {
	case !t.deletedAt.IsZero():
		return "DELETING"
	case now.Before(t.activeAt):
		return "CREATING"
	}
	return "ACTIVE"
}

// gone reports whether the table no longer exists.
func (t *table) gone(now time.Time) bool { return !t.deletedAt.IsZero() && !now.Before(t.goneAt) }

type tableDescription struct {
	TableName, TableArn, TableId, TableStatus string
	CreationDateTime                          float64 // seconds since 1970
	AttributeDefinitions                      []attributeDefinition
	KeySchema                                 []keySchemaElement
	ItemCount, TableSizeBytes                 int
	BillingModeSummary                        billingModeSummary
	ProvisionedThroughput                     throughput
	DeletionProtectionEnabled                 bool
}

type attributeDefinition struct{ AttributeName, AttributeType string }

type keySchemaElement struct{ AttributeName, KeyType string }

type billingModeSummary struct {
	BillingMode                       string
	LastUpdateToPayPerRequestDateTime float64 // seconds since 1970
}

// throughput is that of an on-demand table, which has none.
type throughput struct{ NumberOfDecreasesToday, ReadCapacityUnits, WriteCapacityUnits int }

// describe returns what DescribeTable shows. The counts are "updated approximately every six hours".
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
func (t *table) describe(now time.Time, status string, lag time.Duration) tableDescription {
	if !now.Before(t.counted.at.Add(lag)) {
		t.counted = count{at: now}
		for _, r := range t.items.records {
			if item := r.at(now); item != nil {
				t.counted.items++
				t.counted.bytes += item.Size()
			}
		}
	}
	created := seconds(t.created)
	d := tableDescription{
		TableName: t.name, TableArn: t.arn, TableId: t.id, TableStatus: status, CreationDateTime: created,
		ItemCount: t.counted.items, TableSizeBytes: t.counted.bytes,
		BillingModeSummary: billingModeSummary{BillingMode: "PAY_PER_REQUEST", LastUpdateToPayPerRequestDateTime: created},
	}
	for i, k := range t.keys {
		d.AttributeDefinitions = append(d.AttributeDefinitions, attributeDefinition{AttributeName: k.name, AttributeType: string(k.typ)})
		d.KeySchema = append(d.KeySchema, keySchemaElement{AttributeName: k.name, KeyType: keyTypes[i]})
	}
	return d
}

var keyTypes = [...]string{"HASH", "RANGE"}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
