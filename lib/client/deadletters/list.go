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

// SampleLimit is how many dead letters are usually opened to count them by app: each may be up to 1 MB.
const SampleLimit = 100

const (
	// readVisibility is how long a letter that was read stays hidden, so that the next receive returns another one. Letters are released as
	// soon as all are read; the timeout only matters if the program is killed before that.
	readVisibility = 30 * time.Second
	// maxAgain is how many receives in a row may return only letters that were read already: those of a queue whose other letters are gone, after
	// the first ones have become visible again.
	maxAgain = 10
	// batchLimit is how many messages SQS returns or changes in one call at most.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
	batchLimit = 10
	// longPoll makes SQS query all of its servers. A short poll may miss letters.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
	longPoll = time.Second
	// releaseTimeout limits the release of letters, which happens even if the caller's context has ended.
	releaseTimeout = 10 * time.Second
)

// Listing is the result of List.
type Listing struct {
	Letters []Letter // each once
	Total   int      // SQS's approximate number of dead letters, including those that others are reading
}

// Complete reports whether Letters contains all dead letters.
func (l Listing) Complete() bool { return len(l.Letters) >= l.Total }

// ByApp counts Letters by app. Letters of an unknown app have the key "". Unless the listing is Complete, there may be more.
func (l Listing) ByApp() map[string]int {
	counts := map[string]int{}
	for _, letter := range l.Letters {
		counts[letter.App]++
	}
	return counts
}

// List reads up to limit letters. It hides each for a moment, and releases it even if ctx ends, so no letter is lost. If the queue is empty or
// limit is 0, it makes only one call.
func (q Queue) List(ctx context.Context, limit int) (Listing, error) {
	return q.Read(ctx, limit, func(Letter, Content) error { return nil })
}

// Read is like List, but also calls each with every letter and its content. If each returns an error, Read stops and returns that error.
func (q Queue) Read(ctx context.Context, limit int, each func(Letter, Content) error) (Listing, error) {
	visible, all, err := q.count(ctx)
	if err != nil {
		return Listing{}, err
	}
	found := Listing{Total: all}
	seen := map[string]bool{}
	limit = min(limit, visible)
	visibility := readVisibility
	if limit > SampleLimit { // reading them takes longer
		visibility = moveVisibility
	}
	for again := 0; len(found.Letters) < limit && again < maxAgain && err == nil; again++ {
		var messages []types.Message
		messages, err = q.receive(ctx, limit-len(found.Letters), visibility)
		if len(messages) == 0 {
			break
		}
		for _, m := range messages {
			letter, content := q.open(m)
			if seen[letter.MessageID] {
				continue
			}
			again = 0
			seen[letter.MessageID] = true
			found.Letters = append(found.Letters, letter)
			if err == nil {
				err = each(letter, content)
			}
		}
	}
	return found, errors.Join(err, q.release(ctx, found.Letters))
}

// receive receives up to limit messages, at most batchLimit, and hides them from other readers for the visibility timeout.
func (q Queue) receive(ctx context.Context, limit int, visibility time.Duration) ([]types.Message, error) {
	out, err := q.Client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl:                    &q.URL,
		MaxNumberOfMessages:         int32(min(limit, batchLimit)),
		VisibilityTimeout:           int32(visibility.Seconds()),
		WaitTimeSeconds:             int32(longPoll.Seconds()),
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
	})
	if err != nil {
		return nil, fmt.Errorf("read the dead letters in %s: %w", q.URL, err)
	}
	return out.Messages, nil
}

// release makes letters visible again.
func (q Queue) release(ctx context.Context, letters []Letter) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	for len(letters) > 0 {
		batch := letters[:min(batchLimit, len(letters))]
		letters = letters[len(batch):]
		in := &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &q.URL}
		for i, l := range batch {
			in.Entries = append(in.Entries, types.ChangeMessageVisibilityBatchRequestEntry{
				Id: aws.String(strconv.Itoa(i)), ReceiptHandle: aws.String(l.ReceiptHandle), VisibilityTimeout: 0,
			})
		}
		// SQS rejects the entry of a letter that is already visible, or that someone has moved. Neither needs to be released.
		if _, err := q.Client.ChangeMessageVisibilityBatch(ctx, in); err != nil {
			return fmt.Errorf("make the dead letters in %s visible again (they stay hidden for a while): %w", q.URL, err)
		}
	}
	return nil
}
