package awslocal

import "heroku-drains/lib/local/awslocal/internal/sqs"

// Backlog is what is left of the messages of a queue.
type Backlog = sqs.Backlog

// Backlog returns what is left of the messages of a queue, by its name: exactly, unlike the counts that SQS shows. It is zero if the queue does not exist.
// A test can use it to find out whether anything would happen without more time on the Server's clock.
func (s *Server) Backlog(queue string) Backlog { return s.sqs.Backlog(queue) }
