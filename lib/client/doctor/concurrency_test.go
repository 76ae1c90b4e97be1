package doctor

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/drain"
)

// accountLimit is a Lambda that allows an account a number of concurrent invocations, or that does not answer.
type accountLimit struct {
	total, unreserved int32
	err               error
}

func (a accountLimit) GetAccountSettings(context.Context, *lambda.GetAccountSettingsInput, ...func(*lambda.Options)) (
	*lambda.GetAccountSettingsOutput, error) {
	limit := &lambdatypes.AccountLimit{ConcurrentExecutions: a.total, UnreservedConcurrentExecutions: aws.Int32(a.unreserved)}
	return &lambda.GetAccountSettingsOutput{AccountLimit: limit}, a.err
}

func TestConcurrency(t *testing.T) {
	drains := func(limits ...int) []connect.Connection {
		var all []connect.Connection
		for i, limit := range limits {
			d := drain.Drain{App: []string{"shop", "blog", "api"}[i], Queue: &drain.Queue{}, Settings: drain.Settings{MaximumConcurrency: limit}}
			all = append(all, connect.Connection{Drain: d})
		}
		return all
	}
	archived := connect.Connection{Drain: drain.Drain{App: "old"}}
	const (
		ten     = "Lambda runs at most 10 invocations at a time "
		what    = "for this account's functions without reserved concurrency, and storing lines may use all of them: Heroku's POSTs would then be refused, and lost|"
		request = "request 1000 concurrent executions for Lambda (Service Quotas)"
		until   = "; until then, limit each drain, for example with `cli put -a shop --maximum-concurrency 2`"
	)
	for name, tt := range map[string]struct {
		limit  accountLimit
		drains []connect.Connection
		want   []string
	}{
		"the usual limit":                   {accountLimit{total: 1000, unreserved: 1000}, drains(0, 0), nil},
		"a raised limit":                    {accountLimit{total: 5000, unreserved: 4000}, drains(0, 0), nil},
		"a new account":                     {accountLimit{total: 10, unreserved: 10}, drains(0, 2), []string{"warning|throttling||" + ten + what + request + until}},
		"a new account without drains":      {accountLimit{total: 10, unreserved: 10}, nil, nil},
		"a new account with a kept log":     {accountLimit{total: 10, unreserved: 10}, []connect.Connection{archived}, nil},
		"a new account with limited drains": {accountLimit{total: 10, unreserved: 10}, drains(2, 2), nil},
		"more limited drains than the account can bear": {accountLimit{total: 10, unreserved: 10}, drains(2, 2, 2),
			[]string{"warning|throttling||" + ten + what + request}},
		"others have reserved most of it": {accountLimit{total: 1000, unreserved: 100}, drains(0), []string{
			"warning|throttling||Lambda runs at most 100 invocations at a time " + what + request + until}},
		"not allowed": {accountLimit{err: &smithy.GenericAPIError{Code: "AccessDeniedException",
			Message: "User: me is not authorized to perform: lambda:GetAccountSettings on resource: *"}}, nil, []string{
			"error|policy||me is not authorized to perform lambda:GetAccountSettings on *|allow lambda:GetAccountSettings on * in a policy of me (doctor-policy.json in docs/deploy.md)"}},
	} {
		t.Run(name, func(t *testing.T) {
			want(t, onAWS.concurrency(t.Context(), tt.limit, tt.drains), tt.want...)
		})
	}
}
