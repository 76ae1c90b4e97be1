package delivery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"
)

// DialFunc opens a connection, as net.Dialer.DialContext does.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// connection is a persistent connection to a drain, on which one request at a time is sent.
type connection struct {
	url    string // without user and password
	user   *url.Userinfo
	client *http.Client
}

// newConnection returns the connection to a drain URL, which it opens when it is first used. Its errors never contain the URL, because that
// contains the drain's password.
func newConnection(drainURL string) (*connection, error) {
	u, err := url.Parse(drainURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("invalid drain URL: it must look like https://myapp:PASSWORD@HOST/drains/myapp")
	}
	if u.User == nil {
		return nil, errors.New("the drain URL has no password: it must look like https://myapp:PASSWORD@HOST/drains/myapp")
	}
	c := &connection{user: u.User}
	u.User, u.Fragment = nil, ""
	c.url = u.String()
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	c.client = &http.Client{
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: connectTimeout}).DialContext,
			TLSHandshakeTimeout: connectTimeout,
			IdleConnTimeout:     idleTimeout,
			DisableCompression:  true,
			Protocols:           protocols,
		},
		// Logplex does not follow redirects: it treats them as temporary failures.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

// dialWith opens connections with dial instead of over the network.
func (c *connection) dialWith(dial DialFunc) {
	transport := c.client.Transport.(*http.Transport)
	transport.Proxy, transport.DialContext = nil, dial
}

// request returns a POST of a body to the drain.
func (c *connection) request(ctx context.Context, body io.Reader) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, body)
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	// Without GetBody, net/http does not repeat a request on its own where the drain has closed the idle connection: that costs Logplex a try.
	req.GetBody = nil
	password, _ := c.user.Password()
	req.SetBasicAuth(c.user.Username(), password)
	req.Header.Set("Content-Type", "application/logplex-1")
	return req, nil
}

// Try is one POST, or one attempt to connect for it.
type Try struct {
	Number    int           // from 1; 0 if the connection failed and that is not a try (see Sender.AwaitConnection)
	Loss      [][]byte      // messages about lost lines that were sent in front of the batch
	Connected bool          // whether there was a connection, so that the drain may have received the batch
	Took      time.Duration // from the connection to the end of the response, or to the failure
	Status    int           // HTTP status; 0 if there was no response
	Err       error         // why there was no response
	Final     bool          // the batch is delivered or refused: it is not sent again whatever the number of tries
}

// Delivered reports whether the drain acknowledged the batch.
func (t Try) Delivered() bool { return t.Err == nil && t.Status >= 200 && t.Status <= 299 }

// do makes a POST and fills in all but the number and the loss of t. It waits timeout for the response, from when there is a connection.
func (c *connection) do(ctx context.Context, timeout time.Duration, t *Try, body io.Reader, header http.Header) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	errTimeout := fmt.Errorf("no response within %s", timeout)
	// The dialer has its own limit. This one is for what comes before, such as a slow name server.
	timer := time.AfterFunc(timeout+connectTimeout, func() { cancel(errTimeout) })
	defer timer.Stop()
	began := time.Now()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		t.Connected, began = true, time.Now()
		timer.Reset(timeout)
	}})
	t.Status, t.Err = c.post(ctx, body, header)
	t.Took = time.Since(began)
}

func (c *connection) post(ctx context.Context, body io.Reader, header http.Header) (status int, err error) {
	req, err := c.request(ctx, body)
	if err != nil {
		return 0, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return 0, noResponse(ctx, err)
	}
	defer resp.Body.Close()
	// A drain's response has no body. If there is one, reading it keeps the connection usable.
	if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)); err != nil {
		return 0, fmt.Errorf("read the response: %w", noResponse(ctx, err))
	}
	return resp.StatusCode, nil
}

// noResponse returns why there was no response, without the URL.
func noResponse(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if urlErr, ok := errors.AsType[*url.Error](err); ok {
		err = urlErr.Err
	}
	return fmt.Errorf("no response: %w", err)
}
