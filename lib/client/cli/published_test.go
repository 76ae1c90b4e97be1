package cli_test

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"heroku-drains/lib/clock"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
)

// publishedKey is where a script finds what its alerts topic has published.
type publishedKey struct{}

// publications are the subjects that a topic has published.
type publications struct {
	mu       sync.Mutex
	subjects []string
}

func listen(system *local.System) *publications {
	p := &publications{}
	system.AWS.OnPublish(func(published awslocal.Publication) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.subjects = append(p.subjects, published.Subject)
	})
	return p
}

func (p *publications) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.subjects
}

func published(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	p := ts.Value(publishedKey{}).(*publications)
	ctx, cancel := context.WithTimeout(context.Background(), storeTime)
	defer cancel()
	for len(p.all()) < want {
		if clock.Sleep(ctx, 10*time.Millisecond) != nil {
			ts.Fatalf("published %q, want %d", p.all(), want)
		}
	}
	if got := p.all(); len(got) != want {
		ts.Fatalf("published %q, want %d", got, want)
	}
}
