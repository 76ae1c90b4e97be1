package dynamodb

import "heroku-drains/lib/local/awslocal/internal/awsapi"

// Table is a table on demand.
type Table struct {
	Name    string
	Keys    []string // the partition key, and perhaps the sort key; texts
	Expires string   // the attribute that says when an item expires
}

// Add does in this process what CreateTable and UpdateTimeToLive do, and is done at once. It keeps a table that exists, with its items.
func (s *Service) Add(wanted Table) error {
	in := createTableInput{TableName: wanted.Name, BillingMode: "PAY_PER_REQUEST"}
	for i, key := range wanted.Keys {
		in.AttributeDefinitions = append(in.AttributeDefinitions, attributeDefinition{AttributeName: key, AttributeType: "S"})
		in.KeySchema = append(in.KeySchema, keySchemaElement{AttributeName: key, KeyType: keyTypes[min(i, len(keyTypes)-1)]})
	}
	if err := in.check(); err != nil {
		return err
	}
	keys, err := in.keys()
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.config.Clock.Now()
	t, err := s.existing(wanted.Name)
	if err != nil {
		t = &table{
			name: wanted.Name, arn: s.arn(wanted.Name), id: awsapi.NewID(), keys: keys, created: now, activeAt: now, items: store{lag: s.config.Lag.Reads},
		}
		s.tables[t.name] = t
	}
	if t.ttl.attribute != wanted.Expires {
		t.ttl = timeToLive{attribute: wanted.Expires, changed: now, settledAt: now}
	}
	s.config.Journal.Save(t)
	return nil
}
