package cli_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// tail is a running `logs --tail` that stops after each look for new lines, until the test lets it go on.
type tail struct {
	t      *testing.T
	stdout localtest.Buffer
	stderr localtest.Buffer
	notes  string // what stderr should have in the end
	looked chan struct{}
	goOn   chan struct{}
	code   chan int
	cancel context.CancelFunc
	read   int // bytes of stdout that lines has returned
}

func (s *system) tail(args ...string) *tail {
	ctx, cancel := context.WithCancel(s.t.Context())
	tl := &tail{t: s.t, looked: make(chan struct{}), goOn: make(chan struct{}), code: make(chan int, 1), cancel: cancel}
	wait := func(ctx context.Context, _ time.Duration) error {
		select {
		case tl.looked <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case <-tl.goOn:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	go func() {
		args = s.local(append([]string{"logs", "-a", "shop", "--tail"}, args...)...)
		tl.code <- cli.MainThatWaits(ctx, args, strings.NewReader(""), &tl.stdout, &tl.stderr, wait)
	}()
	s.t.Cleanup(func() {
		cancel()
		if diff := cmp.Diff(tl.notes, tl.stderr.String()); diff != "" {
			s.t.Errorf("stderr (-want +got):\n%s", diff)
		}
	})
	tl.wait()
	return tl
}

// wait returns after a look.
func (tl *tail) wait() {
	tl.t.Helper()
	select {
	case <-tl.looked:
	case code := <-tl.code:
		tl.t.Fatalf("the tail ended with exit code %d", code)
	case <-time.After(2 * time.Minute):
		tl.t.Fatal("the tail does not look")
	}
}

// look lets the tail look again, n times.
func (tl *tail) look(n int) {
	tl.t.Helper()
	for range n {
		tl.goOn <- struct{}{}
		tl.wait()
	}
}

// want compares what was printed since the last time.
func (tl *tail) want(what string, messages ...string) {
	tl.t.Helper()
	printed := tl.stdout.String()[tl.read:]
	tl.read += len(printed)
	var got []string
	for line := range strings.Lines(printed) {
		_, message, _ := strings.Cut(line, "app[web.1]: ")
		got = append(got, strings.TrimSuffix(message, "\n"))
	}
	if diff := cmp.Diff(messages, got); diff != "" {
		tl.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestATailEndsWithCtrlC(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	s.store(time.Now().Add(-time.Hour), "app[web.1]: long ago")
	s.store(time.Now().Add(-time.Second), "app[web.1]: before")
	tl := s.tail("-n", "1")
	tl.want("the last stored line", "before")
	s.store(time.Now(), "app[web.1]: after")
	tl.look(2)
	tl.want("a new line", "after")
	tl.cancel()
	if code := <-tl.code; code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestATailOfAProcessSinceATime(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	s.store(time.Now().Add(-2*time.Hour), "app[web.1]: too old")
	s.store(time.Now().Add(-30*time.Minute), "app[web.1]: old")
	s.store(time.Now(), "app[worker.1]: other")
	tl := s.tail("--since", "1h", "--process", "web", "--filter", "old")
	tl.want("stored lines", "old")
	s.store(time.Now(), "app[worker.1]: old")
	s.store(time.Now(), "app[web.1]: not so old")
	tl.look(1)
	tl.want("new lines", "not so old")
}

func TestATailGoesOnAfterAnOutage(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	s.store(time.Now().Add(-time.Second), "app[web.1]: before")
	tl := s.tail()
	tl.want("stored lines", "before")
	const tries = 3 // of the SDK, for each of ours
	remove := s.AWS.Inject(awslocal.Fault{Service: "logs", Operation: "FilterLogEvents", Times: tries, Drop: awslocal.DropBefore})
	tl.look(1)
	s.store(time.Now(), "app[web.1]: meanwhile")
	s.store(time.Now(), "app[web.1]: and then")
	tl.look(1)
	remove()
	tl.want("new lines", "meanwhile", "and then")
	tl.notes = "Connection to CloudWatch Logs lost; trying again…\nConnected again; 2 lines meanwhile.\n"
	tl.cancel()
	if code := <-tl.code; code != 0 {
		t.Errorf("exit code %d", code)
	}
}
