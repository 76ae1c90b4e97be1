package deadletters

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Discard deletes the letters with these message IDs, and returns those that it deleted: others are gone, or someone else is reading them. Before it
// deletes a letter, it calls before, and keeps the letter if that fails.
//
// SQS cannot get a message by its ID. So Discard receives letters until it has found all, and makes the others visible again at once.
func (q Queue) Discard(ctx context.Context, ids []string, before func(Letter, Content) error) (discarded []Letter, err error) {
	wanted, seen := map[string]bool{}, map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	var kept []Letter
	defer func() { err = errors.Join(err, q.release(ctx, kept)) }()
	for len(wanted) > 0 {
		messages, err := q.receive(ctx, batchLimit, moveVisibility)
		if err != nil {
			return discarded, err
		}
		anyNew := false
		var failed error
		for _, m := range messages {
			letter, content := q.open(m)
			anyNew = anyNew || !seen[letter.MessageID]
			seen[letter.MessageID] = true
			if failed != nil || !wanted[letter.MessageID] {
				kept = append(kept, letter)
				continue
			}
			if failed = ctx.Err(); failed == nil {
				failed = before(letter, content)
			}
			if failed == nil {
				failed = q.discard(ctx, m)
			}
			if failed != nil {
				kept = append(kept, letter)
				continue
			}
			delete(wanted, letter.MessageID)
			discarded = append(discarded, letter)
		}
		if failed != nil || !anyNew { // there are no more letters, or the first ones have become visible again
			return discarded, failed
		}
	}
	return discarded, nil
}

func (q Queue) discard(ctx context.Context, m types.Message) error {
	if _, err := q.Client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &q.URL, ReceiptHandle: m.ReceiptHandle}); err != nil {
		return fmt.Errorf("discard the dead letter %s in %s: %w", aws.ToString(m.MessageId), q.URL, err)
	}
	return nil
}
