package simulate

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
)

// How Logplex delivers, as its last public source has it (logplex_http_drain.erl).
const (
	answerTimeout  = 5 * time.Second
	connectTimeout = 3 * time.Second
	idleTimeout    = 144 * time.Second
	tries          = 3
)

// Sender posts batches to one drain as Logplex does: one at a time on a kept connection, 5 seconds for an answer, three tries in
// all, and after a loss an L10 line before the next batch. It is not safe for concurrent use.
type Sender struct {
	// Timeout is how long one try waits for an answer; NewSender makes it Logplex's 5 seconds.
	Timeout time.Duration

	url      string
	user     *url.Userinfo
	token    string
	client   *http.Client
	lost     int // lines lost since the last answer of 2xx
	lostFrom time.Time
}

// NewSender returns the sender for a drain URL, whose user and password it sends as Basic credentials, and a drain token.
// Its errors never hold the URL: it has the drain's password in it.
func NewSender(drainURL, token string) (*Sender, error) {
	u, err := url.Parse(drainURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the drain URL is no http:// or https:// URL: it looks like https://myapp:PASSWORD@HOST/drains/myapp")
	}
	if u.User == nil {
		return nil, errors.New("the drain URL has no password: `put --show-url` prints it in full")
	}
	s := &Sender{Timeout: answerTimeout, user: u.User, token: token}
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
		// Logplex follows no redirect: it takes one for a failure that may pass.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return s, nil
}

// Result is what became of one batch.
type Result struct {
	Lines  int   // of the batch itself, without an L10 line
	Bytes  int   // of the last body sent
	Tries  int   // POSTs made, 1 to 3
	Status int   // of the last answer; 0 when there was none
	Err    error // why there was no answer
	Lost   bool  // the batch was given up: its lines are gone
	After  int   // lines lost before this batch, which its L10 line told of
}

// Send delivers a batch or gives it up, as Logplex would: after a 4xx other than 429 at once, otherwise after the third try.
// The error is ctx's own: the batch may or may not have been stored then. A loss is no error but Result.Lost.
func (s *Sender) Send(ctx context.Context, b Batch) (Result, error) {
	r := Result{Lines: len(b.Messages), After: s.lost}
	for r.Tries < tries {
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
		// A failed connection is not used again. Next try at once: Logplex waits after failed connects only, and then for seconds.
		s.client.CloseIdleConnections()
	}
	r.Lost = true
	if s.lost == 0 {
		s.lostFrom = time.Now()
	}
	s.lost += r.Lines
	return r, nil
}

func delivered(status int) bool { return status >= 200 && status <= 299 }

func permanent(status int) bool {
	return status >= 400 && status <= 499 && status != http.StatusTooManyRequests
}

// post makes one try. The L10 line is made anew for each, so a retry's body need not be the first one's.
func (s *Sender) post(ctx context.Context, b Batch) (status, size int, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.Timeout, fmt.Errorf("no answer in %s", s.Timeout))
	defer cancel()
	messages := b.Messages
	if s.lost > 0 {
		messages = append([][]byte{overflowMessage(time.Now(), s.lost, s.lostFrom)}, messages...)
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
		return 0, len(content), fmt.Errorf("no answer: %w", errors.Unwrap(err)) // without the URL that *url.Error repeats
	}
	defer resp.Body.Close()
	// The answer of a drain is empty; reading what may be there keeps the connection usable.
	if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)); err != nil {
		return 0, len(content), fmt.Errorf("read the drain's answer: %w", err)
	}
	return resp.StatusCode, len(content), nil
}
