package local

import (
	"fmt"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// addTables creates the tables, unless they exist.
func addTables(server *awslocal.Server, opts Options) error {
	tables := []awslocal.Table{{Name: stack.LocalAlertsTable, Keys: []string{stack.TableApp, stack.TableKey}, Expires: stack.TableExpires}}
	if opts.Dedup == stack.DedupDurable {
		tables = append(tables, awslocal.Table{Name: stack.LocalDedupTable, Keys: []string{stack.DedupKey}, Expires: stack.DedupExpires})
	}
	for _, table := range tables {
		if err := server.AddTable(table); err != nil {
			return fmt.Errorf("create the table %s: %w", table.Name, err)
		}
	}
	return nil
}
