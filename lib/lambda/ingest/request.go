// Package ingest takes one drain request in: it checks the credential, seals the body and puts it into the app's queue.
//
// The sender is Logplex. It waits 5 s for an answer, tries a 5xx again at once and twice, and drops the batch for good on a 4xx other
// than 429. So whatever another try could cure is answered with 503, and only after all the time there is was used.
package ingest

import (
	"strconv"
	"time"

	"heroku-drains/lib/envelope"
)

// Request is one POST to a drain URL. Headers that were not sent are empty.
type Request struct {
	App           string // from the URL's path, a valid name
	Authorization string
	MsgCount      string // Logplex-Msg-Count
	FrameID       string // Logplex-Frame-Id
	DrainToken    string // Logplex-Drain-Token
	RequestID     string // the gateway's
	ReceivedAt    time.Time
	Body          string // as the gateway hands it over
	IsBase64      bool
}

func (r Request) header() envelope.Header {
	count, err := strconv.Atoi(r.MsgCount)
	if err != nil || count < 0 {
		count = -1 // none, or none that can be read: no reason to refuse logs
	}
	return envelope.Header{
		App: r.App, DrainToken: r.DrainToken, FrameID: r.FrameID, RequestID: r.RequestID, MsgCount: count, ReceivedAt: r.ReceivedAt,
	}
}
