// Package ingest receives one POST to a drain URL: it checks the password, seals the body and puts it into the app's queue.
//
// The sender is Logplex. It waits 5 seconds for a response, retries twice, at once, after a 5xx, and drops the batch after a 4xx other than
// 429. So anything that a retry could fix gets a 503, and only after all of that time is used up. In a Shield Private Space, the sender is
// log-shuttle, which never retries after a response: see directTimeLimit.
// https://github.com/heroku/log-shuttle/blob/master/http_outlet.go
package ingest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"heroku-drains/lib/envelope"
)

// Request is one POST to a drain URL. Missing headers are empty.
type Request struct {
	App             string // from the URL's path; a valid name
	Authorization   string
	ContentEncoding string
	MsgCount        string // Logplex-Msg-Count
	FrameID         string // Logplex-Frame-Id
	DrainToken      string // Logplex-Drain-Token
	SenderRequestID string // X-Request-Id; log-shuttle sends the same one with every copy of a batch
	RequestID       string // the gateway's
	ReceivedAt      time.Time
	Body            string // as the gateway passes it on
	IsBase64        bool
}

// direct reports whether the request comes from log-shuttle itself, without the headers that Logplex sends.
func (r Request) direct() bool { return r.FrameID == "" && r.DrainToken == "" }

// timeLimit returns the time to respond to the request, from its arrival.
func (r Request) timeLimit() time.Duration {
	if r.direct() {
		return directTimeLimit
	}
	return timeLimit
}

// header returns what travels with the body.
func (r Request) header() envelope.Header {
	count, err := strconv.Atoi(r.MsgCount)
	if err != nil || count < 0 {
		count = -1 // missing or unreadable, which is not a reason to reject logs
	}
	count = min(count, maxCount)
	return envelope.Header{
		App: r.App, DrainToken: identifier(r.DrainToken), FrameID: identifier(cmp.Or(r.FrameID, r.SenderRequestID)),
		RequestID: r.RequestID, MsgCount: count, ReceivedAt: r.ReceivedAt,
	}
}

// maxCount is more frames than a body can have, 10 MB. Larger counts are as wrong, and sums of them would overflow.
const maxCount = 10_000_000

// maxIdentifier is more than the identifiers of Logplex and log-shuttle have, 32 to 38 bytes.
const maxIdentifier = 128

// identifier returns an identifier as it is, or a hash of a longer one: the gateway passes on headers of 10 KB, and the storage function, which
// stores the lines of all apps, remembers thousands of identifiers.
func identifier(id string) string {
	if len(id) <= maxIdentifier {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "sha256:" + hex.EncodeToString(sum[:])
}
