package esm

import (
	"cmp"
	"slices"
	"time"

	"heroku-drains/lib/local/awslocal/internal/journal"
)

const keyMapping = "lambda/mapping/" // and the ID

// mappingRecord is a mapping as the journal keeps it.
type mappingRecord struct {
	Number                 int
	Queue                  string
	Function, FunctionName string // ARN, name
	BatchSize              int
	Window                 time.Duration
	Concurrency            int
	ReportFailures         bool
	Tags                   map[string]string
	State, Next            string
	Due, Created, Modified time.Time
}

// Key implements journal.Entity.
func (m *mapping) Key() string { return keyMapping + m.id }

// Record implements journal.Entity.
func (m *mapping) Record() any {
	if m.state == gone {
		return nil
	}
	return mappingRecord{
		Number: m.number, Queue: m.queue, Function: m.function.ARN, FunctionName: m.function.Name,
		BatchSize: m.settings.batchSize, Window: m.settings.window, Concurrency: m.settings.concurrency, ReportFailures: m.settings.reportFailures,
		Tags: m.tags, State: m.state, Next: m.next, Due: m.due, Created: m.created, Modified: m.modified,
	}
}

// restore reads the mappings from the journal. They poll once their functions have been added: see FunctionAdded.
func (s *Service) restore() error {
	err := journal.Each(s.config.Journal, keyMapping, func(id string, r *mappingRecord) error {
		m := &mapping{
			id: id, number: r.Number, queue: r.Queue, function: Target{ARN: r.Function, Name: r.FunctionName},
			settings: settings{batchSize: r.BatchSize, window: r.Window, concurrency: r.Concurrency, reportFailures: r.ReportFailures},
			tags:     r.Tags, state: r.State, next: r.Next, due: r.Due, created: r.Created, modified: r.Modified, lastResult: nothingYet,
			functionMissing: true,
		}
		if m.tags == nil {
			m.tags = make(map[string]string)
		}
		s.mappings = append(s.mappings, m)
		s.created = max(s.created, m.number)
		return nil
	})
	slices.SortStableFunc(s.mappings, func(a, b *mapping) int { return cmp.Compare(a.number, b.number) })
	return err
}

// FunctionAdded makes the mappings of a function poll that were restored before it was added.
func (s *Service) FunctionAdded(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range slices.Clone(s.mappings) {
		if !m.functionMissing || m.function.Name != name {
			continue
		}
		function, err := s.config.Functions.Resolve(m.function.ARN)
		if err != nil {
			continue // another version of the function
		}
		m.function, m.functionMissing = function, false
		switch {
		case m.next != settled:
			s.awaitTransition(m)
		case m.state == enabled:
			s.poll(m)
		}
	}
	s.endDueTransitions()
}

// Entities is a journal.Source.
func (s *Service) Entities(save func(journal.Entity)) {
	s.lock()
	defer s.mu.Unlock()
	for _, m := range s.mappings {
		save(m)
	}
}
