package matrix

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/stack"
	"heroku-drains/test/faults/lines"
)

// deadLetters returns the messages in the dead letters by app.
func (w *World) deadLetters() (map[string][][]byte, error) {
	messages := map[string][][]byte{}
	for {
		out, err := w.SQS.ReceiveMessage(w.Context, &sqs.ReceiveMessageInput{
			QueueUrl: w.queueURL(stack.LocalDeadLetterQueue), MaxNumberOfMessages: 10, VisibilityTimeout: 3600,
		})
		if err != nil {
			return nil, fmt.Errorf("read the dead letters: %w", err)
		}
		if len(out.Messages) == 0 {
			return messages, nil
		}
		for _, m := range out.Messages {
			app, inside, err := lines.DeadLetter(aws.ToString(m.Body))
			if err != nil {
				return nil, err
			}
			messages[app] = append(messages[app], inside...)
		}
	}
}

// redrive moves the dead letters back to their queues, and returns when they are stored or dead letters again.
func (w *World) redrive() error {
	arn := aws.String("arn:aws:sqs:" + stack.LocalRegion + ":" + stack.LocalAccountID + ":" + stack.LocalDeadLetterQueue)
	if _, err := w.SQS.StartMessageMoveTask(w.Context, &sqs.StartMessageMoveTaskInput{SourceArn: arn}); err != nil {
		return fmt.Errorf("move the dead letters back: %w", err)
	}
	if err := w.Until("the dead letters have moved back", func() (bool, error) {
		return w.AWS.Backlog(stack.LocalDeadLetterQueue).Visible == 0, nil
	}); err != nil {
		return err
	}
	return w.settle()
}

func (w *World) queueURL(name string) *string {
	return aws.String(w.AWS.AWSURL() + "/" + stack.LocalAccountID + "/" + name)
}
