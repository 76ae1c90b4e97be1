package awslocal_test

import (
	"context"
	"errors"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// TestRefusals checks that SDK clients read AWS's general errors of each service, and which of them they try again.
func TestRefusals(t *testing.T) {
	t.Parallel()
	b := startBackend(t)
	name := aws.String("x")
	calls := map[string]func(ctx context.Context, cfg aws.Config) error{
		"sqs": func(ctx context.Context, cfg aws.Config) error {
			_, err := sqs.NewFromConfig(cfg).GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: name})
			return err
		},
		"logs": func(ctx context.Context, cfg aws.Config) error {
			_, err := cloudwatchlogs.NewFromConfig(cfg).DescribeLogGroups(ctx, nil)
			return err
		},
		"lambda": func(ctx context.Context, cfg aws.Config) error {
			_, err := lambda.NewFromConfig(cfg).ListEventSourceMappings(ctx, nil)
			return err
		},
		"dynamodb": func(ctx context.Context, cfg aws.Config) error {
			_, err := dynamodb.NewFromConfig(cfg).ListTables(ctx, nil)
			return err
		},
		"sns": func(ctx context.Context, cfg aws.Config) error {
			_, err := sns.NewFromConfig(cfg).ListTopics(ctx, nil)
			return err
		},
		"secretsmanager": func(ctx context.Context, cfg aws.Config) error {
			_, err := secretsmanager.NewFromConfig(cfg).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: name})
			return err
		},
		"sts": func(ctx context.Context, cfg aws.Config) error {
			_, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, nil)
			return err
		},
		"monitoring": func(ctx context.Context, cfg aws.Config) error {
			_, err := cloudwatch.NewFromConfig(cfg).GetMetricData(ctx, &cloudwatch.GetMetricDataInput{
				StartTime: aws.Time(time.Now()), EndTime: aws.Time(time.Now()), MetricDataQueries: []types.MetricDataQuery{},
			})
			return err
		},
	}
	want := map[string][]string{
		"sqs":            {"RequestThrottled", "InternalFailure", "ServiceUnavailable"},
		"logs":           {"ThrottlingException", "InternalFailure", "ServiceUnavailableException"},
		"lambda":         {"TooManyRequestsException", "ServiceException", "ServiceUnavailable"},
		"dynamodb":       {"ProvisionedThroughputExceededException", "InternalServerError", "ServiceUnavailable"},
		"sns":            {"Throttling", "InternalError", "ServiceUnavailable"},
		"secretsmanager": {"ThrottlingException", "InternalServiceError", "ServiceUnavailable"},
		"sts":            {"Throttling", "InternalFailure", "ServiceUnavailable"},
		"monitoring":     {"ThrottlingException", "InternalServiceFault", "ServiceUnavailable"},
	}
	for service, call := range calls {
		attempts := 0
		b.server.OnCall(func(c awslocal.Call) {
			if c.Service == service {
				attempts++
			}
		})
		var got []string
		for _, refusal := range []awslocal.Refusal{awslocal.RefuseThrottled, awslocal.RefuseFailed, awslocal.RefuseUnavailable} {
			remove := b.server.Inject(awslocal.Fault{Service: service, Refuse: refusal})
			attempts = 0
			cfg := b.config
			cfg.Retryer = func() aws.Retryer {
				return retry.NewStandard(func(o *retry.StandardOptions) {
					o.MaxAttempts, o.Backoff = 2, retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
				})
			}
			err := call(t.Context(), cfg)
			remove()
			rejected, _ := errors.AsType[smithy.APIError](err)
			if rejected == nil {
				t.Errorf("%s: no error of the API: %v", service, err)
				continue
			}
			got = append(got, rejected.ErrorCode())
			if attempts != 2 {
				t.Errorf("%s: %s was tried %d times", service, rejected.ErrorCode(), attempts)
			}
		}
		if diff := cmp.Diff(want[service], got); diff != "" {
			t.Errorf("%s: %s", service, diff)
		}
	}
}

