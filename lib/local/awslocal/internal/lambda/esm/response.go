package esm

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// failedItems returns the IDs of the records that a function reports as failed. A missing or empty list means that all succeeded. An error
// means that the whole batch has failed: the response does not have the expected form, or an identifier is missing, empty, or unknown. Names
// must match exactly, as on AWS, where an item with "a bad key name" fails the batch; encoding/json alone would take any case.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
func failedItems(response []byte, records []record) (map[string]bool, error) {
	if len(bytes.TrimSpace(response)) == 0 {
		return nil, nil
	}
	var answer map[string]json.RawMessage
	if err := json.Unmarshal(response, &answer); err != nil {
		return nil, fmt.Errorf("read the function's batch response: %w", err)
	}
	var items []map[string]json.RawMessage
	if list, given := answer["batchItemFailures"]; given {
		if err := json.Unmarshal(list, &items); err != nil {
			return nil, fmt.Errorf("read the batchItemFailures of the function's batch response: %w", err)
		}
	}
	known := make(map[string]bool, len(records))
	for _, r := range records {
		known[r.id] = true
	}
	failed := make(map[string]bool)
	for _, item := range items {
		var id string
		if err := json.Unmarshal(item["itemIdentifier"], &id); err != nil || !known[id] {
			return nil, fmt.Errorf("the function's batch response names a message that is not in the batch: %s", item["itemIdentifier"])
		}
		failed[id] = true
	}
	return failed, nil
}
