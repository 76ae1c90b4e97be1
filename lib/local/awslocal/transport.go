package awslocal

import (
	"bytes"
	"io"
	"net/http"
)

// transport is the RoundTripper of SDK clients that call this Server. It gives net/http a copy of each request's body. The SDK closes its own
// body as soon as a response arrives, and on a busy machine net/http may not have read that body to the end by then. net/http would treat that
// as a failed request and close the connection, and the SDK would retry a call that was carried out. Over a network, responses are too slow
// for that to happen.
type transport struct{ *http.Transport }

func newTransport() transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	// All calls go to one host. With the default of 2, a busy client would open a new connection for most of them.
	t.MaxIdleConnsPerHost = t.MaxIdleConns
	return transport{t}
}

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return t.Transport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	_ = r.Body.Close() // ReadAll has reported any error
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	return t.Transport.RoundTrip(r)
}
