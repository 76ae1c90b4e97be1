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

	resting = ""     // as what comes next: nothing
	gone    = "gone" // as what comes next: no mapping any more
)

// What LastProcessingResult says. Recordings of AWS show it for stream mappings and leave it out for SQS: nothing may depend on it.
const (
	nothingYet   = "No records processed"
	processed    = "OK"
	callFailed   = "PROBLEM: Function call failed"
	problemStart = "PROBLEM: "
)

// mapping is one event source mapping; the Service's lock guards it.
type mapping struct {
	id       string
	number   int // of creation
	queue    string
	function Target
	settings settings
	tags     map[string]string

	state      string
	next       string    // the state it is on its way to, or resting, or gone
	due        time.Time // when it gets there
	modified   time.Time
	lastResult string

	stop context.CancelFunc // stops its poller; nil when it has none
}

// description is a mapping as the API shows it.
type description struct {
	UUID, EventSourceMappingArn, EventSourceArn, FunctionArn string
	State, StateTransitionReason, LastProcessingResult       string
	BatchSize, MaximumBatchingWindowInSeconds                int
	ScalingConfig                                            *scalingConfig `json:",omitempty"`
	FunctionResponseTypes                                    []string
	LastModified                                             float64 // seconds since 1970
}

func (s *Service) arn(id string) string {
	return s.config.Account.ARN("lambda", "event-source-mapping:"+id)
}

// describe is the mapping as it is now. The lock is held.
func (s *Service) describe(m *mapping) *description {
	d := &description{
		UUID:                           m.id,
		EventSourceMappingArn:          s.arn(m.id),
		EventSourceArn:                 m.queue,
		FunctionArn:                    m.function.ARN,
		State:                          m.state,
		StateTransitionReason:          "USER_INITIATED",
		LastProcessingResult:           m.lastResult,
		BatchSize:                      m.settings.batchSize,
		MaximumBatchingWindowInSeconds: int(m.settings.window / time.Second),
		FunctionResponseTypes:          []string{},
		LastModified:                   float64(m.modified.UnixMilli()) / 1000,
	}
	if m.settings.reportFailures {
		d.FunctionResponseTypes = append(d.FunctionResponseTypes, reportBatchItemFailures)
	}
	if limit := m.settings.concurrency; limit > 0 {
		d.ScalingConfig = &scalingConfig{MaximumConcurrency: &limit} // a copy: the answer is written without the lock
	}
	return d
}

// free refuses to touch a mapping in transit. The verb is update or delete.
func (m *mapping) free(verb string) error {
	if m.next == resting {
		return nil
	}
	return restjson.Errorf(http.StatusBadRequest, "ResourceInUseException", "Cannot %s the event source mapping because it is in use.", verb)
}

// depart sends a mapping on its way to another state. The lock is held.
func (s *Service) depart(m *mapping, through, to string) {
	now := s.config.Clock.Now()
	m.state, m.next, m.due, m.modified = through, to, now.Add(s.config.TransitionTime), now
	if to != enabled {
		m.halt()
	}
	due := m.due
	s.begin(func() {
		if s.config.Clock.WaitUntil(s.lifetime, due) == nil {
			s.lock()
			s.mu.Unlock()
		}
	})
}

// arrive ends a transition. The lock is held.
func (s *Service) arrive(m *mapping) {
	m.state, m.next = m.next, resting
	switch m.state {
	case enabled:
		m.halt() // what it polled with may have changed
		s.poll(m)
	case gone:
		s.mappings = slices.DeleteFunc(s.mappings, func(other *mapping) bool { return other == m })
	}
}

// halt stops the mapping's poller. Batches that it handed over go on.
func (m *mapping) halt() {
	if m.stop != nil {
		m.stop()
		m.stop = nil
	}
}
