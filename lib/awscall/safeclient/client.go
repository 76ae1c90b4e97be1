// Package safeclient is the HTTP client for the AWS SDK with which a call that AWS has done and answered does not fail.
package safeclient

import (
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Client sends requests of the AWS SDK.
//
// The SDK closes a request's body as soon as the answer's headers are there. At this moment, net/http may still ask the body, which it has sent,
// whether more follows. A closed body of the SDK answers this with an error if it is asked by io.WriterTo, and net/http then closes the connection,
// from which the answer was to be read. The SDK repeats the call, although AWS has done it: lines are stored twice, and a condition that held fails.
// https://github.com/aws/aws-sdk-go-v2/issues/2737
//
// A Client hides io.WriterTo. Asked by Read, a closed body says that nothing follows.
type Client struct{ next aws.HTTPClient }

// New returns a Client that sends requests through another one, which must not be nil.
func New(next aws.HTTPClient) *Client { return &Client{next: next} }

// Do sends a request.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	if req.Body != nil && req.Body != http.NoBody {
		plain := *req
		plain.Body = struct{ io.ReadCloser }{req.Body}
		req = &plain
	}
	return c.next.Do(req)
}
