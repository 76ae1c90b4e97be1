// Package delivery posts log lines to a drain as Heroku's Logplex does: with the same headers, timeouts, retries and losses. It needs neither
// Heroku nor an account.
package delivery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"heroku-drains/lib/logplex"
)

// How Logplex delivers, according to its last public source (logplex_http_drain.erl).
const (
	responseTimeout = 5 * time.Second
	connectTimeout  = 3 * time.Second
	idleTimeout     = 144 * time.Second
	maxTries        = 3
)

// Sender posts batches to one drain: one at a time on a persistent connection, with 5 seconds for a response and up to three tries. After a
// loss, it puts an L10 line in front of the next batch. It is not safe for concurrent use.
type Sender struct {
	// Timeout is how long one try waits for a response. NewSender sets it to Logplex's 5 seconds.
	Timeout time.Duration

	url      string
	user     *url.Userinfo
	token    string
	client   *http.Client
	lost     int // lines lost since the last success
	lostFrom time.Time
}

// NewSender returns a Sender for a drain URL, whose user and password it sends as Basic credentials, and the drain's token, which may be
// empty. Its errors never contain the URL, because that contains the drain's password.
func NewSender(drainURL, token string) (*Sender, error) {
	u, err := url.Parse(drainURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("invalid drain URL: it must look like https://myapp:PASSWORD@HOST/drains/myapp")
	}
	if u.User == nil {
		return nil, errors.New("the drain URL has no password: it must look like https://myapp:PASSWORD@HOST/drains/myapp")
	}
	s := &Sender{Timeout: responseTimeout, user: u.User, token: token}
	u.User, u.Fragment = nil, ""
	s.url = u.String()
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	s.client = &http.Client{
		Transport: &http.Transport{
			Proxy:              http.ProxyFromEnvironment,
			DialContext:        (&net.Dialer{Timeout: connectTimeout}).DialContext,
			IdleConnTimeout:    idleTimeout,
			DisableCompression: true,
			Protocols:          protocols,
		},
		// Logplex does not follow redirects: it treats them as temporary failures.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return s, nil
}

// Result is the outcome of one batch.
type Result struct {
	Lines      int   // lines of the batch itself, without an L10 line
	Bytes      int   // size of the last body sent
	Tries      int   // POSTs made, 1 to 3
	Status     int   // HTTP status of the last response; 0 if there was none
	Err        error // why there was no response
	Lost       bool  // the batch was dropped
	LostBefore int   // lines lost before this batch, as its L10 line reported
}

// Send delivers a batch or drops it, as Logplex would: at once after a 4xx other than 429, otherwise after the third try. A drop is not an
// error: see Result.Lost. The only error is that of ctx; whether the drain stored the batch is then unknown.
func (s *Sender) Send(ctx context.Context, b Batch) (Result, error) {
	r := Result{Lines: len(b.Messages), LostBefore: s.lost}
	for r.Tries < maxTries {
		r.Tries++
		r.Status, r.Bytes, r.Err = s.post(ctx, b)
		if r.Err == nil && delivered(r.Status) {
			s.lost = 0
			return r, nil
		}
		if err := ctx.Err(); err != nil {
			return r, err
		}
		if r.Err == nil && permanent(r.Status) {
			break
		}
		// A failed connection is not used again. The next try follows at once: Logplex only waits after failed connects, and then for seconds.
		s.client.CloseIdleConnections()
	}
	r.Lost = true
	s.Drop(r.Lines)
	return r, nil
}

// Drop counts lines that were lost without having been sent, such as those that a full buffer could not take: the next L10 line counts them, too.
func (s *Sender) Drop(lines int) {
	if s.lost == 0 {
		s.lostFrom = time.Now()
	}
	s.lost += lines
}

func delivered(status int) bool { return status >= 200 && status <= 299 }

func permanent(status int) bool {
	return status >= 400 && status <= 499 && status != http.StatusTooManyRequests
}

// post makes one try. Each try has an L10 line of its own, so the body of a retry may differ from the first.
func (s *Sender) post(ctx context.Context, b Batch) (status, size int, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.Timeout, fmt.Errorf("no response within %s", s.Timeout))
	defer cancel()
	messages := b.Messages
	if s.lost > 0 {
		overflow := logplex.AppendLine(nil, logplex.Overflow(time.Now(), s.lost, s.lostFrom))
		messages = append([][]byte{overflow}, messages...)
	}
	content := body(messages)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(content))
	if err != nil {
		return 0, len(content), fmt.Errorf("make the request: %w", err)
	}
	password, _ := s.user.Password()
	req.SetBasicAuth(s.user.Username(), password)
	req.Header.Set("Content-Type", "application/logplex-1")
	req.Header.Set("Logplex-Msg-Count", strconv.Itoa(len(messages)))
	req.Header.Set("Logplex-Frame-Id", b.FrameID)
	req.Header.Set("Logplex-Drain-Token", s.token)
	req.Header.Set("User-Agent", "Logplex/v73")
	resp, err := s.client.Do(req)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return 0, len(content), cause
		}
		if urlErr, ok := errors.AsType[*url.Error](err); ok {
			err = urlErr.Err // without the URL
		}
		return 0, len(content), fmt.Errorf("no response: %w", err)
	}
	defer resp.Body.Close()
	// A drain's response has no body. If there is one, reading it keeps the connection usable.
	if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)); err != nil {
		return 0, len(content), fmt.Errorf("read the response: %w", err)
	}
	return resp.StatusCode, len(content), nil
}
