package localtest

import "testing"

// LambdaCredentials sets the environment variables of the Region and the credentials that Lambda sets for a function.
func LambdaCredentials(t testing.TB) {
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "lambda")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
}
