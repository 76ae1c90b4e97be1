package cwlogs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"

	"heroku-drains/lib/local/awslocal/internal/journal"
)

const (
	keyGroup  = "logs/group/"  // and the name
	keyStream = "logs/stream/" // and the number
)

// groupRecord is a log group as the journal keeps it.
type groupRecord struct {
	Class     string
	Created   int64
	Retention int
	Tags      map[string]string
}

// Key implements journal.Entity.
func (g *group) Key() string { return keyGroup + g.name }

// Record implements journal.Entity.
func (g *group) Record() any {
	return groupRecord{Class: g.class, Created: g.created, Retention: g.retention, Tags: g.tags}
}

// streamRecord is a log stream as the journal keeps it. Its events are in a journal.Log with its number as the name.
type streamRecord struct {
	Group, Name string
	Created     int64
	// What DescribeLogStreams shows of events that were removed. Written is false if there are none.
	Written             bool   `json:",omitempty"`
	First, Last, Latest int64  `json:",omitempty"`
	Token               string `json:",omitempty"`
}

// Key implements journal.Entity.
func (st *stream) Key() string { return keyStream + logName(st.number) }

func logName(number int) string { return fmt.Sprintf("%06d", number) }

// Record implements journal.Entity.
func (st *stream) Record() any {
	return streamRecord{
		Group: st.group, Name: st.name, Created: st.created,
		Written: st.now.written, First: st.now.first, Last: st.now.last, Latest: st.now.latest, Token: st.now.token,
	}
}

// restore reads the groups, the streams and the events from the journal.
func (s *Service) restore() error {
	err := journal.Each(s.journal, keyGroup, func(name string, r *groupRecord) error {
		g := &group{name: name, class: r.Class, created: r.Created, retention: r.Retention, tags: r.Tags, streams: make(map[string]*stream)}
		if g.tags == nil {
			g.tags = make(map[string]string)
		}
		s.groups[name] = g
		return nil
	})
	if err != nil {
		return err
	}
	wanted := make(map[string]bool)
	err = journal.Each(s.journal, keyStream, func(id string, r *streamRecord) error {
		g := s.groups[r.Group]
		if g == nil {
			return fmt.Errorf("the log group %s is missing", r.Group)
		}
		number, err := strconv.Atoi(id)
		if err != nil {
			return err
		}
		st := &stream{group: r.Group, name: r.Name, number: number, created: r.Created, log: s.journal.Log(id), events: timeline{opened: s.opened}}
		st.now = summary{written: r.Written, first: r.First, last: r.Last, latest: r.Latest, token: r.Token}
		g.streams[st.name], wanted[id] = st, true
		s.streams = max(s.streams, number)
		return s.restoreEvents(g, st)
	})
	if err != nil {
		return err
	}
	return s.journal.RemoveOtherLogs(func(name string) bool { return wanted[name] })
}

// restoreEvents reads the events of a stream. Those whose retention has ended are left out.
func (s *Service) restoreEvents(g *group, st *stream) error {
	oldest := g.oldestKept(s.now())
	err := st.log.Read(func(payload []byte) (newest int64, err error) {
		events, err := decodeEvents(payload)
		if err != nil {
			return 0, err
		}
		first := events[0]
		s.puts = max(s.puts, first.put)
		newest = last(events).time
		st.summarize(events, sequenceToken(first.put))
		if newest >= oldest {
			st.events.add(events)
		}
		return newest, nil
	})
	if err != nil {
		return fmt.Errorf("read the events of the log stream %s: %w", st.name, err)
	}
	if st.log.DropBefore(oldest) {
		s.journal.Save(st)
	}
	return nil
}

// Entities is a journal.Source.
func (s *Service) Entities(save func(journal.Entity)) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, g := range s.groups {
		save(g)
		for _, st := range g.streams {
			save(st)
		}
	}
}

// encodeEvents returns the record of the events of one PutLogEvents call: when it was, its number, and for each event its time, its length and its text.
// All numbers are varints.
func encodeEvents(events []event) []byte {
	size := 2 * binary.MaxVarintLen64
	for i := range events {
		size += 2*binary.MaxVarintLen64 + len(events[i].message)
	}
	record := make([]byte, 0, size)
	record = binary.AppendUvarint(record, uint64(events[0].ingested))
	record = binary.AppendUvarint(record, events[0].put)
	for i := range events {
		record = binary.AppendUvarint(record, uint64(events[i].time))
		record = binary.AppendUvarint(record, uint64(len(events[i].message)))
		record = append(record, events[i].message...)
	}
	return record
}

var errNoEvents = errors.New("a record is not one of events")

// decodeEvents is the inverse of encodeEvents. The events share the memory of one text.
func decodeEvents(record []byte) ([]event, error) {
	text := string(record)
	at := 0
	number := func() (n uint64) {
		n, size := binary.Uvarint(record[at:])
		if size <= 0 {
			at = math.MaxInt
			return 0
		}
		at += size
		return n
	}
	p := position{ingested: int64(number())}
	if at < len(record) {
		p.put = number()
	}
	var events []event
	for at < len(record) {
		p.time = int64(number())
		if at >= len(record) {
			return nil, errNoEvents
		}
		size := number()
		if at > len(record) || size > uint64(len(record)-at) || len(events) > maxPutEvents {
			return nil, errNoEvents
		}
		p.index = uint16(len(events))
		events = append(events, event{position: p, message: text[at : at+int(size)]})
		at += int(size)
	}
	if len(events) == 0 || at != len(record) {
		return nil, errNoEvents
	}
	return events, nil
}
