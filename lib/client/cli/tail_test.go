package cli_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/local/awslocal"
)

// tail is a running `logs --tail` that stops after each look for new lines, until the test lets it go on.
type tail struct {
	t      *testing.T
	stdout syncBuffer
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
	var stderr syncBuffer
	go func() {
		args = s.local(append([]string{"logs", "-a", "shop", "--tail"}, args...)...)
		tl.code <- cli.MainThatWaits(ctx, args, strings.NewReader(""), &tl.stdout, &stderr, wait)
	}()
	s.t.Cleanup(func() {
		cancel()
		if stderr.String() != "" {
			s.t.Errorf("stderr: %s", stderr.String())
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
	case <-time.After(time.Minute):
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

func TestATailShowsEachLineOnce(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	now := time.Now()
	put := func(ago time.Duration, message string) { s.store(now.Add(-ago), "app[web.1]: "+message) }
	put(8*time.Minute, "long ago")
	put(time.Minute, "before")
	put(time.Second, "just before")

	tl := s.tail("-n", "1")
	tl.want("the last line of the past", "just before")
	put(0, "now")
	put(20*time.Second, "a little late")
	tl.look(1)
	tl.want("new lines in the order of their times", "a little late", "now")
	tl.look(20)
	tl.want("nothing twice")

	put(6*time.Minute, "after the queue's visibility time-out")
	tl.look(20)
	tl.want("a line that comes late", "after the queue's visibility time-out")

	put(-time.Hour, "from a wrong clock")
	put(-time.Millisecond, "after it")
	tl.look(1)
	put(-2*time.Millisecond, "and after that")
	tl.look(1)
	tl.want("lines beside one of the future", "after it", "from a wrong clock", "and after that")

	tl.cancel()
	if code := <-tl.code; code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestALineThatComesWhileATailBeginsIsShownOnce(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	var searches atomic.Int32
	t.Cleanup(s.AWS.OnCall(func(c awslocal.Call) {
		// The first search is for what the tail need not show, the second for what it shows of the past.
		if c.Operation == "FilterLogEvents" && searches.Add(1) == 2 {
			s.store(time.Now(), "app[web.1]: between")
		}
	}))
	tl := s.tail()
	tl.look(1)
	tl.want("what came between", "between")
}

func TestATailOfAnEmptyStream(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	tl := s.tail()
	tl.want("nothing yet")
	s.store(time.Now(), "app[web.1]: first")
	tl.look(2)
	tl.want("the first line", "first")
}

func TestATailSince(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	s.store(time.Now().Add(-2*time.Hour), "app[web.1]: too old")
	s.store(time.Now().Add(-30*time.Minute), "app[web.1]: old")
	tl := s.tail("--since", "1h", "--filter", "old")
	tl.want("what there is", "old")
	s.store(time.Now(), "app[web.1]: new")
	s.store(time.Now(), "app[web.1]: not so old")
	tl.look(16)
	tl.want("what comes and matches", "not so old")
}

func TestATailOfAProcess(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	s.store(time.Now(), "app[web.1]: before")
	s.store(time.Now(), "app[worker.1]: other")
	tl := s.tail("--process", "web")
	tl.want("what there is", "before")
	s.store(time.Now(), "app[worker.1]: web too")
	s.store(time.Now(), "app[web.1]: after")
	tl.look(1)
	tl.want("what comes", "after")
}
