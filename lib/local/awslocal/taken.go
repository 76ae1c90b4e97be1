package awslocal

import "heroku-drains/lib/local/awslocal/internal/cwlogs"

// TakenEvent is an event of a log stream that TakeEvents has removed. Its Time is in milliseconds.
type TakenEvent = cwlogs.TakenEvent

// TakeEvents removes all events of a log stream and returns them in order, as if their retention were over. A test that stores more than fits into
// memory takes what it has checked. There are none if the stream does not exist. With
// Options.Data, a later Server may have some of them again.
func (s *Server) TakeEvents(group, stream string) []TakenEvent { return s.logs.Take(group, stream) }

// EmptyGroup removes all events of a log group's streams, as if their retention were over.
func (s *Server) EmptyGroup(group string) { s.logs.Empty(group) }
