package simulate

import "time"

// Entry is what a Ledger knows of one line on its way to one drain.
type Entry struct {
	Drain    string        // the drain's token
	Node     int           // the Logplex node that has it, from 0
	Raw      []byte        // the syslog message without its count, as it is sent
	Made     time.Time     // when it was made
	FrameID  string        // of the POST that it is in; empty before it is sent
	Position int           // in that POST, from 0, not counting a line about losses
	Tries    int           // POSTs of it so far
	Outcome  Outcome       //
	Reason   Reason        // why it was dropped, or why its outcome is open
	Status   int           // HTTP status of the last try; 0 if there was no response
	Took     time.Duration // of the longest try
	// MaybeStored says that the drain may have stored the line although it was not acknowledged: in some try it had the chance to read it, and
	// did not refuse it with a permanent status.
	MaybeStored bool
	// Loss says that Logplex made the line itself, about lines that it lost: an L10, or an L12 or L13 of log-shuttle. It has position -1, and an
	// entry for each try that it was in, because each try has its own.
	Loss bool
}

// Outcome is what became of a line.
type Outcome string

// The outcomes. The last two are final.
const (
	Waiting      Outcome = "waiting"      // in a buffer
	Sent         Outcome = "sent"         // in a POST that has not been answered, or that is repeated
	Acknowledged Outcome = "acknowledged" // answered with 2xx
	Dropped      Outcome = "dropped"
)

// Reason says why a line was dropped.
type Reason string

// The reasons.
const (
	Overflow     Reason = "overflow"     // displaced in a full buffer
	Shrunk       Reason = "shrunk"       // displaced when the buffer shrank, after five minutes without success
	NotRepeated  Reason = "not_repeated" // answered with a status that Heroku never repeats: 4xx except 429, in space mode anything but 2xx
	Retries      Reason = "retries"      // every try failed for the time being
	Unsubscribed Reason = "unsubscribed" // in the buffer of a drain that was removed
	Unknown      Reason = "unknown"      // the simulation ended before the answer
)

// settled reports whether the outcome is final.
func (e *Entry) settled() bool { return e.Outcome == Acknowledged || e.Outcome == Dropped }
