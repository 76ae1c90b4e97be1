package main

import (
	"context"
	"encoding/json"
	"fmt"
)

// bill is what AWS bills for POSTs of a size.
type bill struct {
	size     int     // of a POST, in KB
	sends    float64 // SQS requests to send a POST
	receives float64 // SQS requests to receive a batch of POSTs
	text     float64 // bytes that CloudWatch Logs bills, over those that Heroku sent
	json     float64
}

const (
	// SQS bills every 64 KB of what a call transfers as a request. https://aws.amazon.com/sqs/pricing/
	sqsUnit = 64 << 10
	// CloudWatch Logs adds this to each event. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
	eventOverhead = 26
)

// bills returns what AWS bills for a batch of POSTs of each size.
func bills(ctx context.Context) ([]bill, error) {
	var all []bill
	for _, size := range sizes {
		posts, _ := generate(size, batchSize)
		b := bill{size: size}
		messages, err := seal(posts)
		if err != nil {
			return nil, err
		}
		received, sent := 0, 0
		for _, m := range messages {
			b.sends += units(len(m))
			received += len(m)
		}
		b.sends /= batchSize
		b.receives = units(received)
		for _, p := range posts {
			sent += len(p.body)
		}
		for format, share := range map[string]*float64{"text": &b.text, "json": &b.json} {
			stored, err := storedBytes(ctx, format, posts)
			if err != nil {
				return nil, fmt.Errorf("bytes stored as %s: %w", format, err)
			}
			*share = float64(stored) / float64(sent)
		}
		all = append(all, b)
	}
	return all, nil
}

func units(bytes int) float64 { return float64((bytes + sqsUnit - 1) / sqsUnit) }

// storedBytes returns how many bytes CloudWatch Logs bills for POSTs.
func storedBytes(ctx context.Context, format string, posts []post) (n int, err error) {
	w := newWire(format)
	w.puts = func(body []byte) error {
		var put struct {
			LogEvents []struct {
				Message string `json:"message"`
			} `json:"logEvents"`
		}
		if err := json.Unmarshal(body, &put); err != nil {
			return err
		}
		for _, e := range put.LogEvents {
			n += len(e.Message) + eventOverhead
		}
		return nil
	}
	store, err := ourStorage(w, posts)
	if err != nil {
		return 0, err
	}
	return n, store(ctx)
}