// TestFaultOnTheConnection checks what a client sees of a broken connection, and whether the work is done.
func TestFaultOnTheConnection(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		drop    awslocal.Drop
		see     func(error) bool
		arrived string
	}{
		{"reset", awslocal.Reset, func(err error) bool { return errors.Is(err, syscall.ECONNRESET) }, "0"},
		{"half an answer", awslocal.HalfAnswer, func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }, "1"},
		{"closed", awslocal.DropAfter, func(err error) bool { return errors.Is(err, io.EOF) }, "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, q, send := faulty(t)
			s.Inject(awslocal.Fault{Operation: "SendMessage", Drop: c.drop})
			if err := send(t.Context()); !c.see(err) {
				t.Errorf("the client sees %v", err)
			}
			if got := q.counts(t); got[0] != c.arrived {
				t.Errorf("%s messages arrived, want %s", got[0], c.arrived)
			}
		})
	}
}

// TestFaultHangs checks that a call without an answer lasts until the fault is over, and whether the work is done.
func TestFaultHangs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		fault   awslocal.Fault
		end     func(s *awslocal.Server, remove func())
		arrived string
	}{
		{"before the work", awslocal.Fault{Drop: awslocal.HangBefore}, func(_ *awslocal.Server, remove func()) { remove() }, "0"},
		{"after the work", awslocal.Fault{Drop: awslocal.HangAfter}, func(_ *awslocal.Server, remove func()) { remove() }, "1"},
		{"for an hour", awslocal.Fault{Drop: awslocal.HangAfter, For: time.Hour}, func(s *awslocal.Server, _ func()) { s.Advance(time.Hour) }, "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, q, send := faulty(t)
			c.fault.Operation = "SendMessage"
			fault := s.InjectCounted(c.fault)
			sent := make(chan error, 1)
			go func() { sent <- send(t.Context()) }()
			waitFor(t, func() bool { return fault.Met() == 1 }) // before, the fault would end without the call
			c.end(s, fault.Remove)
			if err := <-sent; err == nil {
				t.Error("the call succeeded")
			}
			if got := q.counts(t); got[0] != c.arrived {
				t.Errorf("%s messages arrived, want %s", got[0], c.arrived)
			}
		})
	}
}

// TestFaultSelects checks Resource and Caller.
func TestFaultSelects(t *testing.T) {
	t.Parallel()
	b := startBackend(t)
	shop, blog := newQueue(t, b, "drains-shop"), newQueue(t, b, "drains-blog")
	once := func(key string) *sqs.Client {
		return sqs.NewFromConfig(b.server.ConfigFor(key), func(o *sqs.Options) { o.Retryer = aws.NopRetryer{} })
	}
	for _, c := range []struct {
		name  string
		fault awslocal.Fault
		want  []bool // whether the call fails: to shop and blog by the function, to shop by someone else
	}{
		{"a queue", awslocal.Fault{Resource: "drains-shop"}, []bool{true, false, true}},
		{"an app's names", awslocal.Fault{Resource: "blog,*-blog"}, []bool{false, true, false}},
		{"all queues of the prefix", awslocal.Fault{Resource: "drains-*"}, []bool{true, true, true}},
		{"stars between", awslocal.Fault{Resource: "d*-s*p"}, []bool{true, false, true}},
		{"no class of characters", awslocal.Fault{Resource: "drains-sho[p]"}, []bool{false, false, false}},
		{"no overlap", awslocal.Fault{Resource: "drains-shop*shop"}, []bool{false, false, false}},
		{"a caller", awslocal.Fault{Caller: "function"}, []bool{true, true, false}},
		{"both", awslocal.Fault{Caller: "function", Resource: "drains-shop"}, []bool{true, false, false}},
		{"a mapping", awslocal.Fault{Caller: awslocal.ByMapping}, []bool{false, false, false}},
	} {
		c.fault.Refuse = awslocal.RefuseUnavailable
		remove := b.server.Inject(c.fault)
		var got []bool
		for _, call := range []struct {
			key   string
			queue testQueue
		}{{"function", shop}, {"function", blog}, {"someone", shop}} {
			_, err := once(call.key).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: call.queue.url})
			got = append(got, err != nil)
		}
		remove()
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestFaultOverTime checks After and For, on the clock of the embedded AWS.
func TestFaultOverTime(t *testing.T) {
	t.Parallel()
	s, _, send := faulty(t)
	s.Inject(awslocal.Fault{Operation: "SendMessage", Refuse: awslocal.RefuseUnavailable, After: time.Hour, For: 10 * time.Minute})
	var failed []bool
	for _, wait := range []time.Duration{0, time.Hour, 9 * time.Minute, 2 * time.Minute} {
		s.Advance(wait)
		failed = append(failed, send(t.Context()) != nil)
	}
	if diff := cmp.Diff([]bool{false, true, true, false}, failed); diff != "" {
		t.Error(diff)
	}
}

