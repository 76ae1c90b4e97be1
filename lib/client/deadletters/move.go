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

const (
	// moveVisibility is how long letters that are not moved stay hidden, so that the search reaches the others. They are released at the end;
	// the timeout only matters if the program is killed before that.
	moveVisibility = 5 * time.Minute
	// moveTimeout limits the move of one letter. A move that has begun is finished even if the caller's context ends.
	moveTimeout = 30 * time.Second
)

// Move moves each letter to the queue whose URL target returns for it, and returns the number of letters moved. It leaves letters for which
// target returns "". After every move, it calls report with the number so far.
//
// A letter is sent to its queue before it is deleted here. If the program is killed in between, the letter is in both queues and may be stored
// twice, but none is lost.
func (q Queue) Move(ctx context.Context, target func(Letter) string, report func(moved int)) (moved int, err error) {
	seen := map[string]bool{}
	var kept []Letter
	defer func() { err = errors.Join(err, q.release(ctx, kept)) }()
	for {
		messages, err := q.receive(ctx, batchLimit, moveVisibility)
		if err != nil {
			return moved, err
		}
		anyNew := false
		for i, m := range messages {
			letter, _ := q.open(m)
			anyNew = anyNew || !seen[letter.MessageID]
			seen[letter.MessageID] = true
			url := target(letter)
			if url == "" {
				kept = append(kept, letter)
				continue
			}
			err := ctx.Err()
			if err == nil {
				err = q.move(ctx, m, url)
			}
			if err != nil {
				for _, m := range messages[i:] {
					letter, _ := q.open(m)
					kept = append(kept, letter)
				}
				return moved, err
			}
			moved++
			report(moved)
		}
		if !anyNew { // there are no more letters, or the first ones have become visible again
			return moved, nil
		}
	}
}

func (q Queue) move(ctx context.Context, m types.Message, url string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), moveTimeout)
	defer cancel()
	if _, err := q.Client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: m.Body}); err != nil {
		return fmt.Errorf("move the dead letter %s to %s: %w", aws.ToString(m.MessageId), url, err)
	}
	if _, err := q.Client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &q.URL, ReceiptHandle: m.ReceiptHandle}); err != nil {
		return fmt.Errorf("delete the dead letter %s from %s after it was sent to %s (it may be stored twice): %w",
			aws.ToString(m.MessageId), q.URL, url, err)
	}
	return nil
}
