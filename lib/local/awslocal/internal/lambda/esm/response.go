package esm

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// failedItems returns the IDs of the records that a function reports as failed. A missing or empty list means that all succeeded. An error
// means that the whole batch has failed: the response does not have the expected form, or an identifier is missing, empty, or unknown.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
func failedItems(response []byte, records []record) (map[string]bool, error) {
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
