package lambda

import (
	"fmt"
	"regexp"

	"heroku-drains/lib/local/awslocal/internal/lambda/esm"
	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
)

// namePattern takes a function's name, its ARN, or the part of the ARN from the account on, with or without a qualifier.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#lambda-Invoke-request-FunctionName
var namePattern = regexp.MustCompile(`^(?:arn:aws:lambda:([a-z0-9-]+):)?(?:([0-9]{12}):)?(?:function:)?([a-zA-Z0-9_-]{1,64})(?::(\$LATEST|[a-zA-Z0-9_-]+))?$`)

// latest is the only qualifier there is here: nothing publishes versions.
const latest = "$LATEST"

// arn is the ARN of this account's function of that name.
func (s *Service) arn(name string) string {
	return fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", s.config.Region, s.config.AccountID, name)
}

// find returns a function by its name or ARN, and the ARN it was asked for by: with the qualifier if that had one.
func (s *Service) find(name string) (*function, string, error) {
	m := namePattern.FindStringSubmatch(name)
	if m == nil {
		return nil, "", restjson.Constraint(name, "functionName", "satisfy regular expression pattern: "+namePattern.String())
	}
	region, account, short, qualifier := m[1], m[2], m[3], m[4]
	arn := s.arn(short)
	if qualifier != "" {
		arn += ":" + qualifier
	}
	s.mu.Lock()
	f := s.functions[short]
	s.mu.Unlock()
	elsewhere := region != "" && region != s.config.Region || account != "" && account != s.config.AccountID
	if f == nil || elsewhere || qualifier != "" && qualifier != latest {
		return nil, "", restjson.NotFoundf("Function not found: %s", arn)
	}
	return f, arn, nil
}

// Resolve returns the ARN and the time-out of the function of that name or ARN.
func (s *Service) Resolve(name string) (esm.Target, error) {
	f, arn, err := s.find(name)
	if err != nil {
		return esm.Target{}, err
	}
	return esm.Target{ARN: arn, Timeout: f.Timeout}, nil
}
