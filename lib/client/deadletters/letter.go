package deadletters

import (
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/envelope"
)

// Letter is a dead letter, a message that could not be stored, without its body.
type Letter struct {
	MessageID     string
	ReceiptHandle string
	App           string          // the app whose lines it holds; empty: unknown
	Source        string          // ARN of the queue it came from; empty: it was sent to the dead-letter queue directly
	Header        envelope.Header // zero if Err is set
	Part, Parts   int             // which part of Heroku's POST it is, from 1, and of how many
	Bytes         int             // size of the body that Heroku sent
	SentAt        time.Time       // when it was first queued; SQS deletes it 14 days later
	Receives      int             // how often it was received, whether to be stored or to be read
	Err           error           // why it cannot be opened
}

// Content is what is in a dead letter.
type Content struct {
	Message string // as it is in the queue: an envelope, or what cannot be opened
	Body    []byte // what Heroku sent; nil if the message cannot be opened
}

// open reads a message. If it cannot be opened, the app is that of the source queue.
func (q Queue) open(m types.Message) (Letter, Content) {
	l := Letter{
		MessageID:     aws.ToString(m.MessageId),
		ReceiptHandle: aws.ToString(m.ReceiptHandle),
		Source:        m.Attributes[string(types.MessageSystemAttributeNameDeadLetterQueueSourceArn)],
	}
	// An attribute that SQS did not send becomes zero.
	sent, _ := strconv.ParseInt(m.Attributes[string(types.MessageSystemAttributeNameSentTimestamp)], 10, 64)
	l.SentAt = time.UnixMilli(sent).UTC()
	l.Receives, _ = strconv.Atoi(m.Attributes[string(types.MessageSystemAttributeNameApproximateReceiveCount)])
	content := Content{Message: aws.ToString(m.Body)}
	l.App, _ = drain.Names{QueuePrefix: q.Prefix}.AppOfQueueARN(l.Source)
	e, err := envelope.Open(content.Message)
	if err == nil {
		err = checkApp(e.App, l.App)
	}
	if err != nil {
		l.Err = err
		return l, content
	}
	l.App, l.Header, l.Part, l.Parts, l.Bytes = e.App, e.Header, e.Part, e.Parts, len(e.Body)
	content.Body = e.Body
	return l, content
}

// checkApp checks the app that an envelope is for. source is that of the queue it came from, or empty. The storage function stores nothing from
// an app's queue in another app's log stream, and a redrive must not either.
func checkApp(app, source string) error {
	if err := drain.ValidateApp(app); err != nil {
		return fmt.Errorf("the message is not for an app: %w", err)
	}
	if source != "" && source != app {
		return fmt.Errorf("the message is for app %q, but was in the queue of %s", app, source)
	}
	return nil
}
