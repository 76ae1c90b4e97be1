package storage

import (
	"log/slog"
	"time"

	"heroku-drains/lib/lambda/metrics"
)

// summary counts what became of one invocation's messages.
type summary struct {
	messages   int // that came
	lines      int // in them, but for those that were stored before
	stored     int // events
	bytes      int // of those events, as CloudWatch counts them: their text and 26 for each
	malformed  int // of what they hold, pieces that are no lines
	moved      int // of what they hold, lines whose time CloudWatch would refuse
	duplicates int // messages stored before
	rejected   int // events that CloudWatch refused for their time, whatever was done about it
	failed     int // messages that have to come again

	lag   time.Duration // the longest that a stored line took, by its own time
	timed bool          // there is such a line
}

// add counts events that were stored now.
func (s *summary) add(events []event, now time.Time) {
	s.stored += len(events)
	for _, e := range events {
		s.bytes += e.size()
		if e.malformed {
			s.malformed++
		}
		if e.moved {
			s.moved++
		}
		if lag := time.Duration(now.UnixNano() - e.time); e.ownTime && (!s.timed || lag > s.lag) {
			s.lag, s.timed = lag, true
		}
	}
}

func (s summary) attrs() []slog.Attr {
	return []slog.Attr{
		slog.Int("messages", s.messages), slog.Int("lines", s.lines), slog.Int("stored", s.stored),
		slog.Int("bytes", s.bytes), slog.Int("malformed", s.malformed), slog.Int("duplicates", s.duplicates), slog.Int("moved", s.moved),
		slog.Int("rejected", s.rejected), slog.Int("failed", s.failed),
	}
}

func (s summary) batch() metrics.Batch {
	b := metrics.Batch{Stored: s.stored, Malformed: s.malformed, Rejected: s.rejected, Moved: s.moved}
	if s.timed {
		b.Lag = &s.lag
	}
	return b
}
