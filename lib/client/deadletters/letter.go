package deadletters

import (
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/envelope"
)

// Letter is a message that could not be stored, without its body.
type Letter struct {
	MessageID     string
	ReceiptHandle string
	App           string          // whose it is; empty: nobody can tell
	Source        string          // the ARN of the queue it comes from; empty: somebody has put it here by hand
	Header        envelope.Header // zero when Err is not nil
	Part, Parts   int
	Bytes         int       // of Heroku's body
	SentAt        time.Time // to its first queue: it is gone 14 days after that
	Receives      int       // how often it was tried, or looked at
	Err           error     // why it cannot be opened
}

// open reads a message and Heroku's body in it. Its envelope says whose it is, and its queue's name where the envelope cannot be opened.
func (q Queue) open(m types.Message) (Letter, []byte) {
	l := Letter{
		MessageID:     aws.ToString(m.MessageId),
		ReceiptHandle: aws.ToString(m.ReceiptHandle),
		Source:        m.Attributes[string(types.MessageSystemAttributeNameDeadLetterQueueSourceArn)],
	}
	// Attributes that SQS did not send are zero.
	sent, _ := strconv.ParseInt(m.Attributes[string(types.MessageSystemAttributeNameSentTimestamp)], 10, 64)
	l.SentAt = time.UnixMilli(sent).UTC()
	l.Receives, _ = strconv.Atoi(m.Attributes[string(types.MessageSystemAttributeNameApproximateReceiveCount)])
	e, err := envelope.Open(aws.ToString(m.Body))
	if err != nil {
		l.App, _ = drain.Names{QueuePrefix: q.Prefix}.AppOfQueue(l.Source[strings.LastIndexByte(l.Source, ':')+1:])
		l.Err = err
		return l, nil
	}
	l.App, l.Header, l.Part, l.Parts, l.Bytes = e.App, e.Header, e.Part, e.Parts, len(e.Body)
	return l, e.Body
}
