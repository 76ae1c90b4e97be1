package sqs

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

// maxInFlight: "For standard queues, there is a limit of approximately 120,000 in flight messages".
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const maxInFlight = 120_000

// queue is one queue; the Service's lock guards it.
type queue struct {
	name, arn         string
	created, modified time.Time
	purged            time.Time
	settings          attributes
	redrive           redrivePolicy      // settings["RedrivePolicy"], read
	allow             redriveAllowPolicy // settings["RedriveAllowPolicy"], read
	tags              map[string]string

	messages map[string]*message // by id
	visible  pile                // in order of arrival
	inFlight pile                // received; by the time they become visible again
	delayed  pile                // never received; by the time they become visible
	expiry   time.Time           // no message expires before
	changed  chan struct{}       // closed and replaced when a waiting receiver should look again
}

func newQueue(name, arn string, settings attributes, now time.Time) *queue {
	bySight := func(a, b *message) bool { return a.visibleAt.Before(b.visibleAt) }
	q := &queue{
		name: name, arn: arn,
		created: now, modified: now,
		settings: defaultAttributes(),
		tags:     make(map[string]string),
		messages: make(map[string]*message),
		visible:  pile{before: func(a, b *message) bool { return a.arrival < b.arrival }},
		inFlight: pile{before: bySight},
		delayed:  pile{before: bySight},
		changed:  make(chan struct{}),
	}
	q.set(settings, now)
	return q
}

// set changes settings that parseAttributes has checked.
func (q *queue) set(settings attributes, now time.Time) {
	maps.Copy(q.settings, settings)
	q.redrive, _ = parseRedrivePolicy(q.settings["RedrivePolicy"])
	q.allow, _ = parseRedriveAllowPolicy(q.settings["RedriveAllowPolicy"])
	q.modified = now
	q.expiry = time.Time{} // the retention may be another
}

func (q *queue) seconds(attribute string) time.Duration {
	return time.Duration(q.settings.number(attribute)) * time.Second
}

// wake makes everyone who waits for a message look again.
func (q *queue) wake() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// add takes a message in, to be seen after delay.
func (q *queue) add(m *message, now time.Time, delay time.Duration) {
	q.messages[m.id] = m
	if expires := m.sent.Add(q.seconds("MessageRetentionPeriod")); expires.Before(q.expiry) {
		q.expiry = expires
	}
	m.visibleAt = now.Add(delay)
	if delay > 0 {
		q.delayed.put(m)
	} else {
		q.visible.put(m)
	}
	q.wake()
}

func (q *queue) remove(m *message) {
	m.leave()
	delete(q.messages, m.id)
}

// settle brings the queue up to the time: expired messages go, hidden ones whose time has come are visible.
func (q *queue) settle(now time.Time) {
	if !now.Before(q.expiry) {
		retention := q.seconds("MessageRetentionPeriod")
		q.expiry = now.Add(retention)
		for _, m := range q.messages {
			expires := m.sent.Add(retention)
			switch {
			case !now.Before(expires):
				q.remove(m)
			case expires.Before(q.expiry):
				q.expiry = expires
			}
		}
	}
	for _, hidden := range []*pile{&q.inFlight, &q.delayed} {
		for m := hidden.first(); m != nil && !now.Before(m.visibleAt); m = hidden.first() {
			q.visible.put(m)
		}
	}
}

// nextVisible is when the next hidden message becomes visible, or limit if that is earlier.
func (q *queue) nextVisible(limit time.Time) time.Time {
	for _, hidden := range []*pile{&q.inFlight, &q.delayed} {
		if m := hidden.first(); m != nil && m.visibleAt.Before(limit) {
			limit = m.visibleAt
		}
	}
	return limit
}

// describe is every attribute the queue has, as GetQueueAttributes shows it.
func (q *queue) describe(now time.Time) map[string]string {
	q.settle(now)
	shown := maps.Clone(q.settings)
	for _, policy := range []string{"RedrivePolicy", "RedriveAllowPolicy"} {
		if shown[policy] == "" {
			delete(shown, policy)
		}
	}
	shown["QueueArn"] = q.arn
	shown["CreatedTimestamp"] = strconv.FormatInt(q.created.Unix(), 10)
	shown["LastModifiedTimestamp"] = strconv.FormatInt(q.modified.Unix(), 10)
	shown["ApproximateNumberOfMessages"] = strconv.Itoa(q.visible.Len())
	shown["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(q.inFlight.Len())
	shown["ApproximateNumberOfMessagesDelayed"] = strconv.Itoa(q.delayed.Len())
	return shown
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
