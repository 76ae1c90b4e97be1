package delivery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"heroku-drains/lib/clock"
)

// How log-shuttle delivers: https://github.com/heroku/log-shuttle/blob/master/config.go and http_outlet.go.
const (
	// ShuttleLines is how many lines log-shuttle sends in a POST at most, whatever their size.
	ShuttleLines = 500
	// shuttlePause is how long it waits before the second try, and twice as long before the third; shuttleEOFPause if the drain closed the
	// connection.
	shuttlePause    = time.Second
	shuttleEOFPause = 100 * time.Millisecond

	shuttleTimeLayout = "2006-01-02T15:04:05.000000+00:00"
)

// Shuttle posts batches to one drain as Heroku's log-shuttle does for the apps of a Private Space: in chunked transfer encoding, without Logplex's
// headers, but with an X-Request-Id that is the same in every try. It gives up a batch with any status of 400 or more, and only repeats it when
// there was no response. It reports what it could not buffer (L12) or send (L13) in front of the next batch, but once only, and nothing of what a
// status refused. It is not safe for concurrent use.
type Shuttle struct {
	// Timeout is how long one try waits for a response once there is a connection. NewShuttle sets it to log-shuttle's 5 seconds.
	Timeout time.Duration
	// After is called after each try.
	After func(Try)
	// Crowded reports whether so many lines wait that a failed batch is given up at once.
	Crowded func() bool

	conn          *connection
	dropped, lost loss
}

// loss counts lines since a time.
type loss struct {
	lines int
	since time.Time
}

func (l *loss) add(lines int) {
	if l.lines == 0 {
		l.since = time.Now()
	}
	l.lines += lines
}

// NewShuttle returns a Shuttle for a drain URL, whose user and password it sends as Basic credentials. Its errors never contain the URL, because
// that contains the drain's password.
func NewShuttle(drainURL string) (*Shuttle, error) {
	conn, err := newConnection(drainURL)
	if err != nil {
		return nil, err
	}
	return &Shuttle{Timeout: responseTimeout, After: func(Try) {}, Crowded: func() bool { return false }, conn: conn}, nil
}

// DialWith opens connections with dial instead of over the network, such as in the memory of a test.
func (s *Shuttle) DialWith(dial DialFunc) { s.conn.dialWith(dial) }

// Close closes the idle connection.
func (s *Shuttle) Close() { s.conn.client.CloseIdleConnections() }

// Drop counts lines that were lost without having been sent, for the next batch's L12 line.
func (s *Shuttle) Drop(lines int) { s.dropped.add(lines) }

// Send delivers a batch or drops it. A drop is not an error: see Result.Lost. The only error is that of ctx; whether the drain stored the batch is
// then unknown.
func (s *Shuttle) Send(ctx context.Context, b Batch) (Result, error) {
	dropped, lost := s.dropped, s.lost
	s.dropped, s.lost = loss{}, loss{} // a failure does not bring them back
	r := Result{Lines: len(b.Messages), LostBefore: dropped.lines + lost.lines}
	for {
		r.Tries++
		try := s.post(ctx, b, dropped, lost, &r)
		try.Number, try.Final = r.Tries, try.Err == nil
		s.After(try)
		if err := ctx.Err(); err != nil && !try.Delivered() {
			return r, err
		}
		if try.Final {
			r.Refused = !try.Delivered()
			r.Lost = r.Refused
			return r, nil
		}
		if r.Tries == maxTries || s.Crowded() {
			break
		}
		pause := shuttlePause
		if errors.Is(try.Err, io.EOF) {
			pause = shuttleEOFPause
		}
		if clock.Sleep(ctx, time.Duration(r.Tries)*pause) != nil {
			return r, ctx.Err()
		}
	}
	r.Lost = true
	s.lost.add(r.Lines)
	return r, nil
}

// post makes one try.
func (s *Shuttle) post(ctx context.Context, b Batch, dropped, lost loss, r *Result) Try {
	var try Try
	for _, l := range []struct {
		loss
		format string
	}{{dropped, "Error L12: %d messages dropped since %s\n"}, {lost, "Error L13: %d messages lost since %s\n"}} {
		if l.lines > 0 {
			text := fmt.Sprintf(l.format, l.lines, l.since.UTC().Format(shuttleTimeLayout))
			try.Loss = append(try.Loss, fmt.Appendf(nil, "<172>1 %s heroku app log-shuttle - - %s", time.Now().UTC().Format(shuttleTimeLayout), text))
		}
	}
	content := append(body(try.Loss), body(b.Messages)...)
	// The length of this reader is unknown to net/http, which therefore sends it in chunks.
	s.conn.do(ctx, s.Timeout, &try, struct{ io.Reader }{bytes.NewReader(content)}, http.Header{
		"X-Request-Id": {requestID(b.FrameID)},
		"User-Agent":   {"log-shuttle/0.18.0 (go1.12; linux; amd64; gc)"},
	})
	r.Bytes, r.Status, r.Err = len(content), try.Status, try.Err
	return try
}

// requestID returns a batch's id in the form of a UUID, as log-shuttle sends it.
func requestID(frameID string) string {
	id := fmt.Sprintf("%032.32s", frameID)
	return fmt.Sprintf("%s-%s-%s-%s-%s", id[:8], id[8:12], id[12:16], id[16:20], id[20:])
}
