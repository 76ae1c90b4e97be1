package reach

import (
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// dialTimeout limits a connection attempt over all addresses of a host. A connection takes two or three round trips, each well below a second.
	dialTimeout = 3 * time.Second
	// keepAlive is the interval of Go's own http.DefaultTransport.
	keepAlive = 30 * time.Second
)

// Dialer sets the limits on a dialer, as for the AWS SDK's client.
func Dialer(d *net.Dialer) { d.Timeout, d.KeepAlive = dialTimeout, keepAlive }

// Limits sets the limits on a transport whose dialer has them, as for the AWS SDK's client.
func Limits(t *http.Transport) { t.TLSHandshakeTimeout = dialTimeout }

// Transport sends requests like http.DefaultTransport, but returns an *Error soon if a host cannot be reached. It is safe for concurrent use.
type Transport struct {
	next  http.RoundTripper
	known hosts
}

// NewTransport returns a Transport.
func NewTransport() *Transport {
	d := &net.Dialer{}
	Dialer(d)
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = d.DialContext
	Limits(t)
	return &Transport{next: t}
}

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	return resp, t.known.result(req, err)
}

// Doer is a client such as *http.Client.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Client gives the errors of another client the form of this package's. It is safe for concurrent use if the other client is.
type Client struct {
	next  Doer
	known hosts
}

// NewClient returns a Client around next, which should have the limits of Dialer and Limits.
func NewClient(next Doer) *Client { return &Client{next: next} }

// Do sends a request.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	resp, err := c.next.Do(req)
	return resp, c.known.result(req, err)
}

// hosts are those that have answered.
type hosts struct{ answered sync.Map }

// result returns the error for a request's outcome, and notes which hosts answer.
func (h *hosts) result(req *http.Request, err error) error {
	if err == nil {
		h.answered.Store(req.URL.Host, true)
		return nil
	}
	if req.Context().Err() != nil { // the caller's time ended first
		return err
	}
	found, ok := explain(req.URL.Host, err)
	if !ok {
		return err
	}
	_, before := h.answered.Load(req.URL.Host)
	found.First = !before
	return found
}
