package sqs

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"heroku-drains/lib/local/awslocal/internal/journal"
)

const (
	keyQueue   = "sqs/queue/"   // and the ID
	keyDeleted = "sqs/deleted/" // and the name
	keyBody    = "sqs/body/"    // and the message's ID
	keyMessage = "sqs/message/" // and the message's ID
	keyTask    = "sqs/task/"    // and the ID
)

// keeper saves what changes in a Service, whose lock guards it.
type keeper struct {
	journal *journal.Store // nil: queues are kept in memory alone
	holding bool
	held    []journal.Entity
}

// save saves entities that have changed.
func (k *keeper) save(changed ...journal.Entity) {
	switch {
	case k.journal == nil:
	case k.holding:
		k.held = append(k.held, changed...)
	default:
		k.journal.Save(changed...)
	}
}

// together saves everything that do changes as one record: all of it survives, or nothing.
func (k *keeper) together(do func()) {
	k.holding = true
	do()
	k.holding = false
	k.save(k.held...)
	k.held = nil
}

// queueRecord is a queue as the journal keeps it.
type queueRecord struct {
	Name                                 string
	Created, Modified, Purged, DeletedAt time.Time
	PurgedArrival                        int64
	Settings                             attributes
	Tags                                 map[string]string
}

// Key implements journal.Entity. The ID tells queues apart that have the same name one after the other.
func (q *queue) Key() string { return keyQueue + q.id }

// Record implements journal.Entity.
func (q *queue) Record() any {
	return queueRecord{
		Name: q.name, Created: q.created, Modified: q.modified, Purged: q.purged, DeletedAt: q.deletedAt, PurgedArrival: q.purgedArrival,
		Settings: q.settings, Tags: q.tags,
	}
}

// deletedName is the name of a deleted queue, which is blocked for a while.
type deletedName struct {
	name string
	At   time.Time
}

// Key implements journal.Entity.
func (d deletedName) Key() string { return keyDeleted + d.name }

// Record implements journal.Entity.
func (d deletedName) Record() any { return d }

// messageRecord is a message as the journal keeps it, without what never changes: that is in its bodyRecord.
type messageRecord struct {
	Queue                                  string // ID
	Arrival                                int64
	Source                                 string `json:",omitempty"`
	Receives                               int
	FirstReceived, LastReceived, VisibleAt time.Time
}

// Key implements journal.Entity.
func (m *message) Key() string { return keyMessage + m.id }

// Record implements journal.Entity.
func (m *message) Record() any {
	return messageRecord{
		Queue: m.queue.id, Arrival: m.arrival, Source: m.source,
		Receives: m.receives, FirstReceived: m.firstReceived, LastReceived: m.lastReceived, VisibleAt: m.visibleAt,
	}
}

// bodyRecord is what never changes of a message.
type bodyRecord struct {
	Body       string
	Attributes map[string]AttributeValue `json:",omitempty"`
	Sender     string
	Sent       time.Time
}

type messageBody struct{ *message }

// Key implements journal.Entity.
func (b messageBody) Key() string { return keyBody + b.id }

// Record implements journal.Entity.
func (b messageBody) Record() any {
	return bodyRecord{Body: b.body, Attributes: b.attributes, Sender: b.sender, Sent: b.sent}
}

// drop saves that messages are no longer in any queue.
func (k *keeper) drop(messages ...*message) {
	if k.journal != nil {
		k.save(gone(messages...)...)
	}
}

// gone returns the entities of messages that are no longer in any queue.
func gone(messages ...*message) []journal.Entity {
	entities := make([]journal.Entity, 0, 2*len(messages))
	for _, m := range messages {
		entities = append(entities, journal.Gone(m.Key()), journal.Gone(messageBody{m}.Key()))
	}
	return entities
}

// taskRecord is a message move task as the journal keeps it.
type taskRecord struct {
	Handle          taskHandle
	Number          int
	Destination     string
	PerSecond       *int
	Started         time.Time
	Status, Failure string
	Moved, ToMove   int
}

// Key implements journal.Entity.
func (t *moveTask) Key() string { return keyTask + t.handle.TaskID }

