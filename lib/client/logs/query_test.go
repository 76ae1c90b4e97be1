package logs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/local/awslocal"
)

// A pattern finds the same lines in both classes.
func TestPatternsFindTheSameInBothClasses(t *testing.T) {
	patterns := []string{
		"", " ", "H12", "code H12", `"code=H12"`, `"code=H12" -"status=503"`, `-H12`, `- H12`, `?H12 ?hello`, `?H12 hello`, `?"say \"hello\""`,
		`"a\\b"`, `"a\b"`, `"c:\/d"`, `"/path"`, `"[x] (y) {z}.*$^|+?"`, `hello"world"`, `%status=[45]\d\d%`, `%^app%`, `%/path\/b%`, `%\x2Fpath%`,
		`code=H12`, `"`, `""`, `"H12`, `?`, `caf`, `%`, `%%`, `%x`, `%(%`, `%a%b%`, `"Ünïcode ✓"`, `"\"`, `"a\\"`,
	}
	found := map[string]map[string][]string{}
	inEachClass(t, func(t *testing.T, s *store) {
		for i, line := range []string{
			`heroku[router]: code=H12 status=503 path="/path/b"`, `heroku[router]: code=H12 status=200`, `app[web.1]: say "hello" world`,
			`app[web.1]: in a\b and c:\/d`, `app[web.1]: [x] (y) {z}.*$^|+?`, `app[web.1]: hello"world" Ünïcode ✓ café`, `app[web.1]: hello world`, `app[web.1]: a\`,
		} {
			s.put(time.Now().Add(time.Duration(i-20)*time.Second), line)
		}
		found[s.search] = map[string][]string{}
		for _, pattern := range patterns {
			lines := []string{}
			err := s.stream(logs.Selection{Pattern: pattern}).Read(t.Context(), logs.Range{}, func(e logs.Event) error {
				lines = append(lines, *e.Message)
				return nil
			})
			if _, rejected := errors.AsType[*logs.PatternError](err); rejected {
				lines = []string{"rejected"}
			} else if err != nil {
				t.Errorf("%s: %v", pattern, err)
			}
			found[s.search][pattern] = lines
		}
	})
	if diff := cmp.Diff(found["FilterLogEvents"], found["StartQuery"]); diff != "" {
		t.Errorf("lines (-FilterLogEvents +StartQuery):\n%s", diff)
	}
}

func TestPatternsThatQueriesCannotExpress(t *testing.T) {
	s := newStore(t, types.LogGroupClassInfrequentAccess)
	// AWS may check the class before the pattern.
	defer s.server.Inject(awslocal.Fault{Service: "logs", Operation: "FilterLogEvents", Status: 400, Code: "InvalidOperationException"})()
	for pattern, want := range map[string]string{
		"{ $.status >= 500 }": "the filter { $.status >= 500 } cannot be used: in the log class Infrequent Access, a filter can have words and a regular expression, but not fields",
		" [a, b]":             "the filter  [a, b] cannot be used: in the log class Infrequent Access, a filter can have words and a regular expression, but not fields",
		"%x":                  "the filter %x cannot be used: a regular expression stands alone between two percent signs",
		"code=H12":            "the filter code=H12 cannot be used: it has a word that is empty, or has an unexpected character",
		"%(%":                 "CloudWatch Logs rejected the filter %(%: Invalid regular expression: (",
	} {
		for _, r := range []logs.Range{{}, {Last: new(5)}} {
			err := s.stream(logs.Selection{Pattern: pattern}).Read(t.Context(), r, func(logs.Event) error { return nil })
			rejected, ok := errors.AsType[*logs.PatternError](err)
			if !ok || rejected.Error() != want {
				t.Errorf("error %v, want %s", err, want)
			}
		}
	}
}

// many stores lines at once, a number of them at each time, and numbers them.
func (s *store) many(at time.Time, each int, step time.Duration, steps int) {
	s.t.Helper()
	n := 0
	for range steps {
		var events []types.InputLogEvent
		for range each {
			events = append(events, types.InputLogEvent{Timestamp: aws.Int64(at.UnixMilli()), Message: aws.String(fmt.Sprintf("app[web.1]: %d", n))})
			n++
		}
		_, err := s.client.PutLogEvents(s.t.Context(), &cloudwatchlogs.PutLogEventsInput{
			LogGroupName: aws.String(group), LogStreamName: aws.String(stream), LogEvents: events,
		})
		if err != nil {
			s.t.Fatal(err)
		}
		at = at.Add(step)
	}
	s.server.Advance(2 * time.Second)
}

// wantNumbers checks that texts are n numbers from first on, each once.
func wantNumbers(t *testing.T, texts []string, first, n int) {
	t.Helper()
	slices.Sort(texts)
	if distinct := len(slices.Compact(slices.Clone(texts))); distinct != len(texts) || len(texts) != n {
		t.Errorf("%d lines, %d of them distinct, want %d", len(texts), distinct, n)
	}
	if !slices.Contains(texts, fmt.Sprint(first)) || !slices.Contains(texts, fmt.Sprint(first+n-1)) {
		t.Errorf("lines %d and %d are not both among the %d", first, first+n-1, len(texts))
	}
}

func TestQueriesReadMoreThanOneReturns(t *testing.T) {
	for name, tt := range map[string]struct {
		each, steps int
		step        time.Duration
	}{
		"over hours":      {each: 3000, steps: 4, step: 40 * time.Minute},
		"within a second": {each: 6000, steps: 2, step: time.Millisecond},
		"over seconds":    {each: 6000, steps: 2, step: 1200 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStore(t, types.LogGroupClassInfrequentAccess)
			total := tt.each * tt.steps
			s.many(time.Now().Add(-3*time.Hour).Truncate(time.Second), tt.each, tt.step, tt.steps)
			wantNumbers(t, s.read(logs.Selection{}, logs.Range{}), 0, total)
			wantNumbers(t, s.read(logs.Selection{Process: "web"}, logs.Range{Last: new(total)}), 0, total)
			if got := s.read(logs.Selection{}, logs.Range{Last: new(11_000)}); len(got) != 11_000 || !slices.Contains(got, fmt.Sprint(total-1)) {
				t.Errorf("%d lines, want the last 11,000", len(got))
			}
		})
	}
}

func TestQueriesReadInOrder(t *testing.T) {
	s := newStore(t, types.LogGroupClassInfrequentAccess)
	at := time.Now().Add(-time.Minute)
	for i := range 3 { // stored one after the other, at the same time
		s.put(at, fmt.Sprintf("app[web.1]: %d", i))
	}
	s.put(at.Add(-time.Millisecond), "app[web.1]: earlier")
	want := []string{"earlier", "0", "1", "2"}
	for _, r := range []logs.Range{{}, {Last: new(4)}} {
		if diff := cmp.Diff(want, s.read(logs.Selection{}, r)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", r, diff)
		}
	}
}

// AWS charges for what a query's range holds, so the newest lines are looked for in short ranges first.
func TestQueriesForTheLastLinesScanLittle(t *testing.T) {
	s := newStore(t, types.LogGroupClassInfrequentAccess)
	s.put(time.Now().Add(-10*24*time.Hour), "app[web.1]: old")
	s.put(time.Now().Add(-time.Minute), "app[web.1]: new")
	queries := 0
	t.Cleanup(s.server.OnCall(func(c awslocal.Call) {
		if c.Operation == "StartQuery" {
			queries++
		}
	}))
	if diff := cmp.Diff([]string{"new"}, s.read(logs.Selection{}, logs.Range{Last: new(1)})); diff != "" || queries != 1 {
		t.Errorf("%d queries, want 1 (-want +got):\n%s", queries, diff)
	}
	if diff := cmp.Diff([]string{"old", "new"}, s.read(logs.Selection{}, logs.Range{Last: new(2)})); diff != "" || queries > 10 {
		t.Errorf("%d queries (-want +got):\n%s", queries-1, diff)
	}
}

func TestQueriesWaitForAPlace(t *testing.T) {
	s := newStore(t, types.LogGroupClassInfrequentAccess)
	s.put(time.Now(), "app[web.1]: here")
	remove := s.server.Inject(awslocal.Fault{
		Service: "logs", Operation: "StartQuery", Status: 400, Code: "LimitExceededException", Message: "too many", Times: 5,
	})
	defer remove()
	s.client = cloudwatchlogs.NewFromConfig(s.server.Config(), func(o *cloudwatchlogs.Options) { o.RetryMaxAttempts = 1 }) // it waits in real time
	if diff := cmp.Diff([]string{"here"}, s.read(logs.Selection{}, logs.Range{})); diff != "" {
		t.Error(diff)
	}
}

// ending is a CloudWatch Logs whose queries end with another status.
type ending struct {
	*cloudwatchlogs.Client
	status types.QueryStatus
}

func (e ending) GetQueryResults(ctx context.Context, in *cloudwatchlogs.GetQueryResultsInput, opts ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.GetQueryResultsOutput, error) {
	out, err := e.Client.GetQueryResults(ctx, in, opts...)
	if err == nil {
		out.Status = e.status
	}
	return out, err
}

func TestQueriesThatFail(t *testing.T) {
	s := newStore(t, types.LogGroupClassInfrequentAccess)
	s.put(time.Now(), "app[web.1]: here")
	for _, status := range []types.QueryStatus{types.QueryStatusFailed, types.QueryStatusTimeout, types.QueryStatusCancelled} {
		reading := s.stream(logs.Selection{})
		reading.Client = ending{s.client, status}
		err := reading.Read(t.Context(), logs.Range{}, func(logs.Event) error { return nil })
		if err == nil || !strings.Contains(err.Error(), string(status)) {
			t.Errorf("%s: error %v", status, err)
		}
	}
}

func TestQueriesAreStoppedOnInterruption(t *testing.T) {
	s := newStore(t, types.LogGroupClassInfrequentAccess)
	stopped := 0
	t.Cleanup(s.server.OnCall(func(c awslocal.Call) {
		if c.Operation == "StopQuery" {
			stopped++
		}
	}))
	ctx, cancel := context.WithCancel(t.Context())
	reading := s.stream(logs.Selection{})
	reading.Wait = func(ctx context.Context, _ time.Duration) error {
		cancel()
		return ctx.Err()
	}
	if err := reading.Read(ctx, logs.Range{}, func(logs.Event) error { return nil }); !errors.Is(err, context.Canceled) || stopped != 1 {
		t.Errorf("error %v; stopped %d queries, want 1", err, stopped)
	}
}

func TestAQueryThatCannotBeStoppedIsNamed(t *testing.T) {
	s := newStore(t, types.LogGroupClassInfrequentAccess)
	read := func() error {
		ctx, cancel := context.WithCancel(t.Context())
		reading := s.stream(logs.Selection{})
		reading.Wait = func(ctx context.Context, _ time.Duration) error {
			cancel()
			return ctx.Err()
		}
		return reading.Read(ctx, logs.Range{}, func(logs.Event) error { return nil })
	}
	for code, named := range map[string]bool{"AccessDeniedException": true, "InvalidParameterException": false, "ResourceNotFoundException": false} {
		remove := s.server.Inject(awslocal.Fault{Service: "logs", Operation: "StopQuery", Status: 400, Code: code, Message: "no"})
		err := read()
		remove()
		running, ok := errors.AsType[*logs.RunningError](err)
		if !errors.Is(err, context.Canceled) || ok != named || ok && running.ID == "" {
			t.Errorf("%s: error %v", code, err)
		}
	}
}

func TestLag(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		reading := s.stream(logs.Selection{})
		if err := reading.Read(t.Context(), logs.Range{}, func(logs.Event) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if lags := reading.Lag() > 0; lags != (s.search == "StartQuery") {
			t.Errorf("lag %s", reading.Lag())
		}
	})
}
