package deadletters

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Mails is what moving letters one by one takes: an sqs.Client.
type Mails interface {
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
	DeleteMessage(context.Context, *sqs.DeleteMessageInput, ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error)
}

const (
	// hiddenByMove is how long letters are hidden that are not to be moved, so that the search goes on to others. They are shown again at
	// the end; this is for a program that is killed.
	hiddenByMove = 5 * time.Minute
	// moveTime is what moving one letter may take once it has begun, even when the caller's time is over.
	moveTime = 30 * time.Second
)

// Move moves the letters that to has a queue's URL for, and answers how many. It leaves those for which to answers nothing. Each is in its
// queue before it is taken out of here: killed in between, it is in both, and stored twice at worst; none is lost.
func (q Queue) Move(ctx context.Context, mails Mails, to func(Letter) string, report func(moved int)) (moved int, err error) {
	seen := map[string]bool{}
	var left []Letter
	defer func() { err = errors.Join(err, q.show(ctx, left)) }()
	for {
		messages, err := q.receive(ctx, perReceive, hiddenByMove)
		if err != nil {
			return moved, err
		}
		fresh := false
		for i, m := range messages {
			letter, _ := q.open(m)
			fresh = fresh || !seen[letter.MessageID]
			seen[letter.MessageID] = true
			url := to(letter)
			if url == "" {
				left = append(left, letter)
				continue
			}
			err := ctx.Err()
			if err == nil {
				err = q.move(ctx, mails, m, url)
			}
			if err != nil {
				for _, m := range messages[i:] {
					letter, _ := q.open(m)
					left = append(left, letter)
				}
				return moved, err
			}
			moved++
			report(moved)
		}
		if !fresh { // there are no more, or those from the beginning come again
			return moved, nil
		}
	}
}

func (q Queue) move(ctx context.Context, mails Mails, m types.Message, url string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), moveTime)
	defer cancel()
	if _, err := mails.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: m.Body}); err != nil {
		return fmt.Errorf("move the dead letter %s to %s: %w", aws.ToString(m.MessageId), url, err)
	}
	if _, err := mails.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &q.URL, ReceiptHandle: m.ReceiptHandle}); err != nil {
		return fmt.Errorf("take the dead letter %s out of %s, after it was sent to %s (it may be stored twice): %w",
			aws.ToString(m.MessageId), q.URL, url, err)
	}
	return nil
}
