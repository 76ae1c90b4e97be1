package cwlogs

import (
	"context"

	"heroku-drains/lib/local/awslocal/internal/journal"
)

type stream struct {
	group   string
	name    string
	number  int // in the order of creation, from 1
	created int64
	events  timeline
	log     *journal.Log // the events on disk; nil: they are kept in memory alone

	now   summary   // of all events
	shown []summary // of earlier times, oldest first, as far as DescribeLogStreams will show them
}

// summary is what DescribeLogStreams shows of a stream's events: of all that were ever stored. It is valid if written is true.
type summary struct {
	written             bool
	first, last, latest int64  // times of the earliest event, of the last event and of the last ingestion, in milliseconds
	token               string // of the last PutLogEvents call
}

// at returns the summary as it was at a time. The Service must be locked.
func (st *stream) at(time int64) summary {
	if st.now.latest <= time {
		return st.now
	}
	var found summary
	for _, s := range st.shown {
		if s.latest > time {
			break
		}
		found = s
	}
	return found
}

type streamIn struct {
	LogGroupName, LogStreamName *string
}

func (in *streamIn) check() (groupName, streamName string, err error) {
	var c checks
	groupName = c.groupName(in.LogGroupName)
	streamName = c.streamName("logStreamName", in.LogStreamName)
	if err := c.err(); err != nil {
		return "", "", err
	}
	return groupName, streamName, nameLength(groupName, streamName)
}

func (s *Service) createLogStream(_ context.Context, in *streamIn) (*empty, error) {
	groupName, streamName, err := in.check()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(groupName)
	if err != nil {
		return nil, err
	}
	if g.streams[streamName] != nil {
		return nil, refusal("ResourceAlreadyExistsException", "The specified log stream already exists")
	}
	s.addStream(g, streamName)
	return nil, nil
}

// addStream adds a stream to a group. The Service must be locked.
func (s *Service) addStream(g *group, name string) *stream {
	s.streams++
	st := &stream{group: g.name, name: name, number: s.streams, created: s.now(), events: timeline{opened: s.opened}}
	st.log = s.journal.Log(logName(st.number))
	g.streams[name] = st
	s.journal.Save(st)
	return st
}

func (s *Service) deleteLogStream(_ context.Context, in *streamIn) (*empty, error) {
	groupName, streamName, err := in.check()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, st, err := s.findStream(groupName, streamName)
	if err == nil {
		delete(g.streams, streamName)
		s.journal.Save(journal.Gone(st.Key()))
		st.events.clear()
		st.log.Remove()
	}
	return nil, err
}
