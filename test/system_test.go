package e2e_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// transition is how long event source mappings are in transit: longer than an instant, and short enough to wait for.
const transition = time.Second

// system is a running system whose functions are the real binaries, with clients of it.
type system struct {
	*local.System
	t    *testing.T
	api  *apiclient.Client
	logs *cloudwatchlogs.Client
	sqs  *sqs.Client
	esm  *lambda.Client
	http *http.Client
}

func start(t *testing.T) *system {
	t.Helper()
	return startWith(t, local.Options{
		Binaries: binaries, TransitionTime: transition, Lag: awslocal.LagOfAWS(), Throttle: awslocal.ThrottleAsAWS,
	})
}

// startWith starts a system of other options, with clients of it.
func startWith(t *testing.T, opts local.Options) *system {
	t.Helper()
	running := localtest.Start(t, opts)
	cfg := running.AWS.Config()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	t.Cleanup(client.CloseIdleConnections)
	return &system{
		System: running,
		t:      t,
		api:    clienttest.API(t, running.AWS),
		logs:   cloudwatchlogs.NewFromConfig(cfg),
		sqs:    sqs.NewFromConfig(cfg),
		esm:    lambda.NewFromConfig(cfg),
		http:   client,
	}
}

// with returns the same system for a subtest.
func (s *system) with(t *testing.T) *system {
	sub := *s
	sub.t = t
	return &sub
}

// put creates an app's drain, or changes its settings, and returns when it is active.
func (s *system) put(app string, settings drain.Patch) drain.Drain {
	s.t.Helper()
	made, _, err := s.api.Put(s.t.Context(), app, settings)
	localtest.Must(s.t, err)
	localtest.Eventually(s.t, app+" is active", func() bool {
		d, err := s.api.Get(s.t.Context(), app)
		return err == nil && d.State == drain.Active
	})
	return made
}

// post sends a body to a drain URL as Logplex does, and returns the response's status and body.
func (s *system) post(url string, body []byte) (int, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, url, bytes.NewReader(body))
	localtest.Must(s.t, err)
	req.Header.Set("Content-Type", "application/logplex-1")
	return s.do(req)
}

func (s *system) do(req *http.Request) (int, string) {
	s.t.Helper()
	resp, err := s.http.Do(req)
	if err != nil {
		s.t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Error(err)
	}
	return resp.StatusCode, string(answer)
}

// drained returns when the queues of apps are empty. It advances the clock for messages that come again later, but not while a function works on others:
// these would come again, too, and be stored twice.
func (s *system) drained(apps ...string) {
	s.t.Helper()
	localtest.Eventually(s.t, fmt.Sprint("the queues are empty: ", apps), func() bool {
		var next time.Time
		for _, app := range apps {
			left := s.AWS.Backlog(stack.DefaultQueuePrefix + app)
			if left.Visible > 0 || left.Taken > 0 {
				return false
			}
			if left.Hidden > 0 && (next.IsZero() || left.Next.Before(next)) {
				next = left.Next
			}
		}
		if !next.IsZero() {
			s.AWS.Advance(max(0, next.Sub(s.AWS.Now())))
		}
		return next.IsZero()
	})
}

// stored returns the events of an app's log stream when there are at least n and the app's queue is empty.
func (s *system) stored(app string, n int) []types.OutputLogEvent {
	s.t.Helper()
	localtest.Eventually(s.t, "lines of "+app+" are stored", func() bool { return len(localtest.StoredLines(s.t, s.AWS, app)) >= n })
	s.AWS.Advance(awslocal.LagOfAWS().Counts)
	localtest.Eventually(s.t, "the queue of "+app+" is empty", func() bool {
		d, err := s.api.Get(s.t.Context(), app)
		localtest.Must(s.t, err)
		s.AWS.Advance(time.Second)
		return d.Queue.Waiting() == 0
	})
	return localtest.StoredLines(s.t, s.AWS, app)
}
