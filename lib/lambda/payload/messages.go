// Package payload reads the events of the two functions that handle every line, without reflection: it takes what they need, and rejects what AWS would
// not send. What it rejects, the functions leave to encoding/json, so a change at AWS would make them slower, and lose nothing.
package payload

import (
	"errors"
	"strconv"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/strictjson"
)

// Message is what the storage function needs of a message from SQS.
type Message struct {
	ID       string
	Source   string // the ARN of the queue
	Body     string
	Receives int // how often SQS has delivered it; 1 if that is unknown
}

const receiveCount = "ApproximateReceiveCount"

// ReadMessages reads an event of SQS. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
func ReadMessages(event []byte) ([]Message, error) {
	r := strictjson.New(event)
	var messages []Message
	found := false
	err := r.Object(func(name []byte) error {
		if string(name) != "Records" {
			return r.Skip()
		}
		if found {
			return errTwice
		}
		found = true
		return r.Array(func() error {
			m, err := readMessage(r)
			messages = append(messages, m)
			return err
		})
	})
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, errMissing
	}
	return messages, r.End()
}

func readMessage(r *strictjson.Reader) (Message, error) {
	m := Message{Receives: 1}
	var hasID, hasBody, hasSource, hasAttributes bool
	err := r.Object(func(name []byte) error {
		switch string(name) {
		case "messageId":
			return text(r, &m.ID, &hasID)
		case "body":
			return text(r, &m.Body, &hasBody)
		case "eventSourceARN":
			return text(r, &m.Source, &hasSource)
		case "attributes":
			if hasAttributes {
				return errTwice
			}
			hasAttributes = true
			return readAttributes(r, &m)
		}
		return r.Skip()
	})
	if err == nil && !(hasID && hasBody && hasSource) {
		err = errMissing
	}
	return m, err
}

func readAttributes(r *strictjson.Reader, m *Message) error {
	if r.Null() {
		return nil
	}
	found := false
	return r.Object(func(name []byte) error {
		if string(name) != receiveCount {
			return r.Skip()
		}
		var count string
		if err := text(r, &count, &found); err != nil {
			return err
		}
		m.Receives = receives(count)
		return nil
	})
}

func receives(count string) int {
	n, err := strconv.Atoi(count)
	if err != nil {
		return 1
	}
	return n
}

// Messages returns what the storage function needs of an event that was decoded.
func Messages(event events.SQSEvent) []Message {
	messages := make([]Message, len(event.Records))
	for i := range messages {
		m := &event.Records[i]
		messages[i] = Message{ID: m.MessageId, Source: m.EventSourceARN, Body: m.Body, Receives: receives(m.Attributes[receiveCount])}
	}
	return messages
}

var (
	errTwice   = errors.New("a member of the event occurs twice")
	errMissing = errors.New("the event lacks a member")
)

// text reads a string that must not have been found before.
func text(r *strictjson.Reader, into *string, found *bool) error {
	if *found {
		return errTwice
	}
	*found = true
	s, err := r.String()
	*into = string(s)
	return err
}
