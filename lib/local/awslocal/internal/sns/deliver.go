package sns

import (
	"encoding/base64"
	"encoding/json"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/sqs"
)

// Queues are the queues that topics deliver to.
type Queues interface {
	// Deliver adds a message that a service sends on behalf of one of its resources. It fails if the queue does not allow that.
	Deliver(service, source, queueARN, body string, attributes map[string]sqs.AttributeValue) error
}

// envelope is what a queue gets instead of the message alone.
// https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
type envelope struct {
	Type              string
	MessageID         string `json:"MessageId"`
	TopicARN          string `json:"TopicArn"`
	Subject           string `json:",omitempty"`
	Message           string
	Timestamp         string
	SignatureVersion  string
	Signature         string // random: it cannot be verified
	SigningCertURL    string
	UnsubscribeURL    string
	MessageAttributes map[string]envelopeAttribute `json:",omitempty"`
}

type envelopeAttribute struct{ Type, Value string }

// deliver sends a message to a subscribed queue; nothing here can send e-mail. A message that the queue does not accept is lost: AWS drops it, too, if
// the subscription has no dead-letter queue.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
func (s *Service) deliver(p Publication, sub subscription) {
	if sub.protocol != "sqs" {
		return
	}
	body, attributes, err := p.forQueue(sub)
	if err == nil {
		err = s.config.Queues.Deliver("sns.amazonaws.com", sub.topic, sub.endpoint, body, attributes)
	}
	if err != nil {
		s.config.Log.Warn("a message of a topic was not delivered", "topic", sub.topic, "subscription", sub.arn, "error", err)
	}
}

// forQueue returns the message as a queue gets it. Without an envelope, its attributes become those of the queue's message.
func (p Publication) forQueue(sub subscription) (body string, attributes map[string]sqs.AttributeValue, err error) {
	if sub.raw {
		attributes = make(map[string]sqs.AttributeValue)
		for name, a := range p.Attributes {
			attributes[name] = a.forQueue()
		}
		return p.MessageFor("sqs"), attributes, nil
	}
	e := envelope{
		Type: "Notification", MessageID: p.ID, TopicARN: p.TopicARN, Subject: p.Subject, Message: p.MessageFor("sqs"),
		Timestamp: p.Time.UTC().Format("2006-01-02T15:04:05.000Z"), SignatureVersion: "1",
		Signature:      base64.StdEncoding.EncodeToString([]byte(awsapi.NewID())),
		SigningCertURL: "https://sns.amazonaws.com/SimpleNotificationService.pem",
		UnsubscribeURL: "https://sns.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=" + sub.arn,
	}
	for name, a := range p.Attributes {
		if e.MessageAttributes == nil {
			e.MessageAttributes = make(map[string]envelopeAttribute)
		}
		value := a.Value
		if a.Type == "Binary" {
			value = base64.StdEncoding.EncodeToString([]byte(value))
		}
		e.MessageAttributes[name] = envelopeAttribute{Type: a.Type, Value: value}
	}
	text, err := json.Marshal(e)
	return string(text), nil, err
}

func (a Attribute) forQueue() sqs.AttributeValue {
	if a.Type == "Binary" {
		return sqs.AttributeValue{DataType: a.Type, BinaryValue: []byte(a.Value)}
	}
	return sqs.AttributeValue{DataType: a.Type, StringValue: &a.Value}
}
