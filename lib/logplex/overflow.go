package logplex

import (
	"bytes"
	"fmt"
	"time"
)

// Where Heroku's own lines come from: the platform's, and those about add-ons, such as heroku-postgres.
const (
	platformSource = "heroku"
	addonPrefix    = "heroku-"
)

// What identifies an L10 line, besides its source.
const (
	logplexProcess  = "logplex"
	overflowMessage = "Error L10 (output buffer overflow): "
)

// Overflow returns the L10 line that Logplex puts in front of a batch after it dropped lines of that drain. Its times are in whole seconds.
// https://devcenter.heroku.com/articles/error-codes#l10-drain-buffer-overflow
func Overflow(at time.Time, dropped int, since time.Time) Line {
	return Line{
		Priority: PriorityOverflow,
		Time:     at.UTC().Truncate(time.Second),
		Source:   []byte(platformSource),
		Process:  []byte(logplexProcess),
		Message: fmt.Appendf(nil, "%s%d messages dropped since %s.", overflowMessage, dropped,
			since.UTC().Truncate(time.Second).Format(TimeLayout)),
	}
}

// What identifies the lines of log-shuttle about lines that it lost, on the dyno's side: those that it could not buffer, and could not send.
// https://devcenter.heroku.com/articles/error-codes#l12-local-buffer-overflow
const (
	dynoSource     = "app"
	shuttleProcess = "log-shuttle"
)

// IsOverflow reports whether the line is Heroku's own report that it dropped lines: Logplex's L10, or log-shuttle's L12 or L13. These stand in front
// of a batch that is sent again under the same frame id, and each try has its own: with other counts, or at least another time.
func (l Line) IsOverflow() bool {
	switch {
	case string(l.Source) == platformSource && string(l.Process) == logplexProcess:
		return bytes.HasPrefix(l.Message, []byte("Error L10"))
	case string(l.Source) == dynoSource && string(l.Process) == shuttleProcess:
		return bytes.HasPrefix(l.Message, []byte("Error L12")) || bytes.HasPrefix(l.Message, []byte("Error L13"))
	}
	return false
}
