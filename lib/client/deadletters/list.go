package deadletters

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const (
	// hidden is how long a letter that is looked at is hidden, so that the next look finds another one. It is shown again right after; this
	// is for a program that is killed in between.
	hidden = 30 * time.Second
	// perReceive is how many messages SQS hands over or changes at most in one call.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
	perReceive = 10
	// longPoll has SQS ask all of its servers: a short poll may miss letters.
	longPoll = time.Second
	// showTime is what showing letters again may take after the caller's time is over.
	showTime = 10 * time.Second
)

// Listing is what List found.
type Listing struct {
	Letters []Letter // each once
	Total   int      // how many there are, by SQS's approximation, also those that somebody else is just looking at
}

// Complete tells whether List has looked at all of them.
func (l Listing) Complete() bool { return len(l.Letters) >= l.Total }

// ByApp counts the letters by the apps whose they are; those that nobody's are known to be count under the empty name. Unless the listing is
// Complete, there may be more.
func (l Listing) ByApp() map[string]int {
	counts := map[string]int{}
	for _, letter := range l.Letters {
		counts[letter.App]++
	}
	return counts
}

// List looks at up to limit letters. It hides each for a moment and shows it again: nothing is lost, whenever it ends. An empty queue
// costs one call.
func (q Queue) List(ctx context.Context, limit int) (Listing, error) {
	return q.Read(ctx, limit, func(Letter, []byte) error { return nil })
}

// Read is List, and hands over each letter with Heroku's body in it, which is nil when the letter cannot be opened. An error of each ends
// it, and is its own.
func (q Queue) Read(ctx context.Context, limit int, each func(Letter, []byte) error) (Listing, error) {
	visible, all, err := q.count(ctx)
	if err != nil {
		return Listing{}, err
	}
	found := Listing{Total: all}
	seen := map[string]bool{}
	limit = min(limit, visible)
	for len(found.Letters) < limit && err == nil {
		var messages []types.Message
		messages, err = q.receive(ctx, limit-len(found.Letters), hidden)
		if len(messages) == 0 {
			break
		}
		for _, m := range messages {
			letter, body := q.open(m)
			if seen[letter.MessageID] {
				continue
			}
			seen[letter.MessageID] = true
			found.Letters = append(found.Letters, letter)
			if err == nil {
				err = each(letter, body)
			}
		}
	}
	return found, errors.Join(err, q.show(ctx, found.Letters))
}

// receive takes messages, and hides them from everybody else for a while.
func (q Queue) receive(ctx context.Context, most int, hide time.Duration) ([]types.Message, error) {
	out, err := q.Client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl:                    &q.URL,
		MaxNumberOfMessages:         int32(min(most, perReceive)),
		VisibilityTimeout:           int32(hide.Seconds()),
		WaitTimeSeconds:             int32(longPoll.Seconds()),
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
	})
	if err != nil {
		return nil, fmt.Errorf("look at the dead letters in %s: %w", q.URL, err)
	}
	return out.Messages, nil
}

// show ends the letters' being hidden.
func (q Queue) show(ctx context.Context, letters []Letter) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), showTime)
	defer cancel()
	for len(letters) > 0 {
		some := letters[:min(perReceive, len(letters))]
		letters = letters[len(some):]
		in := &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &q.URL}
		for i, l := range some {
			in.Entries = append(in.Entries, types.ChangeMessageVisibilityBatchRequestEntry{
				Id: aws.String(strconv.Itoa(i)), ReceiptHandle: aws.String(l.ReceiptHandle), VisibilityTimeout: 0,
			})
		}
		// A letter that somebody has taken meanwhile is refused by itself, and that is as good.
		if _, err := q.Client.ChangeMessageVisibilityBatch(ctx, in); err != nil {
			return fmt.Errorf("show the dead letters in %s again (they are hidden for %s): %w", q.URL, hidden, err)
		}
	}
	return nil
}
