package sqs

import (
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Limits of tags: 50 per queue, keys of up to 128 and values of up to 256 characters, which are letters, digits, spaces and
// _ . : / = + - @.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

func checkTags(tags map[string]string) error {
	for _, key := range sortedKeys(tags) {
		value := tags[key]
		switch {
		case key == "" || utf8.RuneCountInString(key) > maxTagKey || !tagText.MatchString(key):
			return invalidParameter("Tag keys must be 1 to %d characters of letters, digits, spaces and _.:/=+-@: %q", maxTagKey, key)
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalidParameter("Tag keys starting with 'aws:' are reserved for system use: %q", key)
		case utf8.RuneCountInString(value) > maxTagValue || !tagText.MatchString(value):
			return invalidParameter("Tag values must be at most %d characters of letters, digits, spaces and _.:/=+-@: %q", maxTagValue, value)
		}
	}
	return nil
}

// tag adds tags, which checkTags must have accepted.
func (q *queue) tag(tags map[string]string) error {
	merged := maps.Clone(q.tags)
	maps.Copy(merged, tags)
	if len(merged) > maxTags {
		return invalidParameter("Too many tags added for queue %s.", q.name)
	}
	q.tags = merged
	return nil
}

type tagQueueInput struct {
	QueueUrl string
	Tags     map[string]string
}

func (s *Service) tagQueue(_ context.Context, in *tagQueueInput) (*empty, error) {
	if len(in.Tags) == 0 {
		return nil, missingParameter("Tags")
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	return nil, s.withQueue(in.QueueUrl, func(q *queue) error {
		if err := q.tag(in.Tags); err != nil {
			return err
		}
		s.keeper.save(q)
		return nil
	})
}

type untagQueueInput struct {
	QueueUrl string
	TagKeys  []string
}

func (s *Service) untagQueue(_ context.Context, in *untagQueueInput) (*empty, error) {
	if len(in.TagKeys) == 0 {
		return nil, missingParameter("TagKeys")
	}
	return nil, s.withQueue(in.QueueUrl, func(q *queue) error {
		for _, key := range in.TagKeys {
			delete(q.tags, key)
		}
		s.keeper.save(q)
		return nil
	})
}

// TagsOfInput returns the tags of the queue that an operation's input names by its name or URL. There are none if it does not exist.
func (s *Service) TagsOfInput(input []byte) map[string]string {
	var in struct{ QueueName, QueueUrl string }
	if err := json.Unmarshal(input, &in); err != nil {
		return nil // the operation refuses it
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[in.QueueName]
	if in.QueueUrl != "" {
		q, _ = s.byURL(in.QueueUrl)
	}
	if q == nil {
		return nil
	}
	return maps.Clone(q.tags)
}

type queueTags struct {
	Tags map[string]string `json:",omitempty"`
}

func (s *Service) listQueueTags(_ context.Context, in *queueURL) (*queueTags, error) {
	out := new(queueTags)
	return out, s.withQueue(in.QueueUrl, func(q *queue) error {
		out.Tags = maps.Clone(q.tags)
		return nil
	})
}
