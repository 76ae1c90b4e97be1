package sqs

import (
	"context"
	"encoding/base64"
	"strings"
)

const maxListed = 1000

type getQueueURLInput struct {
	QueueName              string
	QueueOwnerAWSAccountId string
}

func (s *Service) getQueueURL(_ context.Context, in *getQueueURLInput) (*queueURL, error) {
	if in.QueueName == "" {
		return nil, missingParameter("QueueName")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	owner := in.QueueOwnerAWSAccountId
	if s.queues[in.QueueName] == nil || owner != "" && owner != s.account.ID {
		return nil, noSuchQueue()
	}
	return &queueURL{s.url(in.QueueName)}, nil
}

type listQueuesInput struct {
	QueueNamePrefix string
	page
}

type listQueuesOutput struct {
	QueueUrls []string `json:",omitempty"`
	NextToken string   `json:",omitempty"`
}

func (s *Service) listQueues(_ context.Context, in *listQueuesInput) (*listQueuesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	visible := s.clock.Now().Add(-s.lag.Lists)
	var names []string
	for _, name := range sortedKeys(s.queues) {
		if strings.HasPrefix(name, in.QueueNamePrefix) && !s.queues[name].created.After(visible) {
			names = append(names, name)
		}
	}
	urls, next, err := s.paginate(names, in.page)
	return &listQueuesOutput{urls, next}, err
}

type listDeadLetterSourceQueuesInput struct {
	QueueUrl string
	page
}

type listDeadLetterSourceQueuesOutput struct {
	QueueUrls []string `json:"queueUrls"` // in lower case in the API
	NextToken string   `json:",omitempty"`
}

func (s *Service) listDeadLetterSourceQueues(
	_ context.Context, in *listDeadLetterSourceQueuesInput,
) (*listDeadLetterSourceQueuesOutput, error) {
	out := new(listDeadLetterSourceQueuesOutput)
	return out, s.withQueue(in.QueueUrl, func(q *queue) (err error) {
		out.QueueUrls, out.NextToken, err = s.paginate(s.sourcesOf(q.arn), in.page)
		return err
	})
}

// sourcesOf returns the sorted names of the queues whose dead letters go to the queue with an ARN.
func (s *Service) sourcesOf(arn string) []string {
	var names []string
	for _, name := range sortedKeys(s.queues) {
		if s.queues[name].redrive.Target == arn {
			names = append(names, name)
		}
	}
	return names
}

// page selects the part of a list to return. "You must set MaxResults to receive a value for NextToken in the response"; without it, the
// list ends after 1,000 queues.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
type page struct {
	MaxResults *int
	NextToken  string
}

// paginate returns the URLs of one page of the sorted names. A token holds the last name of the previous page.
func (s *Service) paginate(names []string, p page) (urls []string, next string, err error) {
	size := maxListed
	if p.MaxResults != nil {
		size = *p.MaxResults
	}
	if size < 1 || size > maxListed {
		return nil, "", invalidParameter("Value %d for parameter MaxResults is invalid. Reason: Must be between 1 and %d.", size, maxListed)
	}
	after, err := base64.StdEncoding.DecodeString(p.NextToken)
	if err != nil {
		return nil, "", invalidParameter("Invalid or expired next token.")
	}
	urls = []string{}
	for _, name := range names {
		if name <= string(after) {
			continue
		}
		if len(urls) == size {
			if p.MaxResults != nil {
				next = base64.StdEncoding.EncodeToString([]byte(urls[size-1][len(s.url("")):]))
			}
			break
		}
		urls = append(urls, s.url(name))
	}
	return urls, next, nil
}
