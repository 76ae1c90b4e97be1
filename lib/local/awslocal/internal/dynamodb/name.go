package dynamodb

import (
	"regexp"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/journal"
)

// The lengths of a table's name.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.NamingRules
const (
	minTableName = 3
	maxTableName = 255
)

var tableNamePattern = regexp.MustCompile(`^[a-zA-Z0-9_.-]+$`)

// checkTableName notes a table's name that DynamoDB does not allow.
func (c *constraints) checkTableName(name string) {
	const path = "tableName"
	if name == "" {
		c.required(false, path)
		return
	}
	c.check(tableNamePattern.MatchString(name), name, path, "satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
	c.check(len(name) >= minTableName, name, path, "have length greater than or equal to 3")
	c.check(len(name) <= maxTableName, name, path, "have length less than or equal to 255")
}

func (s *Service) arn(name string) string { return s.config.Account.ARN("dynamodb", "table/"+name) }

// tableName returns the name in a TableName parameter, which can be the table's ARN.
func (s *Service) tableName(nameOrARN string) string { return strings.TrimPrefix(nameOrARN, s.arn("")) }

// existing returns the table of a TableName parameter, in any state. The Service must be locked.
func (s *Service) existing(nameOrARN string) (*table, error) {
	name := s.tableName(nameOrARN)
	t := s.tables[name]
	if t == nil || t.gone(s.config.Clock.Now()) {
		if t != nil {
			delete(s.tables, name)
			s.config.Journal.Save(journal.Gone(t.Key()))
		}
		return nil, notFound("Requested resource not found: Table: %s not found", name)
	}
	return t, nil
}

// active returns the table of a TableName parameter, if its items can be read and written. The Service must be locked.
func (s *Service) active(nameOrARN string) (*table, error) {
	t, err := s.existing(nameOrARN)
	if err != nil || t.status(s.config.Clock.Now()) != "ACTIVE" {
		return nil, notFound("Requested resource not found")
	}
	return t, nil
}
