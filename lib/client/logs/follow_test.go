package logs_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/local/awslocal"
)

// following is a Follow that stops after each search for new lines until the test lets it go on.
type following struct {
	t        *testing.T
	texts    []string // what it found; read it only while the Follow waits
	searched chan struct{}
	goOn     chan struct{}
	ended    chan error
	cancel   context.CancelFunc
}

// What a following finds between lines: caughtUp after the stored ones, lost at the start of an outage, and again at its end.
const (
	caughtUp = "(caught up)"
	lost     = "(lost)"
)

func again(lines int) string { return fmt.Sprintf("(again, %d lines)", lines) }

func (s *store) follow(selection logs.Selection, r logs.Range) *following {
	s.t.Helper()
	return s.followStreams(s.stream(selection), r)
}

func (s *store) followStreams(streams *logs.Streams, r logs.Range) *following {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	f := &following{t: s.t, searched: make(chan struct{}), goOn: make(chan struct{}), ended: make(chan error, 1), cancel: cancel}
	wait := func(ctx context.Context, _ time.Duration) error {
		select {
		case f.searched <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case <-f.goOn:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	each := func(e logs.Event) error {
		f.texts = append(f.texts, textOf(e))
		return nil
	}
	go func() {
		f.ended <- streams.Follow(ctx, r, wait, logs.Watcher{
			Line:     each,
			CaughtUp: func() { f.texts = append(f.texts, caughtUp) },
			Lost:     func(error) { f.texts = append(f.texts, lost) },
			Again:    func(lines int) { f.texts = append(f.texts, again(lines)) },
		})
	}()
	s.t.Cleanup(cancel)
	f.await()
	return f
}

// await returns after a search.
func (f *following) await() {
	f.t.Helper()
	select {
	case <-f.searched:
	case err := <-f.ended:
		f.t.Fatalf("Follow ended: %v", err)
	case <-time.After(time.Minute):
		f.t.Fatal("Follow does not search")
	}
}

// search lets it search n times.
func (f *following) search(n int) {
	f.t.Helper()
	for range n {
		f.goOn <- struct{}{}
		f.await()
	}
}

// want compares what was found since the last call.
func (f *following) want(what string, texts ...string) {
	f.t.Helper()
	if diff := cmp.Diff(texts, f.texts); diff != "" {
		f.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
	f.texts = nil
}

func TestFollowFindsEachLineOnce(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		now := time.Now()
		put := func(ago time.Duration, text string) { s.put(now.Add(-ago), "app[web.1]: "+text) }
		put(8*time.Minute, "long ago")
		put(time.Minute, "before")
		put(time.Second, "just before")

		f := s.follow(logs.Selection{}, logs.Range{Last: new(1)})
		f.want("the last stored line", "just before", caughtUp)
		put(0, "now")
		put(20*time.Second, "a little late")
		f.search(1)
		f.want("new lines in the order of their times", "a little late", "now")
		f.search(20)
		f.want("nothing twice")

		put(6*time.Minute, "after the queue's visibility timeout")
		f.search(20)
		f.want("a line that comes late", "after the queue's visibility timeout")

		put(-time.Hour, "from a wrong clock")
		put(-time.Millisecond, "after it")
		f.search(1)
		put(-2*time.Millisecond, "and after that")
		f.search(1)
		f.want("lines beside one of the future", "after it", "from a wrong clock", "and after that")

		f.cancel()
		if err := <-f.ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Follow ended with %v", err)
		}
	})
}

func TestFollowFindsALineThatIsStoredWhileItStartsOnce(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		var searches atomic.Int32
		t.Cleanup(s.server.OnCall(func(c awslocal.Call) {
			// The first search is for the lines to skip, the second for the stored lines to show.
			if c.Operation == s.search && searches.Add(1) == 2 {
				s.put(time.Now(), "app[web.1]: between")
			}
		}))
		f := s.follow(logs.Selection{}, logs.Range{})
		f.search(1)
		f.want("all lines", "between", caughtUp)
	})
}

func TestFollowAnEmptyStream(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		f := s.follow(logs.Selection{}, logs.Range{Last: new(10)})
		f.want("nothing", caughtUp)
		s.put(time.Now(), "app[web.1]: first")
		f.search(2)
		f.want("the first line", "first")
	})
}

func TestFollowAPatternSinceATime(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		s.put(time.Now().Add(-2*time.Hour), "app[web.1]: too old")
		s.put(time.Now().Add(-30*time.Minute), "app[web.1]: old")
		f := s.follow(logs.Selection{Pattern: "old"}, logs.Range{Since: time.Now().Add(-time.Hour)})
		f.want("stored lines", "old", caughtUp)
		s.put(time.Now(), "app[web.1]: new")
		s.put(time.Now(), "app[web.1]: not so old")
		f.search(16)
		f.want("new lines that match", "not so old")
	})
}

func TestFollowAProcess(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		s.put(time.Now(), "app[web.1]: before")
		s.put(time.Now(), "app[worker.1]: other")
		f := s.follow(logs.Selection{Process: "web"}, logs.Range{})
		f.want("stored lines", "before", caughtUp)
		s.put(time.Now(), "app[worker.1]: web too")
		s.put(time.Now(), "app[web.1]: after")
		f.search(1)
		f.want("new lines", "after")
	})
}

func TestFollowEndsWithAnErrorOfItsCaller(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		full := errors.New("no space left on device")
		wait := func(context.Context, time.Duration) error {
			s.put(time.Now(), "app[web.1]: new")
			return nil
		}
		err := s.stream(logs.Selection{}).Follow(t.Context(), logs.Range{}, wait, logs.Watcher{Line: func(logs.Event) error { return full }})
		if !errors.Is(err, full) {
			t.Errorf("error %v", err)
		}
	})
}
