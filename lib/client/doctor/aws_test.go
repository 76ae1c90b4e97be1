package doctor_test

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
	"heroku-drains/lib/client/doctor"
	"heroku-drains/lib/drain"
)

// answering is the configuration of clients that get one answer, whose clock is off.
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

const identity = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/me</Arn></GetCallerIdentityResult>` +
	`</GetCallerIdentityResponse>`

func TestCredentialsAndTheClock(t *testing.T) {
	amount := regexp.MustCompile(`is [0-9hms]+ `) // the Date header is exact to the second
	const ntp = "|set the clock, by NTP"
	for _, tt := range []struct {
		ahead time.Duration // AWS's clock
		want  []string
	}{
		{0, nil},
		{20 * time.Second, nil},
		{-20 * time.Second, nil},
		{-2 * time.Minute, []string{"warning|clock||this machine's clock is … ahead of AWS's" + ntp}},
		{2 * time.Minute, []string{"warning|clock||this machine's clock is … behind AWS's" + ntp}},
		{time.Hour, []string{"error|clock||this machine's clock is … behind AWS's, " +
			"and AWS turns down what is signed more than 5 minutes off" + ntp}},
	} {
		who, findings := house.Credentials(t.Context(), sts.NewFromConfig(answering(t, tt.ahead, 200, identity)))
		if who != "arn:aws:iam::1:user/me" {
			t.Errorf("who is %q", who)
		}
		for i := range findings {
			findings[i].What = amount.ReplaceAllString(findings[i].What, "is … ")
		}
		want(t, findings, tt.want...)
	}
}

func TestCredentialsThatAreNoGood(t *testing.T) {
	const body = `<ErrorResponse><Error><Code>InvalidClientTokenId</Code>` +
		`<Message>The security token is invalid.</Message></Error></ErrorResponse>`
	_, findings := house.Credentials(t.Context(), sts.NewFromConfig(answering(t, 0, 403, body)))
	want(t, findings, "error|credentials||ask AWS who is calling: InvalidClientTokenId: The security token is invalid.|"+
		"sign in (`aws sso login`, `aws configure`), or choose another --profile")
}

// stacks is a CloudFormation with one answer.
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
	)
	for name, tt := range map[string]struct {
		stacks stacks
		want   []string
	}{
		"well": {state("UPDATE_COMPLETE", "ApiUrl", "Queue", "More"), nil},
		"in progress": {state("UPDATE_IN_PROGRESS", "ApiUrl", "Queue"), []string{
			"warning|stack||the stack S is just being changed: UPDATE_IN_PROGRESS|wait until it is done, and check again"}},
		"rolled back": {state("ROLLBACK_COMPLETE", "ApiUrl", "Queue"), []string{
			"error|stack||the stack S is ROLLBACK_COMPLETE: no|its events in the CloudFormation console say what failed; deploy again"}},
		"another": {state("CREATE_COMPLETE", "ApiUrl"), []string{
			"error|stack||the stack S does not have the outputs Queue|" +
				"deploy it with `npx aws-cdk deploy` of this version; if it is no heroku-drains stack, give --stack"}},
		"none": {refused("ValidationError", "Stack with id S does not exist"), []string{
			"error|stack||look at the stack S: ValidationError: Stack with id S does not exist|" +
				"deploy it with `npx aws-cdk deploy`, or look elsewhere with --stack, --region, --profile"}},
		"not allowed": {
			refused("AccessDenied", "User: "+me+" is not authorized to perform: "+describe+" on resource: "+arn+
				" because no identity-based policy allows the "+describe+" action"), []string{
				"error|policy||" + me + " may not do " + describe + " on " + arn + "|allow " + describe + " on " + arn + " in a policy of " + me}},
		"denied": {
			refused("AccessDeniedException", "User: me is not authorized to perform: "+describe+" with an explicit deny in a service control policy"),
			[]string{"error|policy||me may not do " + describe + "|a policy denies " + describe + " to me: " +
				"find the statement, in a service control policy or a permissions boundary perhaps"}},
		"denied in other words": {refused("AccessDenied", "no"), []string{"error|policy||no|allow it in IAM"}},
		"throttled": {refused("Throttling", "Rate exceeded"), []string{
			"warning|throttling||look at the stack S: Throttling: Rate exceeded|" +
				"try again in a minute; if it stays so, ask AWS for a higher quota (Service Quotas)"}},
	} {
		t.Run(name, func(t *testing.T) {
			want(t, house.Stack(t.Context(), tt.stacks, "S", []string{"ApiUrl", "Queue"}), tt.want...)
		})
	}
}

// metrics is a CloudWatch that knows how often something was throttled: by what a query asks for.
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
	want(t, house.Throttling(t.Context(), metrics{}, functions, time.Now()))
	want(t, house.Throttling(t.Context(), metrics{
		"AWS/Lambda Throttles FunctionName=storage":                                      7,
		"AWS/Lambda Throttles FunctionName=drains":                                       0,
		"AWS/Usage ThrottleCount Service=Logs Type=API Resource=PutLogEvents Class=None": 3,
	}, functions, time.Now()),
		"warning|throttling||Lambda throttled the function storage 7 times in the last hour|"+
			"ask AWS for more concurrent executions (Service Quotas), or find who uses them up",
		"warning|throttling||CloudWatch Logs throttled PutLogEvents in this account 3 times in the last hour|"+
			"ask AWS for a higher quota of PutLogEvents (Service Quotas); larger batches make fewer calls (put --batch-window-seconds)")
}

// logs is a CloudWatch Logs with one answer.
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

func TestPolicies(t *testing.T) {
	const complaint = `{"level":"ERROR","msg":"batch failed","error":"operation error: api error AccessDeniedException: ` +
		`User: arn:aws:sts::1:assumed-role/R/storage is not authorized to perform: logs:PutLogEvents ` +
		`on resource: arn:aws:logs:x:1:log-group:g:* because no"}`
	want(t, house.Policies(t.Context(), logs{messages: []string{complaint, complaint}}, "storage", time.Now()),
		"error|policy||arn:aws:sts::1:assumed-role/R/storage may not do logs:PutLogEvents on arn:aws:logs:x:1:log-group:g:*|"+
			"allow logs:PutLogEvents on arn:aws:logs:x:1:log-group:g:* in a policy of arn:aws:sts::1:assumed-role/R/storage; "+
			"the stack's own policies allow it: deploy again if they were changed")
	want(t, house.Policies(t.Context(), logs{}, "storage", time.Now()))
	want(t, house.Policies(t.Context(), logs{err: &types.ResourceNotFoundException{}}, "storage", time.Now()),
		"warning|policy||the function storage has no log group /aws/lambda/storage|deploy again, to see what it says")
	want(t, house.Policies(t.Context(), logs{err: errors.New("no")}, "storage", time.Now()),
		"error|policy||look into the log of storage: no|try again")
}

// prober is a drain that takes some time, or fails.
type prober struct {
	took time.Duration
	err  error
}

func (p prober) Verify(context.Context, drain.Drain) (time.Duration, error) { return p.took, p.err }

func TestProbe(t *testing.T) {
	took, findings := house.Probe(t.Context(), prober{took: time.Second}, drain.Drain{App: "shop"})
	if took != time.Second {
		t.Errorf("took %s", took)
	}
	want(t, findings)
	_, findings = house.Probe(t.Context(), prober{err: &connect.VerifyError{Status: 401}}, drain.Drain{App: "shop"})
	if len(findings) != 1 || findings[0].Severity != doctor.Error || findings[0].Check != "probe" || findings[0].App != "shop" {
		t.Errorf("findings %+v", findings)
	}
}
