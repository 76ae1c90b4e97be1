package doctor

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfn "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cw "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/ledger"
)

// answering returns the configuration of clients to which AWS gives one answer. AWS's clock is ahead of this machine's.
func answering(t *testing.T, ahead time.Duration, status int, body string) aws.Config {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return aws.Config{
		Region: "eu-west-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

const callerIdentity = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/me</Arn></GetCallerIdentityResult>` +
	`</GetCallerIdentityResponse>`

func TestCredentialsComparesClocks(t *testing.T) {
	amount := regexp.MustCompile(`is [0-9hms]+ `) // the Date header is exact to the second
	const ntp = "|synchronize the clock, for example with NTP"
	for _, tt := range []struct {
		ahead time.Duration // AWS's clock
		want  []string
	}{
		{0, nil},
		{20 * time.Second, nil},
		{-20 * time.Second, nil},
		{-2 * time.Minute, []string{"warning|clock||this machine's clock is … ahead of AWS's" + ntp}},
		{2 * time.Minute, []string{"warning|clock||this machine's clock is … behind AWS's" + ntp}},
		{time.Hour, []string{"error|clock||this machine's clock is … behind AWS's: " +
			"AWS rejects requests that are signed more than 5 minutes off" + ntp}},
	} {
		identity, findings := onAWS.credentials(t.Context(), sts.NewFromConfig(answering(t, tt.ahead, 200, callerIdentity)))
		if identity != "arn:aws:iam::1:user/me" {
			t.Errorf("identity %q", identity)
		}
		for i := range findings {
			findings[i].What = amount.ReplaceAllString(findings[i].What, "is … ")
		}
		want(t, findings, tt.want...)
	}
}

func TestInvalidCredentials(t *testing.T) {
	const body = `<ErrorResponse><Error><Code>InvalidClientTokenId</Code>` +
		`<Message>The security token is invalid.</Message></Error></ErrorResponse>`
	_, findings := onAWS.credentials(t.Context(), sts.NewFromConfig(answering(t, 0, 403, body)))
	want(t, findings, "error|credentials||get the caller identity: AWS does not know these credentials in this Region|"+
		"check the access key (`aws configure list` shows where it comes from), and that the Region is enabled for the account")
}

// stacks is a CloudFormation that gives one answer.
type stacks struct {
	stack cfn.Stack
	err   error
}

func (s stacks) DescribeStacks(context.Context, *cloudformation.DescribeStacksInput, ...func(*cloudformation.Options)) (
	*cloudformation.DescribeStacksOutput, error) {
	return &cloudformation.DescribeStacksOutput{Stacks: []cfn.Stack{s.stack}}, s.err
}

func TestStack(t *testing.T) {
	outputs := func(names ...string) []cfn.Output {
		var all []cfn.Output
		for _, name := range names {
			all = append(all, cfn.Output{OutputKey: &name, OutputValue: aws.String("x")})
		}
		return all
	}
	state := func(status cfn.StackStatus, names ...string) stacks {
		return stacks{stack: cfn.Stack{StackStatus: status, StackStatusReason: aws.String("no"), Outputs: outputs(names...)}}
	}
	refused := func(code, message string) stacks {
		return stacks{err: &smithy.GenericAPIError{Code: code, Message: message}}
	}
	const (
		describe = "cloudformation:DescribeStacks"
		arn      = "arn:aws:cloudformation:eu-west-1:1:stack/S/*"
		me       = "arn:aws:iam::1:user/me"
		events   = "|find the cause in the stack's events in the CloudFormation console, then deploy again"
		version  = "|deploy this version with `npx aws-cdk deploy`; if it is not a heroku-drains stack, choose another one with --stack"
	)
	all := []string{"ApiUrl", "DeadLetterQueueUrl", "QueuePrefix", "DrainsFunctionName", "StorageFunctionName"}
	for name, tt := range map[string]struct {
		stacks stacks
		want   []string
	}{
		"complete": {state("UPDATE_COMPLETE", append(all, "More")...), nil},
		"in progress": {state("UPDATE_IN_PROGRESS", all...), []string{
			"warning|stack||the stack S is being changed (UPDATE_IN_PROGRESS)|wait until that is done, then check again"}},
		"rolled back": {state("ROLLBACK_COMPLETE", all...), []string{
			"error|stack||the status of the stack S is ROLLBACK_COMPLETE: no" + events}},
		"rolled back without a reason": {stacks{stack: cfn.Stack{StackStatus: "ROLLBACK_COMPLETE", Outputs: outputs(all...)}}, []string{
			"error|stack||the status of the stack S is ROLLBACK_COMPLETE" + events}},
		"older version": {state("CREATE_COMPLETE", "ApiUrl", "DeadLetterQueueUrl", "QueuePrefix", "DrainsFunctionName"), []string{
			"error|stack||the stack S has no output StorageFunctionName" + version}},
		"another stack": {state("CREATE_COMPLETE", "ApiUrl"), []string{
			"error|stack||the stack S has no outputs DeadLetterQueueUrl, QueuePrefix, DrainsFunctionName, StorageFunctionName" + version}},
		"missing": {refused("ValidationError", "Stack with id S does not exist"), []string{
			"error|stack||describe the stack S: Stack with id S does not exist (ValidationError)|" +
				"deploy it with `npx aws-cdk deploy`, or choose another one with --stack, --region or --profile"}},
		"not allowed": {
			refused("AccessDenied", "User: "+me+" is not authorized to perform: "+describe+" on resource: "+arn+
				" because no identity-based policy allows the "+describe+" action"), []string{
				"error|policy||" + me + " is not authorized to perform " + describe + " on " + arn + "|allow " + describe + " on " + arn + " in a policy of " + me + " (read-policy.json in docs/deploy.md)"}},
		"denied": {
			refused("AccessDeniedException", "User: me is not authorized to perform: "+describe+" with an explicit deny in a service control policy"),
			[]string{"error|policy||me is not authorized to perform " + describe + "|a policy explicitly denies " + describe + " to me: " +
				"find the statement, perhaps in a service control policy or a permissions boundary"}},
		"denied in other words": {refused("AccessDenied", "no"), []string{"error|policy||no|allow it in IAM; docs/deploy.md has the policies"}},
		"throttled": {refused("Throttling", "Rate exceeded"), []string{
			"warning|throttling||describe the stack S: AWS throttled the call|" +
				"try again in a minute; if it persists, request a higher quota (Service Quotas)"}},
	} {
		t.Run(name, func(t *testing.T) {
			e := onAWS
			e.Stack = "S"
			found, findings := e.stack(t.Context(), tt.stacks)
			want(t, findings, tt.want...)
			if got := found.Map(); len(tt.want) == 0 && len(got) != len(all) {
				t.Errorf("outputs %v", got)
			}
		})
	}
}

// metrics is a CloudWatch that returns a number of throttled calls for each metric: by its namespace, name and dimensions.
type metrics map[string]float64

func (m metrics) GetMetricData(_ context.Context, in *cloudwatch.GetMetricDataInput, _ ...func(*cloudwatch.Options)) (
	*cloudwatch.GetMetricDataOutput, error) {
	out := &cloudwatch.GetMetricDataOutput{}
	for _, q := range in.MetricDataQueries {
		key := *q.MetricStat.Metric.Namespace + " " + *q.MetricStat.Metric.MetricName
		for _, d := range q.MetricStat.Metric.Dimensions {
			key += " " + *d.Name + "=" + *d.Value
		}
		if n, ok := m[key]; ok {
			out.MetricDataResults = append(out.MetricDataResults, cw.MetricDataResult{Id: q.Id, Values: []float64{n}})
		}
	}
	if in.EndTime.Sub(*in.StartTime) != time.Hour {
		return nil, errors.New("not the last hour")
	}
	return out, nil
}

func TestThrottling(t *testing.T) {
	functions := []string{"drains", "storage"}
	want(t, onAWS.throttling(t.Context(), metrics{}, functions, time.Now()))
	want(t, onAWS.throttling(t.Context(), metrics{
		"AWS/Lambda Throttles FunctionName=storage":                                      7,
		"AWS/Lambda Throttles FunctionName=drains":                                       0,
		"AWS/Usage ThrottleCount Service=Logs Type=API Resource=PutLogEvents Class=None": 3,
	}, functions, time.Now()),
		"warning|throttling||Lambda throttled the function storage 7 times in the last hour|"+
			"request more concurrent executions (Service Quotas), or find out what uses them",
		"warning|throttling||CloudWatch Logs throttled PutLogEvents in this account 3 times in the last hour|"+
			"request a higher quota for PutLogEvents (Service Quotas), or make fewer calls with larger batches (put --batch-window-seconds)")
}

// logs is a CloudWatch Logs that gives one answer.
type logs struct {
	messages []string
	err      error
}

func (l logs) FilterLogEvents(context.Context, *cloudwatchlogs.FilterLogEventsInput, ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.FilterLogEventsOutput, error) {
	out := &cloudwatchlogs.FilterLogEventsOutput{}
	for _, m := range l.messages {
		out.Events = append(out.Events, types.FilteredLogEvent{Message: &m})
	}
	return out, l.err
}

func TestFunctionLogs(t *testing.T) {
	const failure = `{"level":"ERROR","msg":"batch failed","error":"operation error: api error AccessDeniedException: ` +
		`User: arn:aws:sts::1:assumed-role/R/storage is not authorized to perform: logs:PutLogEvents ` +
		`on resource: arn:aws:logs:x:1:log-group:g:* because no"}`
	want(t, onAWS.functionLog(t.Context(), logs{messages: []string{failure, failure}}, "storage", time.Now()),
		"error|policy||arn:aws:sts::1:assumed-role/R/storage is not authorized to perform logs:PutLogEvents on arn:aws:logs:x:1:log-group:g:*|"+
			"allow logs:PutLogEvents on arn:aws:logs:x:1:log-group:g:* in a policy of arn:aws:sts::1:assumed-role/R/storage; "+
			"the stack's own policies allow it: if they were changed, deploy the stack again")
	want(t, onAWS.functionLog(t.Context(), logs{}, "storage", time.Now()))
	want(t, onAWS.functionLog(t.Context(), logs{err: &types.ResourceNotFoundException{}}, "storage", time.Now()),
		"warning|policy||the function storage has no log group /aws/lambda/storage|deploy the stack again to create it")
	want(t, onAWS.functionLog(t.Context(), logs{err: errors.New("no")}, "storage", time.Now()),
		"error|policy||search the log of storage: no|try again")

	const fix = "|check that the table in the storage function's DEDUP_TABLE exists and is ACTIVE: if it was deleted, deploy with dedup=warm, then with dedup=durable"
	gone := `{"level":"ERROR","message":"` + ledger.NotClaimed + `: …","error":"api error ResourceNotFoundException: Requested resource not found"}`
	late := `{"level":"ERROR","message":"` + ledger.NotClaimed + `: …","error":"context deadline exceeded"}`
	want(t, onAWS.functionLog(t.Context(), logs{messages: []string{gone, late, late}}, "storage", time.Now()),
		"warning|dedup||durable dedup failed in the last hour: lines may be stored twice, because the table of claims does not exist"+fix,
		"warning|dedup||durable dedup failed in the last hour: lines may be stored twice"+fix)
}

// fakeProber is a drain whose test line takes some time, or does not arrive.
type fakeProber struct {
	took time.Duration
	err  error
}

func (p fakeProber) Verify(context.Context, drain.Drain) (time.Duration, error) { return p.took, p.err }

func TestProbe(t *testing.T) {
	took, findings := onAWS.probe(t.Context(), fakeProber{took: time.Second}, drain.Drain{App: "shop"})
	if took != time.Second {
		t.Errorf("took %s", took)
	}
	want(t, findings)
	_, findings = onAWS.probe(t.Context(), fakeProber{err: &connect.VerifyError{Status: 401}}, drain.Drain{App: "shop"})
	if len(findings) != 1 || findings[0].Severity != Error || findings[0].Check != "probe" || findings[0].App != "shop" {
		t.Errorf("findings %+v", findings)
	}
}
