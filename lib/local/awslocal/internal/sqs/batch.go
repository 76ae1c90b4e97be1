package sqs

import (
	"regexp"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// maxBatch is the largest number of entries in a batch, and of messages in one receive.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const maxBatch = 10

var batchEntryID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

type batchInput[Entry identified] struct {
	QueueUrl string
	Entries  []Entry
}

// identified is an entry of a batch: it embeds batchEntry.
type identified interface{ id() string }

// batchEntry is the part that all entries share, and the whole result of those that return nothing else.
type batchEntry struct {
	ID string `json:"Id"`
}

func (e batchEntry) id() string { return e.ID }

// check rejects the whole batch if it has too few or too many entries, or an id that is invalid or used twice.
func (in *batchInput[Entry]) check() error {
	if len(in.Entries) == 0 {
		return prefixed("EmptyBatchRequest", "There should be at least one entry in the request.")
	}
	if len(in.Entries) > maxBatch {
		return prefixed("TooManyEntriesInBatchRequest",
			"Maximum number of entries per request are %d. You have sent %d.", maxBatch, len(in.Entries))
	}
	seen := make(map[string]bool)
	for _, entry := range in.Entries {
		switch entryID := entry.id(); {
		case !batchEntryID.MatchString(entryID):
			return prefixed("InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores."+
				" It can be at most 80 letters long.")
		case seen[entryID]:
			return prefixed("BatchEntryIdsNotDistinct", "Id %s repeated.", entryID)
		default:
			seen[entryID] = true
		}
	}
	return nil
}

// batchOutput holds the result of every entry. An empty list is sent as [], never left out.
type batchOutput[Done any] struct {
	Successful []Done
	Failed     []failedEntry
}

type failedEntry struct {
	ID          string `json:"Id"`
	SenderFault bool
	Code        string
	Message     string
}

// runBatch calls do on every entry of a checked batch, with the Service locked. An entry that fails does not affect the others.
func runBatch[Entry identified, Done any](
	s *Service, in *batchInput[Entry], do func(*queue, Entry) (Done, error),
) (*batchOutput[Done], error) {
	out := &batchOutput[Done]{Successful: []Done{}, Failed: []failedEntry{}}
	return out, s.withQueue(in.QueueUrl, func(q *queue) error {
		s.keeper.together(func() {
			for _, entry := range in.Entries {
				done, err := do(q, entry)
				if err == nil {
					out.Successful = append(out.Successful, done)
					continue
				}
				e := awsapi.AsError(err)
				out.Failed = append(out.Failed, failedEntry{
					ID: entry.id(), SenderFault: e.Status < 500, Code: e.QueryCode, Message: e.Message,
				})
			}
		})
		return nil
	})
}
