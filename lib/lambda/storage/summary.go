package storage

import (
	"log/slog"
	"time"

	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/ledger"
)

// summary counts what happened to the messages of one invocation.
type summary struct {
	ledger.Entry     // of lines, once the fate of their messages is known: see accounts
	messages     int // received
	failed       int // messages to be delivered again
	unreadable   int // those of them that are not envelopes of the app
	events       int // stored
	bytes        int // of the stored events as CloudWatch Logs counts them: their text and 26 each
	matched      int // lines that matched an alert rule, also those stored before
	notSent      int // 1 if what matched could not be sent to the alerts queue

	lag   time.Duration // the longest time from a line's own time until it was stored
	timed bool          // lag is set: a stored line had a time of its own
	app   appSums
}

// add counts events that have just been stored.
func (s *summary) add(events []event, now time.Time) {
	s.events += len(events)
	for _, e := range events {
		s.bytes += e.size()
		s.app.add(e.told)
		if e.malformed {
			s.Malformed++
		}
		if e.moved {
			s.Moved++
		}
		if lag := time.Duration(now.UnixNano() - e.time); e.ownTime && (!s.timed || lag > s.lag) {
			s.lag, s.timed = lag, true
		}
	}
}

// attrs returns what the log says about the batch: its entry in the ledger, and counts that are not 0.
func (s summary) attrs() []slog.Attr {
	attrs := append([]slog.Attr{slog.Int("messages", s.messages)}, s.Attrs()...)
	for _, count := range []struct {
		name  string
		value int
	}{{"failed", s.failed}, {"unreadable", s.unreadable}, {"events", s.events}, {"bytes", s.bytes}, {"matched", s.matched}} {
		if count.value != 0 {
			attrs = append(attrs, slog.Int(count.name, count.value))
		}
	}
	return attrs
}

func (s summary) batch() metrics.Batch {
	b := metrics.Batch{Stored: s.events, Malformed: s.Malformed, Moved: s.Moved, Lost: s.Lost(), AlertsNotSent: s.notSent}
	if s.timed {
		b.Lag = &s.lag
	}
	return b
}
