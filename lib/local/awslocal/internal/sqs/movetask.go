package sqs

import (
	"encoding/base64"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/journal"
)

// moveTask is a message move task: it moves the messages of a dead-letter queue. The Service's lock guards it.
type moveTask struct {
	handle        taskHandle
	number        int    // in the order in which they were started
	destination   string // ARN; if empty, each message goes to the queue it came from
	perSecond     *int
	started       time.Time
	status        string // RUNNING, COMPLETED, CANCELLED or FAILED
	failure       string
	moved, toMove int
}

// taskHandle identifies a task. Clients see it as an opaque string.
type taskHandle struct {
	TaskID    string `json:"taskId"`
	SourceARN string `json:"sourceArn"`
}

func (h taskHandle) String() string {
	return base64.StdEncoding.EncodeToString([]byte(marshal(h)))
}

// runMove moves the messages of a task at the requested rate. It returns when the task or the Service ends.
func (s *Service) runMove(t *moveTask) {
	for s.moveOne(t) && s.pause(t) {
		continue
	}
}

// pause waits until the task may move the next message. It reports false if the Service was closed.
func (s *Service) pause(t *moveTask) bool {
	return t.perSecond == nil || s.clock.Wait(s.lifetime, time.Second/time.Duration(*t.perSecond)) == nil
}

// moveOne moves one message or ends the task. It reports whether the task goes on.
func (s *Service) moveOne(t *moveTask) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.status != "RUNNING" || s.keeper.journal.Err() != nil {
		return false
	}
	changed, goesOn := s.move(t)
	s.keeper.save(append(changed, t)...)
	return goesOn
}

// move does what moveOne does, and returns which messages it has changed.
func (s *Service) move(t *moveTask) (changed []journal.Entity, goesOn bool) {
	source := s.byARN(t.handle.SourceARN)
	if source == nil {
		t.fail(noSuchQueue().QueryCode)
		return nil, false
	}
	now := s.clock.Now()
	source.refresh(now)
	m := source.visible.first()
	if m == nil || t.moved == t.toMove {
		t.status = "COMPLETED"
		return nil, false
	}
	target := t.destination
	if target == "" {
		target = m.source
	}
	if target == "" { // the message was sent directly to the dead-letter queue
		t.fail("CouldNotDetermineMessageSource")
		return nil, false
	}
	destination := s.byARN(target)
	if destination == nil {
		t.fail(noSuchQueue().QueryCode)
		return nil, false
	}
	source.remove(m)
	s.arrival++
	// "The redriven messages are considered new messages with a new messageID and enqueueTime", so the receive count starts at 0 again.
	moved := &message{
		id: awsapi.NewID(), body: m.body, attributes: m.attributes, sender: m.sender, sent: now, arrival: s.arrival,
	}
	destination.add(moved, now, 0)
	s.noteAll(source, destination)
	t.moved++
	return append(gone(m), messageBody{moved}, moved), true
}

func (t *moveTask) fail(reason string) {
	t.status, t.failure = "FAILED", reason
}