// TestFaultByRate checks that the same seed makes the same calls fail, and another seed others.
func TestFaultByRate(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (pattern string, failed int) {
		b := newBackend(localtest.StartAWS(t, awslocal.Options{Seed: seed}))
		b.server.Inject(awslocal.Fault{Service: "sts", Refuse: awslocal.RefuseFailed, Rate: 0.3, Skip: 5})
		client := sts.NewFromConfig(b.config, func(o *sts.Options) { o.Retryer = aws.NopRetryer{} })
		for range 200 {
			if _, err := client.GetCallerIdentity(t.Context(), nil); err != nil {
				pattern += "x"
				failed++
			} else {
				pattern += "."
			}
		}
		return pattern, failed
	}
	first, failed := run(1)
	again, _ := run(1)
	other, _ := run(2)
	if first != again {
		t.Errorf("the same seed:\n%s\n%s", first, again)
	}
	if first == other || first[:5] != "....." || failed < 35 || failed > 85 {
		t.Errorf("%d failed:\n%s\n%s", failed, first, other)
	}
}

// TestObserverSeesNoFaults checks that faults leave out those who watch.
func TestObserverSeesNoFaults(t *testing.T) {
	t.Parallel()
	b := startBackend(t)
	b.server.Inject(awslocal.Fault{Refuse: awslocal.RefuseUnavailable})
	_, err := sts.NewFromConfig(b.server.ObserverConfig()).GetCallerIdentity(t.Context(), nil)
	localtest.Must(t, err)
}

// TestSkewedClock checks that a client whose clock is off gets AWS's error, and that the SDK corrects its clock by the Date header of the response.
func TestSkewedClock(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{20 * time.Minute, -20 * time.Minute} {
		b := startBackend(t)
		q := newQueue(t, b, "q")
		b.server.Inject(awslocal.Fault{Skew: skew})
		once := sqs.NewFromConfig(b.config, func(o *sqs.Options) { o.Retryer = aws.NopRetryer{} })
		_, err := once.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: q.url, MessageBody: aws.String("x")})
		wantCode(t, err, "SignatureDoesNotMatch")
		_, err = q.Client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: q.url, MessageBody: aws.String("x")})
		localtest.Must(t, err)
		if got := q.counts(t); got[0] != "1" {
			t.Errorf("%s messages arrived, want 1", got[0])
		}
	}
}

func TestPreset(t *testing.T) {
	t.Parallel()
	for _, p := range awslocal.Presets() {
		got, err := awslocal.Preset(p.Name)
		if err != nil || got != p.Fault || got == (awslocal.Fault{}) {
			t.Errorf("%s: %+v, %v", p.Name, got, err)
		}
	}
	if _, err := awslocal.Preset("flood"); err == nil {
		t.Error("an unknown name was accepted")
	}
}
