package logs_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// withoutRetries makes the SDK return the first error: these tests do not wait for its backoff.
func (s *store) withoutRetries() {
	s.client = cloudwatchlogs.NewFromConfig(s.server.Config(), func(o *cloudwatchlogs.Options) { o.Retryer = aws.NopRetryer{} })
}

func TestFollowGoesOnAfterAnOutage(t *testing.T) {
	for name, fault := range map[string]awslocal.Fault{
		"connection ends": {Drop: awslocal.DropBefore},
		"answer is lost":  {Drop: awslocal.DropAfter},
		"throttled":       {Status: http.StatusBadRequest, Code: "ThrottlingException", Message: "Rate exceeded"},
		"unavailable":     {Status: http.StatusServiceUnavailable, Code: "ServiceUnavailableException"},
		"failure":         {Status: http.StatusInternalServerError, Code: "InternalFailure"},
		"busy with others": {
			Status: http.StatusTooManyRequests, Code: "TooManyRequestsException",
		},
	} {
		t.Run(name, func(t *testing.T) {
			inEachClass(t, func(t *testing.T, s *store) {
				s.withoutRetries()
				began := time.Now()
				put := func(ago time.Duration, text string) { s.put(began.Add(-ago), "app[web.1]: "+text) }
				put(9*time.Minute, "before")
				f := s.follow(logs.Selection{}, logs.Range{})
				f.want("the stored line", "before", caughtUp)

				fault.Service, fault.Operation = "logs", s.search
				remove := s.server.Inject(fault)
				f.search(1)
				put(8*time.Minute, "one")
				put(2*time.Minute, "three")
				put(5*time.Minute, "two")
				f.search(20)
				f.want("during the outage", lost)
				remove()
				f.search(1)
				f.want("after the outage", "one", "two", "three", again(3))
				put(time.Minute, "four")
				f.search(30)
				f.want("later", "four")
			})
		})
	}
}

// A line that was stored late during an outage is found, although the newest line is much newer when the outage ends.
func TestFollowLooksBackAfterAnOutage(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		s.withoutRetries()
		now := time.Now()
		s.put(now.Add(-8*time.Minute), "app[web.1]: before")
		f := s.follow(logs.Selection{}, logs.Range{})
		f.want("the stored line", "before", caughtUp)
		remove := s.server.Inject(awslocal.Fault{Service: "logs", Operation: s.search, Drop: awslocal.DropBefore})
		f.search(1)
		s.put(now.Add(-9*time.Minute), "app[web.1]: late")
		s.put(now, "app[web.1]: new")
		f.search(1)
		remove()
		f.search(1)
		f.want("after the outage", lost, "late", "new", again(2))
	})
}

// The connection is lost again and again between the pages of what was stored during an outage. A page holds 1 MB.
func TestFollowGoesOnBetweenPages(t *testing.T) {
	s := newStore(t, types.LogGroupClassStandard)
	s.search = "FilterLogEvents"
	s.withoutRetries()
	now := time.Now()
	s.put(now.Add(-9*time.Minute), "app[web.1]: before")
	f := s.follow(logs.Selection{}, logs.Range{})
	remove := s.server.Inject(awslocal.Fault{Service: "logs", Operation: s.search, Drop: awslocal.DropBefore})
	f.search(1)
	f.want("so far", "before", caughtUp, lost)
	var want []string
	for n := range 6 {
		text := fmt.Sprintf("%d%s", n, strings.Repeat("y", 900_000))
		s.put(now.Add(time.Duration(n)*time.Minute-8*time.Minute), "app[web.1]: "+text)
		want = append(want, text)
	}
	remove()
	for skip := range 6 {
		remove := s.server.Inject(awslocal.Fault{Service: "logs", Operation: s.search, Skip: skip + 1, Drop: awslocal.DropBefore})
		f.search(1)
		remove()
	}
	f.search(40)
	got := f.texts
	f.texts = nil
	if len(got) != 7 || got[6] != again(6) {
		t.Fatalf("%d lines and notes, the last is %.20q", len(got), got[len(got)-1])
	}
	for i, text := range want {
		if got[i] != text {
			t.Errorf("line %d is %.20q", i, got[i])
		}
	}
}

// While it reads the stored lines, too, a Follow goes on where it was.
func TestFollowGoesOnWithStoredLines(t *testing.T) {
	s := newStore(t, types.LogGroupClassStandard)
	s.search = "FilterLogEvents"
	s.withoutRetries()
	hour := time.Now().Add(-time.Hour)
	var want []string
	for n := range 4 {
		for _, part := range []string{"a", "b"} { // two lines of the same time
			text := fmt.Sprintf("%d%s%s", n, part, strings.Repeat("y", 400_000))
			s.put(hour.Add(time.Duration(n)*time.Minute), "app[web.1]: "+text)
			want = append(want, text)
		}
	}
	// The first search is for the lines to skip; then come the pages of two lines each.
	t.Cleanup(s.server.Inject(awslocal.Fault{Service: "logs", Operation: s.search, Skip: 3, Times: 2, Drop: awslocal.DropBefore}))
	f := s.follow(logs.Selection{}, logs.Range{Since: hour.Add(-time.Minute)})
	f.search(5)
	want = append(want[:4:4], append([]string{lost}, append(want[4:], again(4), caughtUp)...)...)
	f.want("stored lines", want...)
}

