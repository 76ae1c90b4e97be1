package simulate_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
)

// received is a POST: the drain's token and the body.
type received struct{ token, body string }

// newDrainServer starts a server for drains, and returns the URL of one and what they receive.
func newDrainServer(t *testing.T) (string, <-chan received) {
	posts := make(chan received)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		select {
		case posts <- received{r.Header.Get("Logplex-Drain-Token"), string(body)}:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "://", "://shop:s3cret@", 1) + "/drains/shop", posts
}

func TestLogplexSendsEveryLineToEveryDrain(t *testing.T) {
	url, posts := newDrainServer(t)
	l := simulate.NewLogplex(simulate.New("shop", 1), 1000, func(simulate.Subscription, delivery.Result) {})
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { l.Run(ctx); close(done) }()
	first, second := simulate.Subscription{URL: url, Token: "d.1"}, simulate.Subscription{URL: url, Token: "d.2"}
	l.Subscribe([]simulate.Subscription{first, second, {URL: "syslog://logs.example.com", Token: "d.3"}})
	bodies := map[string]map[string]bool{"d.1": {}, "d.2": {}}
	for same := false; !same; {
		p := <-posts
		bodies[p.token][p.body] = true
		same = bodies["d.1"][p.body] && bodies["d.2"][p.body]
	}
	l.Subscribe([]simulate.Subscription{second})
	for n := 0; n < 100; { // what was on its way to the first ends
		if p := <-posts; p.token == "d.2" {
			n++
		} else {
			n = 0
		}
	}
	end()
	<-done
}

func TestLogplexSendsNothingMoreToARemovedDrain(t *testing.T) {
	slowURL, slow := newDrainServer(t) // it does not respond until its posts are read
	url, posts := newDrainServer(t)
	l := simulate.NewLogplex(simulate.New("shop", 1), 1000, func(simulate.Subscription, delivery.Result) {})
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { l.Run(ctx); close(done) }()
	first, second := simulate.Subscription{URL: slowURL, Token: "d.1"}, simulate.Subscription{URL: url, Token: "d.2"}
	l.Subscribe([]simulate.Subscription{first, second})
	for range 50 { // as many wait for the first
		<-posts
	}
	l.Subscribe([]simulate.Subscription{second})
	for range 10 { // the change is known
		<-posts
	}
	late := 0
	for n := 0; n < 100; {
		select {
		case <-slow:
			late++
		case <-posts:
			n++
		}
	}
	if late > 1 { // one was on its way
		t.Errorf("%d posts to the removed drain", late)
	}
	end()
	<-done
}

func TestLogplexOfAnAppWithoutDrainsEnds(t *testing.T) {
	l := simulate.NewLogplex(simulate.New("shop", 1), 1000, func(simulate.Subscription, delivery.Result) {})
	ctx, end := context.WithCancel(t.Context())
	end()
	l.Run(ctx)
}

// As Logplex does, an L10 line says how many lines a drain's buffer could not take.
func TestLogplexCountsLinesThatABufferCouldNotTake(t *testing.T) {
	slowURL, slow := newDrainServer(t) // it does not respond until its posts are read
	url, posts := newDrainServer(t)
	l := simulate.NewLogplex(simulate.New("shop", 1), 1000, func(simulate.Subscription, delivery.Result) {})
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { l.Run(ctx); close(done) }()
	l.Subscribe([]simulate.Subscription{{URL: slowURL, Token: "d.1"}, {URL: url, Token: "d.2"}})
	const sent, taken = 200, 70 // by the slow drain: one on its way, 64 in its buffer, and a few before the other began
	for range sent {
		<-posts
	}
	overflow := regexp.MustCompile(`Error L10 \(output buffer overflow\): (\d+) messages? dropped`)
	for range taken {
		p := <-slow
		if found := overflow.FindStringSubmatch(p.body); found != nil {
			if n, err := strconv.Atoi(found[1]); err != nil || n < sent-taken {
				t.Errorf("the drain learns of %s lost lines, want at least %d", found[1], sent-taken)
			}
			end()
			<-done
			return
		}
	}
	t.Errorf("no L10 line in %d posts", taken)
	end()
	<-done
}
