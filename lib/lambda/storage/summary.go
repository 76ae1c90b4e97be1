package storage

import (
	"log/slog"
	"time"

	"heroku-drains/lib/lambda/metrics"
)

// summary counts what happened to the messages of one invocation.
type summary struct {
	messages   int // received
	lines      int // in the messages, without those stored before
	stored     int // events
	bytes      int // of the stored events as CloudWatch Logs counts them: their text and 26 each
	malformed  int // stored pieces that are not lines, and escaped events
	escaped    int // events that CloudWatch Logs refused, and that are stored escaped
	blank      int // pieces of only white space, which are not stored
	miscounted int // by how many frames the messages differ from their Logplex-Msg-Count
	moved      int // stored lines whose time CloudWatch Logs would reject
	duplicates int // messages that were stored before
	rejected   int // events that CloudWatch Logs nevertheless rejected for their time
	failed     int // messages to be delivered again
	matched    int // lines that matched an alert rule, also those stored before
	dropped    int // lines that a rule dropped
	notSent    int // 1 if what matched could not be sent to the alerts queue

	lag   time.Duration // the longest time from a line's own time until it was stored
	timed bool          // lag is set: a stored line had a time of its own
	app   appSums
}

// add counts events that have just been stored.
func (s *summary) add(events []event, now time.Time) {
	s.stored += len(events)
	for _, e := range events {
		s.bytes += e.size()
		s.app.add(e.told)
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
		slog.Int("bytes", s.bytes), slog.Int("malformed", s.malformed), slog.Int("escaped", s.escaped), slog.Int("duplicates", s.duplicates), slog.Int("moved", s.moved),
		slog.Int("blank", s.blank), slog.Int("miscounted", s.miscounted), slog.Int("rejected", s.rejected), slog.Int("failed", s.failed),
		slog.Int("matched", s.matched), slog.Int("dropped", s.dropped),
	}
}

func (s summary) batch() metrics.Batch {
	b := metrics.Batch{Stored: s.stored, Malformed: s.malformed, Rejected: s.rejected, Moved: s.moved, AlertsNotSent: s.notSent}
	if s.timed {
		b.Lag = &s.lag
	}
	return b
}
