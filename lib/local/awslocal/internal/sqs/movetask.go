package sqs

import (
	"encoding/base64"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// moveTask sends a dead-letter queue's messages back; the Service's lock guards it.
type moveTask struct {
	handle        taskHandle
	destination   string // ARN; empty: each message's own source
	perSecond     *int
	started       time.Time
	status        string // RUNNING, COMPLETED, CANCELLED or FAILED
	failure       string
	moved, toMove int
}

// taskHandle names a task; clients see one opaque word.
type taskHandle struct {
	TaskID    string `json:"taskId"`
	SourceARN string `json:"sourceArn"`
}

func (h taskHandle) String() string {
	return base64.StdEncoding.EncodeToString([]byte(marshal(h)))
}

// run moves the messages, at the speed asked for.
func (s *Service) run(t *moveTask) {
	for s.moveOne(t) {
		if t.perSecond == nil {
			continue
		}
		if s.clock.Wait(s.lifetime, time.Second/time.Duration(*t.perSecond)) != nil {
			return // the service ends
		}
	}
}

// moveOne moves one message, or ends the task; it tells whether there may be more.
func (s *Service) moveOne(t *moveTask) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.status != "RUNNING" {
		return false
	}
	source := s.byARN(t.handle.SourceARN)
	if source == nil {
		t.fail(noSuchQueue().QueryCode)
		return false
	}
	now := s.clock.Now()
	source.settle(now)
	m := source.visible.first()
	if m == nil || t.moved == t.toMove {
		t.status = "COMPLETED"
		return false
	}
	target := t.destination
	if target == "" {
		target = m.source
	}
	if target == "" { // sent to the dead-letter queue by hand
		t.fail("CouldNotDetermineMessageSource")
		return false
	}
	destination := s.byARN(target)
	if destination == nil {
		t.fail(noSuchQueue().QueryCode)
		return false
	}
	source.remove(m)
	s.arrival++
	// "The redriven messages are considered new messages with a new messageID and enqueueTime": the count starts again, too
	destination.add(&message{
		id: awsapi.NewID(), body: m.body, attributes: m.attributes, sender: m.sender, sent: now, arrival: s.arrival,
	}, now, 0)
	t.moved++
	return true
}

func (t *moveTask) fail(reason string) {
	t.status, t.failure = "FAILED", reason
}
