package simulate_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/logplex"
)

// post is a POST that a drain received.
type post struct {
	token   string
	header  http.Header
	chunked bool
	lines   []string
}

// memoryDrain receives POSTs in memory, so that it works with the clock of testing/synctest.
type memoryDrain struct {
	// answer answers a POST, given how many there were before; nil for 200.
	answer func(before int, w http.ResponseWriter, r *http.Request)
	conns  chan net.Conn
	closed chan struct{}

	mu       sync.Mutex
	down     bool // connects fail
	posts    []post
	connects int
	inFlight map[string]int // POSTs at the same time by token
	most     int            // of them
}

// newMemoryDrain starts a drain. The function ends it.
func newMemoryDrain(answer func(before int, w http.ResponseWriter, r *http.Request)) (*memoryDrain, func()) {
	d := &memoryDrain{answer: answer, conns: make(chan net.Conn), closed: make(chan struct{}), inFlight: map[string]int{}}
	server := &http.Server{Handler: d}
	served := make(chan struct{})
	go func() { _ = server.Serve(d); close(served) }()
	return d, func() {
		_ = server.Close()
		<-served
	}
}

// ServeHTTP records a POST and answers it.
func (d *memoryDrain) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	p := post{token: r.Header.Get("Logplex-Drain-Token"), header: r.Header, chunked: len(r.TransferEncoding) > 0}
	for f := range logplex.Frames(body) {
		p.lines = append(p.lines, string(f.Message))
	}
	d.mu.Lock()
	before := len(d.posts)
	d.posts = append(d.posts, p)
	d.inFlight[p.token]++
	d.most = max(d.most, d.inFlight[p.token])
	d.mu.Unlock()
	if d.answer != nil {
		d.answer(before, w, r)
	}
	d.mu.Lock()
	d.inFlight[p.token]--
	d.mu.Unlock()
}

// dial connects to the drain.
func (d *memoryDrain) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	d.mu.Lock()
	d.connects++
	down := d.down
	d.mu.Unlock()
	if down {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	}
	client, server := net.Pipe()
	select {
	case d.conns <- server:
		return client, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// dialOnce connects to the drain. The drain closes the connection with the first byte of a second request, as if it had just done so.
func (d *memoryDrain) dialOnce(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &once{Conn: conn}, nil
}

// once is a connection that is closed with the first byte of a second request.
type once struct {
	net.Conn
	requests int
}

func (o *once) Write(b []byte) (int, error) {
	if bytes.HasPrefix(b, []byte("POST ")) {
		if o.requests++; o.requests > 1 {
			_ = o.Conn.Close()
			return 0, net.ErrClosed
		}
	}
	return o.Conn.Write(b)
}

func (d *memoryDrain) setDown(down bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.down = down
}

// received returns the POSTs so far.
func (d *memoryDrain) received() []post {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.posts[:len(d.posts):len(d.posts)]
}

// The methods of a net.Listener.

func (d *memoryDrain) Accept() (net.Conn, error) {
	select {
	case c := <-d.conns:
		return c, nil
	case <-d.closed:
		return nil, net.ErrClosed
	}
}

func (d *memoryDrain) Close() error   { close(d.closed); return nil }
func (d *memoryDrain) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

// subscription returns a drain whose URL is not connected to.
func subscription(token string) simulate.Subscription {
	return simulate.Subscription{URL: "http://shop:s3cret@drain.example.com/drains/shop", Token: token}
}

// run sends lines to drains until l has finished.
func run(t *testing.T, l *simulate.Logplex, drains ...simulate.Subscription) {
	t.Helper()
	l.Subscribe(drains)
	l.Run(t.Context())
}

// ordinary returns the lines of POSTs but those about losses.
func ordinary(posts []post) []string {
	var lines []string
	for _, p := range posts {
		for _, line := range p.lines {
			if !strings.Contains(line, "Error L1") {
				lines = append(lines, line)
			}
		}
	}
	return lines
}
