package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

const (
	headerLimit = 10 * time.Second // for a request's header
	idleLimit   = 2 * time.Minute  // between two requests of a connection
	// endLimit is how long requests may take after their context has ended.
	endLimit = 3 * time.Second
	// maxHeader limits a request's header, in bytes. The page's are far below.
	maxHeader = 16 << 10
)

// Listen listens on a loopback address, host:port; port 0 is a free one. Other machines must not reach the page.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("%q is not an address: give a host and a port, such as 127.0.0.1:8081", addr)
	}
	if ip := net.ParseIP(host); host != "localhost" && !ip.IsLoopback() {
		return nil, fmt.Errorf("%s can be reached from other machines: the page listens only on 127.0.0.1, ::1 or localhost", addr)
	}
	return new(net.ListenConfig).Listen(ctx, "tcp", addr)
}

// Serve answers requests until ctx ends. Then it ends all requests, open tails too, and returns nil.
func (c *Console) Serve(ctx context.Context, listener net.Listener) error {
	requests, endRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer endRequests()
	server := &http.Server{
		Handler:           c,
		BaseContext:       func(net.Listener) context.Context { return requests },
		ReadHeaderTimeout: headerLimit,
		IdleTimeout:       idleLimit,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          log.New(io.Discard, "", 0), // about connections that were cut
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve the page at %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	endRequests()
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), endLimit)
	defer cancel()
	err := server.Shutdown(limit)
	if err != nil { // a request does not notice that its context has ended
		err = server.Close()
	}
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