// Record implements journal.Entity.
func (t *moveTask) Record() any {
	return taskRecord{
		Handle: t.handle, Number: t.number, Destination: t.destination, PerSecond: t.perSecond, Started: t.started,
		Status: t.status, Failure: t.failure, Moved: t.moved, ToMove: t.toMove,
	}
}

// restore reads everything from the journal, and continues the message move tasks.
func (s *Service) restore() error {
	now := s.clock.Now()
	byID := make(map[string]*queue)
	err := journal.Each(s.keeper.journal, keyQueue, func(id string, r *queueRecord) error {
		q := s.newQueue(r.Name, r.Settings, r.Created)
		q.id = id
		q.modified, q.purged, q.deletedAt, q.purgedArrival, q.tags = r.Modified, r.Purged, r.DeletedAt, r.PurgedArrival, r.Tags
		if q.tags == nil {
			q.tags = make(map[string]string)
		}
		s.arrival = max(s.arrival, q.purgedArrival)
		if q.gone(now, s.lag.Deletion) {
			return nil
		}
		byID[id], s.queues[q.name] = q, q
		if !q.deletedAt.IsZero() {
			s.dying[q.name] = q
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = journal.Each(s.keeper.journal, keyDeleted, func(name string, r *deletedName) error {
		s.deleted[name] = r.At
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.restoreMessages(byID, now); err != nil {
		return err
	}
	for _, q := range byID {
		q.refresh(now)
		q.history.past = []pastCounts{{counts: q.count()}} // they have been so for long
	}
	return s.restoreTasks()
}

func (s *Service) restoreMessages(queues map[string]*queue, now time.Time) error {
	bodies := make(map[string]*bodyRecord)
	err := journal.Each(s.keeper.journal, keyBody, func(id string, r *bodyRecord) error {
		bodies[id] = r
		return nil
	})
	if err != nil {
		return err
	}
	return journal.Each(s.keeper.journal, keyMessage, func(id string, r *messageRecord) error {
		q, body := queues[r.Queue], bodies[id]
		if q == nil || r.Arrival <= q.purgedArrival {
			return nil // it went with its queue, or with all messages of that
		}
		if body == nil {
			return fmt.Errorf("%s%s is missing", keyBody, id)
		}
		s.arrival = max(s.arrival, r.Arrival)
		m := &message{
			id: id, body: body.Body, attributes: body.Attributes, sender: body.Sender, sent: body.Sent, arrival: r.Arrival, source: r.Source,
			receives: r.Receives, firstReceived: r.FirstReceived, lastReceived: r.LastReceived,
		}
		q.add(m, r.VisibleAt, 0)
		switch {
		case !now.Before(r.VisibleAt):
		case !m.lastReceived.IsZero():
			q.inFlight.put(m)
		default:
			q.delayed.put(m)
		}
		return nil
	})
}

func (s *Service) restoreTasks() error {
	err := journal.Each(s.keeper.journal, keyTask, func(_ string, r *taskRecord) error {
		s.tasks = append(s.tasks, &moveTask{
			handle: r.Handle, number: r.Number, destination: r.Destination, perSecond: r.PerSecond, started: r.Started,
			status: r.Status, failure: r.Failure, moved: r.Moved, toMove: r.ToMove,
		})
		return nil
	})
	slices.SortStableFunc(s.tasks, func(a, b *moveTask) int { return cmp.Compare(a.number, b.number) })
	for _, t := range s.tasks {
		if t.status == "RUNNING" && err == nil {
			s.moving.Go(func() {
				if s.pause(t) { // the last message may have been moved just before
					s.runMove(t)
				}
			})
		}
	}
	return err
}

// Entities is a journal.Source.
func (s *Service) Entities(save func(journal.Entity)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	now := s.clock.Now()
	for _, q := range s.queues {
		q.refresh(now)
		save(q)
		for _, m := range q.messages {
			save(messageBody{m})
			save(m)
		}
	}
	for name, at := range s.deleted {
		if now.Before(at.Add(cooldown)) {
			save(deletedName{name: name, At: at})
		}
	}
	for _, t := range s.tasks {
		save(t)
	}
}
