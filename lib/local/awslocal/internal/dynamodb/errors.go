package dynamodb

import (
	"fmt"
	"net/http"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html

func validation(format string, args ...any) *awsapi.Error {
	return awsapi.Errorf(http.StatusBadRequest, "ValidationException", format, args...)
}

// invalid returns a ValidationException with the message of err.
func invalid(err error) *awsapi.Error { return validation("%s", err) }

func notFound(format string, args ...any) *awsapi.Error {
	return awsapi.Errorf(http.StatusBadRequest, "ResourceNotFoundException", format, args...)
}

func inUse(format string, args ...any) *awsapi.Error {
	return awsapi.Errorf(http.StatusBadRequest, "ResourceInUseException", format, args...)
}

// constraints collects the members of a request that break the rules of DynamoDB's API model. One error reports them all.
type constraints []string

// check notes a member unless ok. path is its name, such as tableName.
func (c *constraints) check(ok bool, value, path, rule string) {
	if !ok {
		*c = append(*c, fmt.Sprintf("Value '%s' at '%s' failed to satisfy constraint: Member must %s", value, path, rule))
	}
}

// required notes a member that is missing.
func (c *constraints) required(given bool, path string) {
	if !given {
		*c = append(*c, fmt.Sprintf("Value null at '%s' failed to satisfy constraint: Member must not be null", path))
	}
}

// oneOf notes a member whose value is given and not among the allowed.
func (c *constraints) oneOf(value, path string, allowed ...string) {
	for _, a := range append(allowed, "") {
		if value == a {
			return
		}
	}
	c.check(false, value, path, "satisfy enum value set: ["+strings.Join(allowed, ", ")+"]")
}

// err returns the error, or nil if all members keep the rules.
func (c *constraints) err() error {
	switch n := len(*c); n {
	case 0:
		return nil
	case 1:
		return validation("1 validation error detected: %s", (*c)[0])
	default:
		return validation("%d validation errors detected: %s", n, strings.Join(*c, "; "))
	}
}
