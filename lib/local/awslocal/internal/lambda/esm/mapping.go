package esm

import (
	"context"
	"net/http"
	"slices"
	"time"

	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
)

// The states of a mapping.
// https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html#lambda-Type-EventSourceMappingConfiguration-State
const (
	creating  = "Creating"
	enabling  = "Enabling"
	enabled   = "Enabled"
	disabling = "Disabling"
	disabled  = "Disabled"
	updating  = "Updating"
	deleting  = "Deleting"

	settled = ""     // only in mapping.next: no transition
	gone    = "gone" // only in mapping.next: the mapping will no longer exist
)

// The results of a mapping's last batch. The API does not show them: LastProcessingResult is left out for queues. They are for tests of the
// embedded AWS.
const (
	nothingYet   = "No records processed"
	processed    = "OK"
	callFailed   = "PROBLEM: Function call failed"
	problemStart = "PROBLEM: "
)

// mapping is one event source mapping. The Service's lock guards it.
type mapping struct {
	id       string
	number   int // in the order of creation, from 1
	queue    string
	function Target
	settings settings
	tags     map[string]string

	state      string
	next       string    // the state after the current transition, or settled, or gone
	due        time.Time // when the transition ends
	created    time.Time
	modified   time.Time
	lastResult string

	// functionMissing says that the mapping was restored and its function has not been added yet.
	functionMissing bool

	stop context.CancelFunc // stops the poller; nil if there is none
}

// description is a mapping in the form that the API shows.
type description struct {
	UUID, EventSourceMappingArn, EventSourceArn, FunctionArn string
	State, StateTransitionReason                             string
	BatchSize, MaximumBatchingWindowInSeconds                int
	ScalingConfig                                            *scalingConfig `json:",omitempty"`
	FunctionResponseTypes                                    []string
	LastModified                                             float64 // seconds since 1970
}

func (s *Service) arn(id string) string {
	return s.config.Account.ARN("lambda", "event-source-mapping:"+id)
}

// describe returns the description of a mapping. The Service must be locked.
func (s *Service) describe(m *mapping) *description {
	d := &description{
		UUID:                           m.id,
		EventSourceMappingArn:          s.arn(m.id),
		EventSourceArn:                 m.queue,
		FunctionArn:                    m.function.ARN,
		State:                          m.state,
		StateTransitionReason:          "USER_INITIATED",
		BatchSize:                      m.settings.batchSize,
		MaximumBatchingWindowInSeconds: int(m.settings.window / time.Second),
		FunctionResponseTypes:          []string{},
		LastModified:                   float64(m.modified.UnixMilli()) / 1000,
	}
	if m.settings.reportFailures {
		d.FunctionResponseTypes = append(d.FunctionResponseTypes, reportBatchItemFailures)
	}
	if limit := m.settings.concurrency; limit > 0 {
		d.ScalingConfig = &scalingConfig{MaximumConcurrency: &limit} // a copy, because the response is written without the lock
	}
	return d
}

// checkNotInUse returns an error if the mapping is in transition. The verb is update or delete.
func (m *mapping) checkNotInUse(verb string) error {
	if m.next == settled {
		return nil
	}
	return restjson.Errorf(http.StatusBadRequest, "ResourceInUseException", "Cannot %s the event source mapping because it is in use.", verb)
}

// beginTransition starts a mapping's transition to another state. The Service must be locked.
func (s *Service) beginTransition(m *mapping, via, to string) {
	now := s.config.Clock.Now()
	change := Change{Operation: operationOf(via), ID: m.id, Queue: m.queue, Target: m.function.ARN}
	m.state, m.next, m.due, m.modified = via, to, now.Add(s.config.Transition(change)), now
	if to != enabled {
		m.stopPoller()
	}
	s.config.Journal.Save(m)
	s.awaitTransition(m)
}

// operationOf returns the operation that begins a transition.
func operationOf(via string) string {
	switch via {
	case creating:
		return "CreateEventSourceMapping"
	case deleting:
		return "DeleteEventSourceMapping"
	}
	return "UpdateEventSourceMapping"
}

// awaitTransition ends a mapping's transition in time. The Service must be locked.
func (s *Service) awaitTransition(m *mapping) {
	due := m.due
	s.background(func() {
		if s.config.Clock.WaitUntil(s.lifetime, due) == nil {
			s.lock()
			s.mu.Unlock()
		}
	})
}

// endTransition ends a mapping's transition. The Service must be locked.
func (s *Service) endTransition(m *mapping) {
	m.state, m.next = m.next, settled
	switch m.state {
	case enabled:
		m.stopPoller() // the settings may have changed
		s.poll(m)
	case gone:
		s.mappings = slices.DeleteFunc(s.mappings, func(other *mapping) bool { return other == m })
	}
	s.config.Journal.Save(m)
}

// stopPoller stops the mapping's poller. Batches that the function is processing are not affected.
func (m *mapping) stopPoller() {
	if m.stop != nil {
		m.stop()
		m.stop = nil
	}
}
