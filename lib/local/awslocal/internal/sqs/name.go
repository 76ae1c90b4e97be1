package sqs

import (
	"net/url"
	"regexp"
	"strings"
)

// queueName matches the name of a standard queue: "A queue name can have up to 80 characters", which are alphanumeric characters,
// hyphens and underscores.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
var queueName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

func checkName(name string) error {
	switch {
	case name == "":
		return missingParameter("QueueName")
	case strings.HasSuffix(name, ".fifo"):
		return unsupported("FIFO queues")
	case !queueName.MatchString(name):
		return invalidParameter("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	return nil
}

func (s *Service) arn(name string) string { return s.account.ARN("sqs", name) }

func (s *Service) url(name string) string {
	return s.baseURL + "/" + s.account.ID + "/" + name
}

// byURL returns the queue of a QueueUrl parameter. It ignores the host, because one endpoint has several names (localhost, 127.0.0.1).
func (s *Service) byURL(queueURL string) (*queue, error) {
	if queueURL == "" {
		return nil, missingParameter("QueueUrl")
	}
	u, err := url.Parse(queueURL)
	if err != nil || u.Host == "" {
		return nil, refusal("InvalidAddress", "The address %s is not valid for this endpoint.", queueURL)
	}
	account, name, ok := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if !ok {
		return nil, refusal("InvalidAddress", "The address %s is not valid for this endpoint.", queueURL)
	}
	s.sweep()
	q := s.queues[name]
	if account != s.account.ID || q == nil {
		return nil, noSuchQueue()
	}
	return q, nil
}

// withQueue calls do on the queue of a QueueUrl parameter, with the Service locked.
func (s *Service) withQueue(queueURL string, do func(*queue) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.byURL(queueURL)
	if err != nil {
		return err
	}
	defer s.noteAll(q)
	return do(q)
}

// byARN returns the queue with an ARN, or nil if this account has no such queue in this Region.
func (s *Service) byARN(arn string) *queue {
	name, ok := s.account.Resource("sqs", arn)
	if !ok {
		return nil
	}
	s.sweep()
	return s.queues[name]
}
