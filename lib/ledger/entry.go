// Package ledger says what became of the lines of an app: the storage function writes an Entry for each batch into its own log, the drains
// function a line for each POST that it does not take, and a query of Logs Insights adds them up by app and day. So the ledger costs what these
// log lines cost, and no metric for each app.
package ledger

import "log/slog"

// The messages of the log lines that are part of the ledger. The query finds them by these, in logs that are up to two weeks old: a
// change would hide the days before it.
const (
	BatchDone    = "batch done"    // of the storage function: an Entry
	PostRejected = "POST rejected" // of the drains function: a POST with a 4xx status, which Heroku does not send again
	PostFailed   = "POST failed"   // of the drains function: a POST with a 5xx status or 429, which Logplex sends again, twice
)

// NotClaimed is the beginning of the message that the storage function logs if durable dedup fails. doctor searches for it.
const NotClaimed = "messages cannot be claimed"

// The other members of these log lines.
const (
	AppMember   = "app"
	LinesMember = "lines" // of a POST: its Logplex-Msg-Count
)

// Entry is what happened to an app's lines in a batch, or in a day. A line that Heroku split into chunks is one, if they came in one message.
//
// Each line that was taken has exactly one fate: Unaccounted is 0. A line of a message that failed is taken again when SQS delivers the message
// again, or it becomes a dead letter.
type Entry struct {
	Posts       int `json:"posts"`       // POSTs whose lines were taken, without copies and those that failed
	Copies      int `json:"copies"`      // messages that were stored before: Logplex sent the POST again, or SQS delivered its message again
	Miscounted  int `json:"miscounted"`  // by how many frames POSTs differ from their Logplex-Msg-Count
	Refused     int `json:"refused"`     // POSTs that were answered with a 4xx status: Heroku drops their lines
	Unavailable int `json:"unavailable"` // POSTs that were answered with a 5xx status or 429: Logplex sends them again, twice

	Taken      int `json:"taken"`      // lines in messages of the queue
	Stored     int `json:"stored"`     // lines that are in the log stream since this batch
	Blank      int `json:"blank"`      // pieces of only white space, which are not stored
	Dropped    int `json:"dropped"`    // lines that a drop rule left out
	Rejected   int `json:"rejected"`   // lines that CloudWatch Logs rejected for their time: they are lost
	Duplicates int `json:"duplicates"` // lines that were stored before, and that were recognized
	Returned   int `json:"returned"`   // lines of messages that failed

	Malformed int `json:"malformed"` // stored lines that are not in Heroku's format, or were refused and stored escaped
	Escaped   int `json:"escaped"`   // stored events that CloudWatch Logs refused as they were
	Moved     int `json:"moved"`     // stored lines whose time CloudWatch Logs would have rejected

	// With durable dedup, messages whose copies would be stored again: see package claims.
	Unclaimed int `json:"unclaimed"` // stored without a claim, because DynamoDB did not answer
	Unmarked  int `json:"unmarked"`  // stored, but DynamoDB did not accept the mark that they are

	L10 int `json:"l10"` // lines that Logplex dropped because this drain did not take them: see logformat.Lost
	L12 int `json:"l12"` // lines that a dyno could not hand over, because it printed too fast
	L13 int `json:"l13"` // lines that a dyno could not deliver to Logplex

	// LagMS is the longest time from when a POST was received until its lines were stored, in milliseconds. The lines' own times do not matter: they
	// can be old when Heroku sends them.
	LagMS int `json:"lag_ms"`
}

// field is a count of an Entry by its name, in log lines and in results.
type field struct {
	name  string
	value *int
}

// sums are the counts that are added up.
func (e *Entry) sums() []field {
	return []field{
		{"posts", &e.Posts}, {"copies", &e.Copies}, {"miscounted", &e.Miscounted}, {"refused", &e.Refused}, {"unavailable", &e.Unavailable},
		{"taken", &e.Taken}, {storedField, &e.Stored}, {"blank", &e.Blank}, {"dropped", &e.Dropped}, {"rejected", &e.Rejected},
		{"duplicates", &e.Duplicates}, {"returned", &e.Returned}, {"malformed", &e.Malformed}, {"escaped", &e.Escaped}, {"moved", &e.Moved},
		{"unclaimed", &e.Unclaimed}, {"unmarked", &e.Unmarked}, {"l10", &e.L10}, {"l12", &e.L12}, {"l13", &e.L13},
	}
}

// lagField is the name of LagMS, of which the greatest counts.
const lagField = "lag_ms"

// Attrs returns the counts for a log line. Those that are 0 are left out, because each byte of a log costs money; only taken is always there.
func (e Entry) Attrs() []slog.Attr {
	var attrs []slog.Attr
	for _, f := range e.sums() {
		if *f.value != 0 || f.name == takenField {
			attrs = append(attrs, slog.Int(f.name, *f.value))
		}
	}
	if e.LagMS != 0 {
		attrs = append(attrs, slog.Int(lagField, e.LagMS))
	}
	return attrs
}

const (
	takenField  = "taken" // in every Entry of a log, and in no log line of a version before the ledger
	storedField = "stored"
)

// Add adds another entry.
func (e *Entry) Add(other Entry) {
	others := other.sums()
	for i, f := range e.sums() {
		*f.value += *others[i].value
	}
	e.LagMS = max(e.LagMS, other.LagMS)
}

// Settled returns how many of the lines that were taken were not returned: a line that is taken again counts once.
func (e Entry) Settled() int { return e.Taken - e.Returned }

// Unaccounted returns how many of the lines that were taken have no fate, or, if negative, more than one. It is 0 unless a counter is wrong.
func (e Entry) Unaccounted() int {
	return e.Taken - e.Stored - e.Blank - e.Dropped - e.Rejected - e.Duplicates - e.Returned
}

// Lost returns how many lines are lost for good, as far as anyone says: those that Heroku lost on their way here, and those that CloudWatch Logs
// rejected.
func (e Entry) Lost() int { return e.L10 + e.L12 + e.L13 + e.Rejected }
