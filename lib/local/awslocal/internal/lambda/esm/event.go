package esm

import (
	"bytes"
	"encoding/json"
	"fmt"

	"heroku-drains/lib/local/awslocal/internal/sqs"
)

// maxEvent is the maximum size of an event in bytes, including JSON escapes: the payload limit of an invocation, 6 MB.
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
const maxEvent = 6 * 1024 * 1024

const eventStart, eventEnd = `{"Records":[`, `]}`

// record is a message with its JSON in the event.
type record struct {
	id, receiptHandle string
	json              []byte
}

// recordJSON is a message in the form that functions get.
type recordJSON struct {
	MessageID              string                   `json:"messageId"`
	ReceiptHandle          string                   `json:"receiptHandle"`
	Body                   string                   `json:"body"`
	Attributes             map[string]string        `json:"attributes"`
	MessageAttributes      map[string]attributeJSON `json:"messageAttributes"`
	MD5OfMessageAttributes string                   `json:"md5OfMessageAttributes,omitempty"`
	MD5OfBody              string                   `json:"md5OfBody"`
	EventSource            string                   `json:"eventSource"`
	EventSourceARN         string                   `json:"eventSourceARN"`
	AWSRegion              string                   `json:"awsRegion"`
}

type attributeJSON struct {
	StringValue      *string  `json:"stringValue,omitempty"`
	BinaryValue      []byte   `json:"binaryValue,omitempty"`
	StringListValues []string `json:"stringListValues"`
	BinaryListValues []string `json:"binaryListValues"`
	DataType         string   `json:"dataType"`
}

// newRecord returns the record of a message. As on AWS, its JSON does not escape <, > and &, which matters for the size of the event.
func newRecord(m sqs.Message, queue, region string) (record, error) {
	attributes := make(map[string]attributeJSON)
	for name, value := range m.MessageAttributes {
		attributes[name] = attributeJSON{
			StringValue:      value.StringValue,
			BinaryValue:      value.BinaryValue,
			StringListValues: []string{},
			BinaryListValues: []string{},
			DataType:         value.DataType,
		}
	}
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(recordJSON{
		MessageID:              m.MessageID,
		ReceiptHandle:          m.ReceiptHandle,
		Body:                   m.Body,
		Attributes:             m.Attributes,
		MessageAttributes:      attributes,
		MD5OfMessageAttributes: m.AttributesMD5,
		MD5OfBody:              m.BodyMD5,
		EventSource:            "aws:sqs",
		EventSourceARN:         queue,
		AWSRegion:              region,
	})
	if err != nil {
		return record{}, fmt.Errorf("encode message %s: %w", m.MessageID, err)
	}
	return record{id: m.MessageID, receiptHandle: m.ReceiptHandle, json: bytes.TrimRight(buffer.Bytes(), "\n")}, nil
}

// batch holds the records of one event.
type batch struct {
	records []record
	size    int // bytes of the event
}

// add adds records until the batch is full and returns the remaining ones.
func (b *batch) add(records []record, most int) (others []record) {
	for i, r := range records {
		size := b.size + len(r.json) + 1 // with a comma
		if b.size == 0 {
			size = len(eventStart) + len(r.json) + len(eventEnd)
		}
		if len(b.records) == most || size > maxEvent {
			return records[i:]
		}
		b.records = append(b.records, r)
		b.size = size
	}
	return nil
}

// event returns the payload for the function.
func (b *batch) event() []byte {
	event := make([]byte, 0, b.size)
	event = append(event, eventStart...)
	for i, r := range b.records {
		if i > 0 {
			event = append(event, ',')
		}
		event = append(event, r.json...)
	}
	return append(event, eventEnd...)
}
