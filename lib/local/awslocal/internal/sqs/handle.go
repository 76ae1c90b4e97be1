package sqs

import (
	"encoding/base64"
	"encoding/json"
)

// receiptHandle identifies one receive of one message. Clients see it as an opaque string.
type receiptHandle struct {
	Queue   string // ARN
	Message string // ID
	Receive int    // the message's receive count at that time
}

func (h receiptHandle) String() string {
	return base64.StdEncoding.EncodeToString([]byte(marshal(h)))
}

// parseHandle parses a handle that this queue returned from a receive.
func (q *queue) parseHandle(text string) (receiptHandle, error) {
	if text == "" {
		return receiptHandle{}, missingParameter("ReceiptHandle")
	}
	var h receiptHandle
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(decoded, &h) != nil || h.Queue != q.arn {
		return receiptHandle{}, refusal("ReceiptHandleIsInvalid", "The input receipt handle %q is not a valid receipt handle.", text)
	}
	return h, nil
}

// messageOf returns the message that a handle stands for, or nil if the message was deleted or has been received again since.
func (q *queue) messageOf(h receiptHandle) *message {
	m := q.messages[h.Message]
	if m == nil || m.receives != h.Receive {
		return nil
	}
	return m
}
