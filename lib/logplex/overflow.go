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

// IsOverflow reports whether the line is an L10 line: Logplex's own report that it dropped lines. Logplex puts one in front of a batch that
// it sends again under the same frame id, so a retry may have a line more than the first try.
func (l Line) IsOverflow() bool {
	return string(l.Source) == platformSource && string(l.Process) == logplexProcess && bytes.HasPrefix(l.Message, []byte("Error L10"))
}
