package e2e_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
)

// patience bounds every wait: long enough for a loaded machine, and never reached when the system works.
const patience = 2 * time.Minute

// system is a running heroku-drains whose functions are the real binaries, and the ways into it.
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
	running, err := local.Start(t.Context(), local.Options{APIAddr: "127.0.0.1:0", AWSAddr: "127.0.0.1:0", Binaries: binaries})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := running.Close(); err != nil {
			t.Error(err)
		}
	})
	cfg := running.AWS.Config()
	api, err := apiclient.New(apiclient.Config{URL: running.AWS.APIURL(), Region: cfg.Region, Credentials: cfg.Credentials})
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	t.Cleanup(client.CloseIdleConnections)
	return &system{
		System: running,
		t:      t,
		api:    api,
		logs:   cloudwatchlogs.NewFromConfig(cfg),
		sqs:    sqs.NewFromConfig(cfg),
		esm:    lambda.NewFromConfig(cfg),
		http:   client,
	}
}

// with is the same system in a subtest.
func (s *system) with(t *testing.T) *system {
	sub := *s
	sub.t = t
	return &sub
}

// put makes an app's drain and waits until it is active.
func (s *system) put(app string, settings drain.Patch) drain.Drain {
	s.t.Helper()
	made, _, err := s.api.Put(s.t.Context(), app, settings)
	if err != nil {
		s.t.Fatal(err)
	}
	s.eventually(app+" is active", func() bool {
		d, err := s.api.Get(s.t.Context(), app)
		return err == nil && d.State == drain.Active
	})
	return made
}

// eventually polls until the condition holds.
func (s *system) eventually(what string, holds func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			s.t.Fatalf("not so within %s: %s", patience, what)
		}
	}
}

// post sends a body to a drain URL as Logplex does, and is the answer's status and body.
func (s *system) post(url string, body []byte) (int, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
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

// events are all events of an app's stream, oldest first; none when the stream does not exist.
func (s *system) events(app string) []types.OutputLogEvent {
	s.t.Helper()
	var events []types.OutputLogEvent
	in := &cloudwatchlogs.GetLogEventsInput{
		LogGroupName: aws.String("/heroku/apps"), LogStreamName: aws.String("[APP]" + app), StartFromHead: aws.Bool(true),
	}
	for {
		out, err := s.logs.GetLogEvents(s.t.Context(), in)
		if err != nil {
			s.t.Fatal(err)
		}
		events = append(events, out.Events...)
		if aws.ToString(out.NextForwardToken) == aws.ToString(in.NextToken) {
			return events
		}
		in.NextToken = out.NextForwardToken
	}
}

// stored waits until an app's stream holds at least n events and its queue nothing more, and is the stream's events.
func (s *system) stored(app string, n int) []types.OutputLogEvent {
	s.t.Helper()
	var events []types.OutputLogEvent
	s.eventually("all lines of "+app+" are stored", func() bool {
		d, err := s.api.Get(s.t.Context(), app)
		if err != nil {
			s.t.Fatal(err)
		}
		if d.Queue.Messages+d.Queue.InFlight+d.Queue.Delayed > 0 {
			return false
		}
		events = s.events(app)
		return len(events) >= n
	})
	return events
}

func messages(events []types.OutputLogEvent) []string {
	texts := make([]string, len(events))
	for i, e := range events {
		texts[i] = aws.ToString(e.Message)
	}
	return texts
}
