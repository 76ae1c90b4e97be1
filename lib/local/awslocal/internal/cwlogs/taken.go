package cwlogs

import "math"

// TakenEvent is an event that Take has removed.
type TakenEvent struct {
	Time    int64 // milliseconds
	Message string
}

// Take removes all events of a stream and returns them in order, as if their retention were over. There are none if the stream does not exist.
func (s *Service) Take(groupName, streamName string) []TakenEvent {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, st, err := s.findStream(groupName, streamName)
	if err != nil {
		return nil
	}
	var taken []TakenEvent
	for _, c := range st.events.chunks {
		for _, e := range c.read() {
			taken = append(taken, TakenEvent{Time: e.time, Message: e.message})
		}
	}
	s.empty(st)
	return taken
}

// Empty removes all events of a group's streams, as if their retention were over.
func (s *Service) Empty(groupName string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(groupName)
	if err != nil {
		return
	}
	for _, st := range g.streams {
		s.empty(st)
	}
}

// empty removes a stream's events. The Service must be locked.
func (s *Service) empty(st *stream) {
	st.events.clear()
	if st.log.DropBefore(math.MaxInt64) {
		s.journal.Save(st)
	}
}
