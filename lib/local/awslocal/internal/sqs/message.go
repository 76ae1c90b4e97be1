package sqs

import (
	"crypto/md5"
	"encoding/hex"
	"strconv"
	"time"
)

// maxRequestBytes is the maximum size of a message and of a batch of messages, attributes included: 1 MiB.
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

// message is a message in a queue. The Service's lock guards it.
type message struct {
	queue      *queue // that it is in
	id, body   string
	attributes map[string]AttributeValue
	sender     string // access key ID
	sent       time.Time
	arrival    int64  // position in the order of arrival
	source     string // for a dead letter: the ARN of the queue it comes from

	receives      int
	firstReceived time.Time
	lastReceived  time.Time
	visibleAt     time.Time // meaningful while the message is in flight or delayed

	copied  bool // whether a Disturbance has let two receivers have it
	revived bool // whether a Disturbance has kept it after its deletion

	heap  *messageHeap // the heap of its queue that it is in
	index int          // its index in heap
}

// received returns the message in the form its receiver gets.
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

// checkCharacters rejects text with characters that XML does not allow: "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD |
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
