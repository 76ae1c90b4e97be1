package awsapi_test

import (
	"testing"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

func TestHasService(t *testing.T) {
	for arn, want := range map[string]bool{
		"arn:aws:sqs:eu-west-1:111111111111:shop": true,
		"arn:aws:sns:us-east-1:000000000000:shop": false,
		"shop": false,
	} {
		if got := awsapi.HasService(arn, "sqs"); got != want {
			t.Errorf("HasService(%q) = %t, want %t", arn, got, want)
		}
	}
}

func TestAccountResource(t *testing.T) {
	account := awsapi.Account{ID: "000000000000", Region: "us-east-1"}
	for _, c := range []struct {
		name, arn, want string
		ok              bool
	}{
		{"own queue", account.ARN("sqs", "shop"), "shop", true},
		{"resource with a colon", "arn:aws:sqs:us-east-1:000000000000:a:b", "a:b", true},
		{"another service", account.ARN("logs", "shop"), "", false},
		{"another account", "arn:aws:sqs:us-east-1:111111111111:shop", "", false},
		{"another Region", "arn:aws:sqs:eu-west-1:000000000000:shop", "", false},
		{"not an ARN", "shop", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := account.Resource("sqs", c.arn)
			if got != c.want || ok != c.ok {
				t.Errorf("Resource(%q) = %q, %t, want %q, %t", c.arn, got, ok, c.want, c.ok)
			}
		})
	}
}
