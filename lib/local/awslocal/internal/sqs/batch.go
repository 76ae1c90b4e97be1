package sqs

import (
	"regexp"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// maxBatch is the number of entries of a batch, and of messages of one receive.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const maxBatch = 10

var batchEntryID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

type batchInput[Entry any] struct {
	QueueUrl string
	Entries  []Entry
}

// check turns down a batch as a whole: too few or too many entries, ids that are wrong or used twice.
func (in *batchInput[Entry]) check(id func(Entry) string) error {
	if len(in.Entries) == 0 {
		return prefixed("EmptyBatchRequest", "There should be at least one entry in the request.")
	}
	if len(in.Entries) > maxBatch {
		return prefixed("TooManyEntriesInBatchRequest",
			"Maximum number of entries per request are %d. You have sent %d.", maxBatch, len(in.Entries))
	}
	seen := make(map[string]bool)
	for _, entry := range in.Entries {
		switch entryID := id(entry); {
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

// batchOutput tells each entry's fate. Both lists are always there: an empty one is [].
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

func newBatchOutput[Done any]() *batchOutput[Done] {
	return &batchOutput[Done]{Successful: []Done{}, Failed: []failedEntry{}}
}

func (out *batchOutput[Done]) add(id string, done Done, err error) {
	if err == nil {
		out.Successful = append(out.Successful, done)
		return
	}
	e := awsapi.AsError(err)
	out.Failed = append(out.Failed, failedEntry{ID: id, SenderFault: e.Status < 500, Code: e.QueryCode, Message: e.Message})
}
