package sns

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/awsquery"
)

// Publication is a message that a topic has accepted.
type Publication struct {
	TopicARN, ID string
	Time         time.Time
	Subject      string            // empty if it has none
	Messages     map[string]string // by protocol; what has no text of its own gets that of "default"
	Attributes   map[string]Attribute
}

// MessageFor returns the text that subscriptions with a protocol get, such as "email".
func (p Publication) MessageFor(protocol string) string {
	if text, ok := p.Messages[protocol]; ok {
		return text
	}
	return p.Messages[defaultProtocol]
}

const (
	maxMessage = 262_144 // bytes, with the attributes
	maxSubject = 100     // characters
)

type publishResult struct{ MessageId string }

// publish sends a message to the subscriptions of a topic.
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
func (s *Service) publish(ctx context.Context, in *awsquery.Request) (any, error) {
	p := Publication{ID: awsapi.NewID(), Time: s.config.Clock.Now()}
	topicARN, toTopic := in.Text("TopicArn")
	subject, hasSubject := in.Text("Subject")
	message, structure := in.Get("Message"), in.Get("MessageStructure")
	attributes, err := readAttributes(in)
	if err != nil {
		return nil, err
	}
	if err := onlyKnown(in); err != nil {
		return nil, err
	}
	if hasSubject && !validSubject(subject) {
		return nil, invalid("Subject")
	}
	p.TopicARN, p.Subject, p.Attributes = topicARN, subject, attributes
	size := len(message)
	for name, a := range attributes {
		size += a.size(name)
	}
	switch {
	case message == "":
		return nil, invalid("Empty message")
	case !toTopic:
		return nil, invalid("TopicArn or TargetArn Reason: no value for required parameter")
	case !validText(message):
		return nil, invalid("Message Reason: it has a character that is not allowed")
	case size > maxMessage:
		return nil, invalid("Message too long")
	}
	if p.Messages, err = messages(message, structure); err != nil {
		return nil, err
	}
	subscribed, err := s.subscribed(topicARN)
	if err != nil {
		return nil, err
	}
	s.countPublished(ctx, size, subscribed)
	for _, sub := range subscribed {
		s.deliver(p, sub)
	}
	s.config.Published(p)
	return publishResult{MessageId: p.ID}, nil
}

// subscribed returns the confirmed subscriptions of a topic.
func (s *Service) subscribed(topicARN string) ([]subscription, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.find(topicARN); err != nil {
		return nil, err
	}
	var confirmed []subscription
	for _, sub := range s.of(topicARN) {
		if sub.confirmed {
			confirmed = append(confirmed, *sub)
		}
	}
	return confirmed, nil
}

// validSubject reports whether a subject can be sent. The API reference asks for "no line breaks or control characters" and says "UTF-8 text", and in
// earlier versions "ASCII text that begins with a letter, number, or punctuation mark": this takes what is allowed by both. Of up to 100 characters, as
// the documentation of other services says.
// https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-alertmanager-receiver-validation-truncation.html
func validSubject(subject string) bool {
	if subject == "" || len(subject) > maxSubject || subject[0] == ' ' {
		return false
	}
	return !slices.ContainsFunc([]byte(subject), func(b byte) bool { return b < ' ' || b > '~' })
}

// validText reports whether a message can be sent with every protocol. "Messages must be UTF-8 encoded strings"; SQS takes no control characters.
func validText(message string) bool {
	if !utf8.ValidString(message) {
		return false
	}
	for _, r := range message {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return false
		}
	}
	return true
}
