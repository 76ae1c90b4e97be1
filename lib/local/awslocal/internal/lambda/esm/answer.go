package esm

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// failures reads which records a function reports as failed. No list, or an empty one, is none. An error means that the whole batch has
// failed: the answer is not JSON of that form, or an identifier is missing, empty, or no record's.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
func failures(response []byte, records []record) (map[string]bool, error) {
	if len(bytes.TrimSpace(response)) == 0 {
		return nil, nil
	}
	var answer struct {
		BatchItemFailures []struct {
			ItemIdentifier string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if err := json.Unmarshal(response, &answer); err != nil {
		return nil, fmt.Errorf("read the function's batch response: %w", err)
	}
	known := make(map[string]bool, len(records))
	for _, r := range records {
		known[r.id] = true
	}
	failed := make(map[string]bool)
	for _, item := range answer.BatchItemFailures {
		if !known[item.ItemIdentifier] {
			return nil, fmt.Errorf("the function's batch response names a message that is not in the batch: %q", item.ItemIdentifier)
		}
		failed[item.ItemIdentifier] = true
	}
	return failed, nil
}
