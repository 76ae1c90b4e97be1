package lambda

import (
	"regexp"

	"heroku-drains/lib/local/awslocal/internal/lambda/esm"
	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
)

// namePattern matches a function's name, its ARN, or the part of the ARN from the account on, each with or without a qualifier.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#lambda-Invoke-request-FunctionName
var namePattern = regexp.MustCompile(`^(?:arn:aws:lambda:([a-z0-9-]+):)?(?:([0-9]{12}):)?(?:function:)?([a-zA-Z0-9_-]{1,64})(?::(\$LATEST|[a-zA-Z0-9_-]+))?$`)

// latest is the only qualifier that exists here, because nothing publishes versions.
const latest = "$LATEST"

func (s *Service) arn(name string) string { return s.config.Account.ARN("lambda", "function:"+name) }

// find returns the function with a name or an ARN, and its ARN. The ARN includes the qualifier if name does.
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
	elsewhere := region != "" && region != s.config.Account.Region || account != "" && account != s.config.Account.ID
	if f == nil || elsewhere || qualifier != "" && qualifier != latest {
		return nil, "", restjson.NotFoundf("Function not found: %s", arn)
	}
	return f, arn, nil
}

// Resolve returns the function with a name or an ARN, as the target of an event source mapping.
func (s *Service) Resolve(name string) (esm.Target, error) {
	f, arn, err := s.find(name)
	if err != nil {
		return esm.Target{}, err
	}
	return esm.Target{ARN: arn, Name: f.Name, Timeout: f.Timeout}, nil
}
