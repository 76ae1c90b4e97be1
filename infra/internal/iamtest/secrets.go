package iamtest

import (
	"errors"
	"strings"

	"heroku-drains/lib/local/awslocal"
)

// secrets translates GetSecretValue. A secret's ARN ends in characters of AWS's choice, so that a name does not tell it.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_secretsmanager.html
func (t Translator) secrets(c awslocal.Call) ([]Request, error) {
	if c.Operation != "GetSecretValue" {
		return nil, errUnknownOperation
	}
	input, err := read[struct{ SecretID string }](c)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(input.SecretID, "arn:") {
		return nil, errors.New("it names its secret by something else than its ARN")
	}
	return []Request{on(c.AccessKeyID, "secretsmanager:GetSecretValue", input.SecretID, "")}, nil
}
