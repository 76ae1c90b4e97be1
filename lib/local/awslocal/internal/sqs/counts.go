package sqs

import (
	"time"

	"heroku-drains/lib/local/awslocal/internal/journal"
)

// Lag is how long SQS takes to show a change. The zero value shows every change at once.
type Lag struct {
	// Counts is how old the approximate counts are: they "may not achieve consistency until at least 1 minute after the producers stop
	// sending messages". https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
	Counts time.Duration
	// Deletion is how long a deleted queue still works: "the deletion process takes up to 60 seconds. Requests you send involving that
	// queue during the 60 seconds might succeed."
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html
	Deletion time.Duration
	// Lists is how long ListQueues omits a new queue: "it takes a short time for the queue to be usable, wait at least one second".
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
	Lists time.Duration
}

// counts are how many messages a queue has.
type counts struct{ visible, inFlight, delayed int }

// countHistory remembers counts for as long as they are shown. The zero value has none: the queue was empty.
type countHistory struct {
	past []pastCounts // oldest first
}

type pastCounts struct {
	counts
	since time.Time
}

// add records the counts from now on.
func (h *countHistory) add(c counts, now time.Time, lag time.Duration) {
	if n := len(h.past); n > 0 && h.past[n-1].counts == c {
		return
	}
	h.past = append(h.past, pastCounts{counts: c, since: now})
	for len(h.past) > 1 && !now.Add(-lag).Before(h.past[1].since) {
		h.past = h.past[1:]
	}
}

// at returns the counts at a time.
func (h *countHistory) at(t time.Time) counts {
	var found counts
	for _, p := range h.past {
		if p.since.After(t) {
			break
		}
		found = p.counts
	}
	return found
}

// count returns the current counts.
func (q *queue) count() counts {
	return counts{visible: q.visible.Len(), inFlight: q.inFlight.Len(), delayed: q.delayed.Len()}
}

// note records the current counts, if they will be shown later.
func (q *queue) note(now time.Time, lag time.Duration) {
	if lag > 0 {
		q.history.add(q.count(), now, lag)
	}
}

// shownCounts returns the counts that GetQueueAttributes shows.
func (q *queue) shownCounts(now time.Time, lag time.Duration) counts {
	if lag == 0 {
		return q.count()
	}
	return q.history.at(now.Add(-lag))
}

// gone reports whether the queue no longer exists.
func (q *queue) gone(now time.Time, lag time.Duration) bool {
	return !q.deletedAt.IsZero() && !now.Before(q.deletedAt.Add(lag))
}

// sweep removes the queues whose deletion has ended. Receives that wait for a message of such a queue fail with QueueDoesNotExist. The Service
// must be locked.
func (s *Service) sweep() {
	if len(s.dying) == 0 {
		return
	}
	now := s.clock.Now()
	for name, q := range s.dying {
		if q.gone(now, s.lag.Deletion) {
			delete(s.dying, name)
			delete(s.queues, name)
			s.keeper.save(journal.Gone(q.Key())) // its messages go with it
			q.notify()
		}
	}
}

// noteAll records the counts of all queues whose messages may have changed. The Service must be locked.
func (s *Service) noteAll(queues ...*queue) {
	now := s.clock.Now()
	for _, q := range queues {
		q.note(now, s.lag.Counts)
	}
}
