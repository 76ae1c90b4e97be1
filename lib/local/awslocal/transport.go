package awslocal

import (
	"bytes"
	"io"
	"net/http"
)

// transport is what SDK clients call this Server through. It gives net/http a copy of each request's body: the SDK closes its own as soon
// as an answer begins, and on a busy machine net/http may not have seen that body's end by then. It would take that for a failed request,
// and close the connection under the answer, so that a call that was carried out comes again. A network is too slow for that to happen.
type transport struct{ *http.Transport }

func newTransport() transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	// All calls go to one host: with the default of 2, a busy client would dial for most of them.
	t.MaxIdleConnsPerHost = t.MaxIdleConns
	return transport{t}
}

// RoundTrip makes one call.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return t.Transport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	_ = r.Body.Close() // it is read to its end, and nothing else can go wrong with it
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	return t.Transport.RoundTrip(r)
}
