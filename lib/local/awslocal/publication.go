package awslocal

import "heroku-drains/lib/local/awslocal/internal/sns"

// Publication is a message that a topic of SNS has accepted.
type Publication = sns.Publication

// OnPublish calls f for each message that a topic accepts, before the call is answered, until remove is called. A message counts as accepted even if
// nobody is subscribed, or the answer is lost. f must be safe for concurrent use.
func (s *Server) OnPublish(f func(Publication)) (remove func()) { return s.publications.add(f) }

// ConfirmEmail confirms the subscriptions of an e-mail address to topics, as its owner does with the link in the message of SNS, and returns how many.
func (s *Server) ConfirmEmail(address string) int { return s.sns.Confirm(address) }
