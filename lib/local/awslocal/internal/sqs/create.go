package sqs

import (
	"context"
	"maps"
	"time"

	"heroku-drains/lib/local/awslocal/internal/journal"
)

// cooldown is how long a deleted queue's name cannot be used again, and how long a purged queue cannot be purged again: "you must wait
// 60 seconds". https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
const cooldown = 60 * time.Second

type createQueueInput struct {
	QueueName  string
	Attributes map[string]string
	Tags       map[string]string `json:"tags"`
}

type queueURL struct {
	QueueUrl string
}

// createQueue creates a queue. If the queue exists and every given attribute has the given value, it returns that queue's URL. Tags, if given,
// must be the queue's as well. AWS documents this for attributes only; that it holds for tags is in
// https://github.com/awslabs/amazon-sqs-java-temporary-queues-client/pull/70 and https://github.com/Bogdanp/dramatiq_sqs/pull/13
func (s *Service) createQueue(_ context.Context, in *createQueueInput) (*queueURL, error) {
	if err := checkName(in.QueueName); err != nil {
		return nil, err
	}
	settings, err := parseAttributes(in.Attributes)
	if err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	s.sweep()
	if q := s.queues[in.QueueName]; q != nil && q.deletedAt.IsZero() {
		for _, name := range sortedKeys(settings) {
			if settings[name] != q.settings[name] {
				return nil, queueNameExists(name)
			}
		}
		if len(in.Tags) > 0 && !maps.Equal(in.Tags, q.tags) {
			return nil, queueNameExists("tags")
		}
		return &queueURL{s.url(q.name)}, nil
	}
	if deleted, ok := s.deleted[in.QueueName]; ok && now.Before(deleted.Add(cooldown)) {
		return nil, prefixed("QueueDeletedRecently",
			"You must wait 60 seconds after deleting a queue before you can create another with the same name.")
	}
	q := s.newQueue(in.QueueName, settings, now)
	if err := s.checkRedrive(q.name, q.redrive); err != nil {
		return nil, err
	}
	if err := q.tag(in.Tags); err != nil {
		return nil, err
	}
	delete(s.deleted, q.name)
	s.queues[q.name] = q
	s.keeper.save(q, journal.Gone(keyDeleted+q.name))
	return &queueURL{s.url(q.name)}, nil
}

// deleteQueue deletes a queue and its messages, after the lag for that.
func (s *Service) deleteQueue(_ context.Context, in *queueURL) (*empty, error) {
	return nil, s.withQueue(in.QueueUrl, func(q *queue) error {
		if q.deletedAt.IsZero() {
			q.deletedAt = s.clock.Now()
			s.deleted[q.name], s.dying[q.name] = q.deletedAt, q
			s.keeper.save(q, deletedName{name: q.name, At: q.deletedAt})
		}
		s.sweep()
		return nil
	})
}

// purgeQueue deletes a queue's messages, at most once in 60 seconds.
func (s *Service) purgeQueue(_ context.Context, in *queueURL) (*empty, error) {
	return nil, s.withQueue(in.QueueUrl, func(q *queue) error {
		now := s.clock.Now()
		if !q.purged.IsZero() && now.Before(q.purged.Add(cooldown)) {
			e := prefixed("PurgeQueueInProgress", "Only one PurgeQueue operation on %s is allowed every 60 seconds.", q.name)
			e.Status = 403
			return e
		}
		q.purged, q.purgedArrival = now, s.arrival
		for _, m := range q.messages {
			q.remove(m)
		}
		s.keeper.save(q) // its messages are older than that
		return nil
	})
}
