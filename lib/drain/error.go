package drain

import "time"

// The codes of errors that the API returns.
const (
	InvalidAppName       = "InvalidAppName"
	InvalidSettings      = "InvalidSettings"
	InvalidNext          = "InvalidNext"
	InvalidQuery         = "InvalidQuery"
	NoSuchRoute          = "NoSuchRoute"
	NotFound             = "NotFound"
	DrainBusy            = "DrainBusy"
	DrainReplaced        = "DrainReplaced"
	QueueDeletedRecently = "QueueDeletedRecently"
	QueueNotOurs         = "QueueNotOurs"
	InvalidBody          = "InvalidBody"
	InvalidMute          = "InvalidMute"
	NoSuchRule           = "NoSuchRule"
	TopicRefused         = "TopicRefused"
	InternalError        = "InternalError"
)

// Error is a refusal that the caller can act on; the message says how.
type Error struct {
	Code       string
	Message    string
	RetryAfter time.Duration // the same call may succeed after this time; 0: it will not
}

// Error returns the message. The code is for programs.
func (e *Error) Error() string { return e.Message }
