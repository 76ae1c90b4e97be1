package sqs

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// maxInFlight: "For standard queues, there is a limit of approximately 120,000 in flight messages".
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const maxInFlight = 120_000

// queue is one queue. The Service's lock guards it.
type queue struct {
	id, name, arn     string
	keeper            *keeper
	created, modified time.Time
	purged            time.Time
	purgedArrival     int64     // the latest message that had arrived then
	deletedAt         time.Time // zero unless DeleteQueue was called
	settings          attributes
	redrive           redrivePolicy      // settings["RedrivePolicy"], parsed
	allow             redriveAllowPolicy // settings["RedriveAllowPolicy"], parsed
	policy            policy             // settings["Policy"], parsed
	tags              map[string]string

	messages map[string]*message // by ID
	visible  messageHeap         // by arrival
	inFlight messageHeap         // received and hidden; by visibleAt
	delayed  messageHeap         // hidden and never received; by visibleAt
	expiry   time.Time           // no message expires before this time
	history  countHistory        // what the counts were
	changed  chan struct{}       // closed and replaced when waiting receivers should check the queue again
}

func (s *Service) newQueue(name string, settings attributes, now time.Time) *queue {
	byVisibleAt := func(a, b *message) bool { return a.visibleAt.Before(b.visibleAt) }
	q := &queue{
		id: awsapi.NewID(), name: name, arn: s.arn(name), keeper: &s.keeper,
		created: now, modified: now,
		settings: defaultAttributes(),
		tags:     make(map[string]string),
		messages: make(map[string]*message),
		visible:  messageHeap{before: func(a, b *message) bool { return a.arrival < b.arrival }},
		inFlight: messageHeap{before: byVisibleAt},
		delayed:  messageHeap{before: byVisibleAt},
		changed:  make(chan struct{}),
	}
	q.set(settings, now)
	return q
}

// set changes settings, which parseAttributes must have validated.
func (q *queue) set(settings attributes, now time.Time) {
	maps.Copy(q.settings, settings)
	q.redrive, _ = parseRedrivePolicy(q.settings["RedrivePolicy"])
	q.allow, _ = parseRedriveAllowPolicy(q.settings["RedriveAllowPolicy"])
	q.policy, _ = parsePolicy(q.settings["Policy"])
	q.modified = now
	q.expiry = time.Time{} // the retention period may have changed
}

func (q *queue) seconds(attribute string) time.Duration {
	return time.Duration(q.settings.number(attribute)) * time.Second
}

// notify makes the receivers that wait for a message check the queue again.
func (q *queue) notify() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// add adds a message that becomes visible after delay.
func (q *queue) add(m *message, now time.Time, delay time.Duration) {
	q.messages[m.id], m.queue = m, q
	if expires := m.sent.Add(q.seconds("MessageRetentionPeriod")); expires.Before(q.expiry) {
		q.expiry = expires
	}
	m.visibleAt = now.Add(delay)
	if delay > 0 {
		q.delayed.put(m)
	} else {
		q.visible.put(m)
	}
	q.notify()
}

func (q *queue) remove(m *message) {
	m.unlink()
	delete(q.messages, m.id)
}

// refresh brings the queue up to date: it removes expired messages and makes those hidden messages visible that are due.
func (q *queue) refresh(now time.Time) {
	if !now.Before(q.expiry) {
		retention := q.seconds("MessageRetentionPeriod")
		q.expiry = now.Add(retention)
		var expired []*message
		for _, m := range q.messages {
			expires := m.sent.Add(retention)
			switch {
			case !now.Before(expires):
				q.remove(m)
				expired = append(expired, m)
			case expires.Before(q.expiry):
				q.expiry = expires
			}
		}
		q.keeper.drop(expired...)
	}
	for _, hidden := range []*messageHeap{&q.inFlight, &q.delayed} {
		for m := hidden.first(); m != nil && !now.Before(m.visibleAt); m = hidden.first() {
			q.visible.put(m)
		}
	}
}

// nextVisible returns the time at which the next hidden message becomes visible, or limit if that is earlier.
func (q *queue) nextVisible(limit time.Time) time.Time {
	for _, hidden := range []*messageHeap{&q.inFlight, &q.delayed} {
		if m := hidden.first(); m != nil && m.visibleAt.Before(limit) {
			limit = m.visibleAt
		}
	}
	return limit
}

// describe returns all attributes of the queue, as GetQueueAttributes shows them.
func (q *queue) describe(now time.Time, lag time.Duration) map[string]string {
	q.refresh(now)
	q.note(now, lag)
	n := q.shownCounts(now, lag)
	shown := maps.Clone(q.settings)
	for _, policy := range []string{"RedrivePolicy", "RedriveAllowPolicy", "Policy"} {
		if shown[policy] == "" {
			delete(shown, policy)
		}
	}
	shown["QueueArn"] = q.arn
	shown["CreatedTimestamp"] = strconv.FormatInt(q.created.Unix(), 10)
	shown["LastModifiedTimestamp"] = strconv.FormatInt(q.modified.Unix(), 10)
	shown["ApproximateNumberOfMessages"] = strconv.Itoa(n.visible)
	shown["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(n.inFlight)
	shown["ApproximateNumberOfMessagesDelayed"] = strconv.Itoa(n.delayed)
	return shown
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
