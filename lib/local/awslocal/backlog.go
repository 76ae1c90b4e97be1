package awslocal

import "time"

// Backlog is what is left of the messages of a queue.
type Backlog struct {
	Visible int       // could be received now
	Hidden  int       // in flight or delayed
	Next    time.Time // when the first of the hidden messages becomes visible; zero if none is hidden
	Taken   int       // hidden because event source mappings have received them and their batches are still being processed
}

// Backlog returns what is left of the messages of a queue, by its name: exactly, unlike the counts that SQS shows. It is zero if the queue does not exist.
// A test can use it to find out whether anything would happen without more time on the Server's clock.
func (s *Server) Backlog(queue string) Backlog {
	arn := s.opts.account().ARN("sqs", queue)
	taken := s.lambda.Taken(arn)
	visible, hidden, next := s.sqs.Backlog(queue)
	// A message may have been received, or its batch may have ended, between the two.
	return Backlog{Visible: visible, Hidden: hidden, Next: next, Taken: max(taken, s.lambda.Taken(arn))}
}
