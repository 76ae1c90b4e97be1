package dynamodb

import (
	"context"
	"maps"
	"slices"
	"strconv"
)

type tableInput struct{ TableName string }

func (in *tableInput) check() error {
	var c constraints
	c.required(in.TableName != "", "tableName")
	return c.err()
}

type describeTableOutput struct{ Table tableDescription }

func (s *Service) describeTable(_ context.Context, in *tableInput) (*describeTableOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.existing(in.TableName)
	if err != nil {
		return nil, err
	}
	now := s.config.Clock.Now()
	return &describeTableOutput{Table: t.describe(now, t.status(now), s.config.Lag.Counts)}, nil
}

// deleteTable deletes a table and its items. "If table is already in the DELETING state, no error is returned."
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
func (s *Service) deleteTable(_ context.Context, in *tableInput) (*tableOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.existing(in.TableName)
	if err != nil {
		return nil, err
	}
	now := s.config.Clock.Now()
	switch t.status(now) {
	case "CREATING":
		return nil, inUse("Attempt to change a resource which is still in use: Table is being created: %s", t.name)
	case "ACTIVE":
		t.deletedAt, t.goneAt = now, now.Add(s.config.TransitionTime)
		s.config.Journal.Save(t)
	}
	return &tableOutput{TableDescription: t.describe(now, "DELETING", s.config.Lag.Counts)}, nil
}

// maxTables is the largest number of names in one response of ListTables.
const maxTables = 100

type listTablesInput struct {
	ExclusiveStartTableName string
	Limit                   *int
}

type listTablesOutput struct {
	TableNames             []string
	LastEvaluatedTableName string `json:",omitempty"`
}

// listTables returns the names of tables, in order.
func (s *Service) listTables(_ context.Context, in *listTablesInput) (*listTablesOutput, error) {
	limit := maxTables
	if in.Limit != nil {
		limit = *in.Limit
	}
	var c constraints
	c.check(limit >= 1, strconv.Itoa(limit), "limit", "have value greater than or equal to 1")
	c.check(limit <= maxTables, strconv.Itoa(limit), "limit", "have value less than or equal to 100")
	if err := c.err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.config.Clock.Now()
	out := &listTablesOutput{TableNames: []string{}}
	for _, name := range slices.Sorted(maps.Keys(s.tables)) {
		switch {
		case name <= in.ExclusiveStartTableName || s.tables[name].gone(now):
		case len(out.TableNames) == limit:
			out.LastEvaluatedTableName = out.TableNames[limit-1]
			return out, nil
		default:
			out.TableNames = append(out.TableNames, name)
		}
	}
	return out, nil
}
