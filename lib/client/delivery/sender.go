// Package delivery posts log lines to a drain as Heroku's Logplex does: with the same headers, timeouts, retries and losses. It needs neither
// Heroku nor an account.
package delivery

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"

	"heroku-drains/lib/clock"
	"heroku-drains/lib/logplex"
)

// How Logplex delivers, according to its last public source (logplex_http_drain.erl).
const (
	responseTimeout = 5 * time.Second
	connectTimeout  = 3 * time.Second
	idleTimeout     = 144 * time.Second
	maxTries        = 3
	// reconnectUnit and maxReconnectSlot determine how long it waits after failed connects: up to about 5 seconds.
	reconnectUnit    = 10 * time.Millisecond
	maxReconnectSlot = 10
)

// Sender posts batches to one drain: one at a time on a persistent connection, with 5 seconds for a response and up to three tries. After a
// loss, it puts an L10 line in front of the next batch. It is not safe for concurrent use.
type Sender struct {
	// Timeout is how long one try waits for a response once there is a connection. NewSender sets it to Logplex's 5 seconds.
	Timeout time.Duration
	// AwaitConnection makes Send wait for a connection as Logplex does: it connects again, after up to 5 seconds, for as long as connects fail.
	// Without it, a failed connect is a try, and the next follows at once, so that a drain that cannot be reached does not block the caller.
	AwaitConnection bool
	// After is called after each try, and after each failed connect.
	After func(Try)

	conn      *connection
	token     string
	displaced int // lines lost without having been sent since the last batch
	lost      int // lines lost with earlier batches since the last success
	lostFrom  time.Time
}

// NewSender returns a Sender for a drain URL, whose user and password it sends as Basic credentials, and the drain's token, which may be
// empty. Its errors never contain the URL, because that contains the drain's password.
func NewSender(drainURL, token string) (*Sender, error) {
	conn, err := newConnection(drainURL)
	if err != nil {
		return nil, err
	}
	return &Sender{Timeout: responseTimeout, After: func(Try) {}, conn: conn, token: token}, nil
}

// DialWith opens connections with dial instead of over the network, such as in the memory of a test.
func (s *Sender) DialWith(dial DialFunc) { s.conn.dialWith(dial) }

// Close closes the idle connection.
func (s *Sender) Close() { s.conn.client.CloseIdleConnections() }

// Result is the outcome of one batch.
type Result struct {
	Lines      int   // lines of the batch itself, without an L10 line
	Bytes      int   // size of the last body sent
	Tries      int   // POSTs made, 1 to 3
	Status     int   // HTTP status of the last response; 0 if there was none
	Err        error // why there was no response
	Lost       bool  // the batch was dropped
	Refused    bool  // it was dropped because the status is permanent
	LostBefore int   // lines lost before this batch, as its L10 line reported
}

// Send delivers a batch or drops it, as Logplex would: at once after a 4xx other than 429, otherwise after the third try. A drop is not an
// error: see Result.Lost. The only error is that of ctx; whether the drain stored the batch is then unknown.
func (s *Sender) Send(ctx context.Context, b Batch) (Result, error) {
	r := Result{Lines: len(b.Messages), LostBefore: s.lost + s.displaced}
	for failed := 0; r.Tries < maxTries; {
		try := s.post(ctx, b, &r)
		if !try.Connected && s.AwaitConnection && ctx.Err() == nil {
			s.After(try)
			if err := clock.Sleep(ctx, reconnectAfter(failed)); err != nil {
				return r, ctx.Err()
			}
			failed++
			continue
		}
		failed = 0
		r.Tries++
		try.Number, try.Final = r.Tries, try.Delivered() || try.Err == nil && permanent(try.Status)
		s.After(try)
		if try.Delivered() {
			s.lost, s.displaced = 0, 0
			return r, nil
		}
		if err := ctx.Err(); err != nil {
			return r, err
		}
		if try.Final {
			r.Refused = true
			break
		}
		// A failed connection is not used again. The next try follows at once: Logplex only waits after failed connects.
		s.conn.client.CloseIdleConnections()
	}
	r.Lost = true
	if s.lost == 0 {
		s.lostFrom = time.Now()
	}
	s.lost += r.Lines + s.displaced
	s.displaced = 0
	return r, nil
}

// reconnectAfter returns how long Logplex waits before it connects again, after so many earlier failures in a row.
func reconnectAfter(failed int) time.Duration {
	slot := min(failed, maxReconnectSlot)
	if slot == 0 {
		return 0
	}
	return reconnectUnit * time.Duration((1<<(1+rand.IntN(slot))-1)/2)
}

// Drop counts lines that were lost without having been sent, such as those that a full buffer could not take: the next batch's L10 line counts
// them, too.
func (s *Sender) Drop(lines int) { s.displaced += lines }

func permanent(status int) bool {
	return status >= 400 && status <= 499 && status != http.StatusTooManyRequests
}

// loss returns the L10 line for a try that begins now, or nothing if nothing was lost. Each try has one of its own, so the body of a retry may differ
// from the first.
func (s *Sender) loss() [][]byte {
	n := s.lost + s.displaced
	if n == 0 {
		return nil
	}
	now := time.Now()
	since := now // of lines that were only displaced, Logplex says the time of the try
	if s.lost > 0 {
		since = s.lostFrom
	}
	return [][]byte{logplex.AppendLine(nil, logplex.Overflow(now, n, since))}
}

// post makes one try.
func (s *Sender) post(ctx context.Context, b Batch, r *Result) Try {
	try := Try{Loss: s.loss()}
	messages := slices.Concat(try.Loss, b.Messages)
	content := body(messages)
	s.conn.do(ctx, s.Timeout, &try, bytes.NewReader(content), http.Header{
		"Logplex-Msg-Count":   {strconv.Itoa(len(messages))},
		"Logplex-Frame-Id":    {b.FrameID},
		"Logplex-Drain-Token": {s.token},
		"User-Agent":          {"Logplex/v73"},
	})
	r.Bytes, r.Status, r.Err = len(content), try.Status, try.Err
	return try
}
