package sqs

import (
	"encoding/base64"
	"encoding/json"
)

// receiptHandle names one receive of one message; clients see one opaque word.
type receiptHandle struct {
	Queue   string // ARN
	Message string
	Receive int // the how manieth
}

func (h receiptHandle) String() string {
	return base64.StdEncoding.EncodeToString([]byte(marshal(h)))
}

// parseHandle reads a handle that this queue gave out.
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

// held is the message whose latest receive the handle names, or nil: it is gone, or was received again since.
func (q *queue) held(h receiptHandle) *message {
	m := q.messages[h.Message]
	if m == nil || m.receives != h.Receive {
		return nil
	}
	return m
}
