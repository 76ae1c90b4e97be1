package sqs

import (
	"crypto/md5"
	"encoding/hex"
	"strconv"
	"time"
)

// maxRequestBytes is the largest message, and the largest batch of messages: 1 MiB, attributes included.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const maxRequestBytes = 1_048_576

// Message is a message as a receiver sees it.
type Message struct {
	MessageID         string                    `json:"MessageId"`
	ReceiptHandle     string                    `json:"ReceiptHandle"`
	Body              string                    `json:"Body"`
	BodyMD5           string                    `json:"MD5OfBody"`
	Attributes        map[string]string         `json:"Attributes,omitempty"` // SentTimestamp, ApproximateReceiveCount …
	AttributesMD5     string                    `json:"MD5OfMessageAttributes,omitempty"`
	MessageAttributes map[string]AttributeValue `json:"MessageAttributes,omitempty"`
}

// message is a message in its queue; the Service's lock guards it.
type message struct {
	id, body   string
	attributes map[string]AttributeValue
	sender     string // access key id
	sent       time.Time
	arrival    int64  // place in the queue's order
	source     string // ARN of the queue whose dead letter this is

	receives      int
	firstReceived time.Time
	lastReceived  time.Time
	visibleAt     time.Time // when it is in flight or delayed

	pile  *pile
	place int
}

// received is what the receiver of a message gets.
func (m *message) received(q *queue) Message {
	attributes := map[string]string{
		"SenderId":                         m.sender,
		"SentTimestamp":                    millis(m.sent),
		"ApproximateReceiveCount":          strconv.Itoa(m.receives),
		"ApproximateFirstReceiveTimestamp": millis(m.firstReceived),
	}
	if m.source != "" {
		attributes["DeadLetterQueueSourceArn"] = m.source
	}
	return Message{
		MessageID:         m.id,
		ReceiptHandle:     receiptHandle{Queue: q.arn, Message: m.id, Receive: m.receives}.String(),
		Body:              m.body,
		BodyMD5:           checksum(m.body),
		Attributes:        attributes,
		AttributesMD5:     attributesChecksum(m.attributes),
		MessageAttributes: m.attributes,
	}
}

func millis(t time.Time) string {
	return strconv.FormatInt(t.UnixMilli(), 10)
}

func checksum(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

// checkCharacters turns down text with characters outside of XML's: "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD |
// #x10000 to #x10FFFF". https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
func checkCharacters(text, where string) error {
	for _, r := range text {
		switch {
		case r == '\t', r == '\n', r == '\r', r >= 0x20 && r <= 0xFFFD, r >= 0x10000:
		default:
			return refusal("InvalidMessageContents", "Invalid binary character '#x%X' was found in the %s, the set of allowed characters is"+
				" #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF", r, where)
		}
	}
	return nil
}