func TestFollowEndsWithAPermanentFailure(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		s.withoutRetries()
		for name, fault := range map[string]awslocal.Fault{
			"access denied":   {Status: http.StatusBadRequest, Code: "AccessDeniedException", Message: "no"},
			"group deleted":   {Status: http.StatusBadRequest, Code: "ResourceNotFoundException"},
			"expired session": {Status: http.StatusForbidden, Code: "ExpiredTokenException"},
		} {
			f := s.follow(logs.Selection{}, logs.Range{})
			fault.Service, fault.Operation = "logs", s.search
			remove := s.server.Inject(fault)
			f.goOn <- struct{}{}
			err := <-f.ended
			remove()
			var refused interface{ ErrorCode() string }
			if !errors.As(err, &refused) || refused.ErrorCode() != fault.Code {
				t.Errorf("%s: it ends with %v", name, err)
			}
			f.want(name, caughtUp)
		}
	})
}

// What fails from the start is no outage: it may be a mistake.
func TestFollowEndsIfItCannotStart(t *testing.T) {
	s := newStore(t, types.LogGroupClassStandard)
	s.withoutRetries()
	t.Cleanup(s.server.Inject(awslocal.Fault{Service: "logs", Operation: "FilterLogEvents", Drop: awslocal.DropBefore}))
	wait := func(context.Context, time.Duration) error { return errors.New("it waits") }
	err := s.stream(logs.Selection{}).Follow(t.Context(), logs.Range{}, wait, logs.Watcher{Line: func(logs.Event) error { return nil }})
	if _, ok := errors.AsType[*url.Error](err); !ok {
		t.Errorf("error %v", err)
	}
}

// proxy is a way to a server that can be closed and opened again.
type proxy struct {
	t      *testing.T
	to     *url.URL
	addr   string
	server *http.Server
}

func newProxy(t *testing.T, to string) *proxy {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{t: t, to: target, addr: localtest.ReserveAddress(t)}
	p.open()
	t.Cleanup(p.close)
	return p
}

func (p *proxy) open() {
	p.t.Helper()
	listener, err := net.Listen("tcp", p.addr)
	if err != nil {
		p.t.Fatal(err)
	}
	p.server = &http.Server{Handler: httputil.NewSingleHostReverseProxy(p.to)}
	go func() { _ = p.server.Serve(listener) }()
}

func (p *proxy) close() { _ = p.server.Close() }

func TestFollowGoesOnAfterRefusedConnections(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		way := newProxy(t, s.server.AWSURL())
		s.client = cloudwatchlogs.NewFromConfig(s.server.Config(), func(o *cloudwatchlogs.Options) {
			o.Retryer, o.BaseEndpoint = aws.NopRetryer{}, aws.String("http://"+way.addr)
		})
		direct := newDirect(s)
		f := s.follow(logs.Selection{}, logs.Range{})
		f.want("nothing yet", caughtUp)
		way.close()
		f.search(3)
		direct.put(time.Now(), "app[web.1]: meanwhile")
		f.search(3)
		f.want("while connections are refused", lost)
		way.open()
		f.search(20)
		f.want("after that", "meanwhile", again(1))
	})
}

// newDirect returns a store that puts lines without what is in the client's way.
func newDirect(s *store) *store {
	direct := *s
	direct.client = cloudwatchlogs.NewFromConfig(s.server.Config())
	return &direct
}

// silent is a client that does not answer while it is asked not to.
type silent struct {
	logs.Client
	quiet bool
	calls int
}

func (s *silent) FilterLogEvents(ctx context.Context, _ *cloudwatchlogs.FilterLogEventsInput, _ ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.FilterLogEventsOutput, error,
) {
	s.calls++
	if s.quiet {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return &cloudwatchlogs.FilterLogEventsOutput{}, nil
}

// A connection that is gone without notice, as after a sleep of the computer, is given up. The times between tries grow to half a minute.
func TestFollowGivesUpAConnectionThatDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := &silent{}
		streams := &logs.Streams{Client: client, Group: group, Names: []string{stream}}
		var waits []time.Duration
		ctx, cancel := context.WithCancel(t.Context())
		wait := func(_ context.Context, d time.Duration) error {
			waits = append(waits, d)
			client.quiet = len(waits) < 9
			if len(waits) == 10 {
				cancel()
			}
			return ctx.Err()
		}
		var notes []string
		began := time.Now()
		err := streams.Follow(ctx, logs.Range{}, wait, logs.Watcher{
			Line: func(logs.Event) error { return nil },
			Lost: func(err error) { notes = append(notes, logs.WhyLost(err)) }, Again: func(int) { notes = append(notes, "again") },
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("it ends with %v", err)
		}
		second := time.Second
		if diff := cmp.Diff([]time.Duration{second, second, 2 * second, 4 * second, 8 * second, 16 * second, 30 * second, 30 * second, 30 * second, second}, waits); diff != "" {
			t.Errorf("waits (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"CloudWatch Logs did not answer within 30s", "again"}, notes); diff != "" {
			t.Errorf("notes (-want +got):\n%s", diff)
		}
		if passed := time.Since(began); passed != 8*30*time.Second {
			t.Errorf("it waited %s for answers", passed)
		}
	})
}
