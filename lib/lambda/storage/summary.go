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

// attrs returns what the log says about the batch: its entry in the ledger, and what the entry does not say. Every byte of it is paid for.
func (s summary) attrs() []slog.Attr {
	attrs := s.Attrs()
	if s.timed {
		attrs = append(attrs, slog.Int64(ledger.LineLagMember, max(0, s.lag.Milliseconds())))
	}
	for _, count := range []struct {
		name        string
		value, said int
	}{{"messages", s.messages, s.Posts}, {"failed", s.failed, 0}, {"unreadable", s.unreadable, 0}, {"events", s.events, s.Stored}, {"bytes", s.bytes, 0}, {"matched", s.matched, 0}} {
		if count.value != count.said {
			attrs = append(attrs, slog.Int(count.name, count.value))
		}
	}
	return attrs
}

func (s summary) batch() metrics.Batch {
	return metrics.Batch{Malformed: s.Malformed, Moved: s.Moved, Lost: s.Lost(), AlertsNotSent: s.notSent}
}
