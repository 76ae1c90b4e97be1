package storage_test

import (
	"context"
	"fmt"
	"regexp"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

const (
	group = "/heroku/apps"
	week  = 7 * 24 * time.Hour
)

// stored is a stored event.
type stored struct {
	Time time.Time
	Text string
}

// cloudWatch is a fake of one log group, as strict as CloudWatch Logs.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
type cloudWatch struct {
	now       func() time.Time
	retention time.Duration
	noGroup   bool
	before    func(put int, in *cloudwatchlogs.PutLogEventsInput) error // called with the number of each put, from 1; its error fails the put

	mu      sync.Mutex
	streams map[string]bool
	calls   int
	puts    [][]stored // the successful ones
}

func newCloudWatch(now func() time.Time) *cloudWatch {
	return &cloudWatch{now: now, retention: week, streams: map[string]bool{"[APP]shop": true, "[APP]blog": true}}
}

func (c *cloudWatch) PutLogEvents(_ context.Context, in *cloudwatchlogs.PutLogEventsInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.PutLogEventsOutput, error) {
	c.mu.Lock()
	c.calls++
	put := c.calls
	c.mu.Unlock()
	if c.before != nil {
		if err := c.before(put, in); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.noGroup || *in.LogGroupName != group {
		return nil, &types.ResourceNotFoundException{Message: aws.String("The specified log group does not exist.")}
	}
	if !c.streams[*in.LogStreamName] {
		return nil, &types.ResourceNotFoundException{Message: aws.String("The specified log stream does not exist.")}
	}
	events, info, err := c.check(in.LogEvents)
	if err != nil {
		return nil, &types.InvalidParameterException{Message: aws.String(err.Error())}
	}
	c.puts = append(c.puts, events)
	return &cloudwatchlogs.PutLogEventsOutput{RejectedLogEventsInfo: info}, nil
}

// check returns a copy of the events to store, because the caller may reuse their memory.
func (c *cloudWatch) check(events []types.InputLogEvent) ([]stored, *types.RejectedLogEventsInfo, error) {
	var put []stored
	var info types.RejectedLogEventsInfo
	var rejected bool
	if len(events) < 1 || len(events) > 10_000 {
		return nil, nil, fmt.Errorf("%d events", len(events))
	}
	size, now := 0, c.now()
	for i, e := range events {
		at := time.UnixMilli(*e.Timestamp).UTC()
		if i > 0 && *e.Timestamp < *events[i-1].Timestamp {
			return nil, nil, fmt.Errorf("event %d is not in chronological order", i)
		}
		if *e.Message == "" || *e.Timestamp < 0 || !utf8.ValidString(*e.Message) || len(*e.Message) > 1_000_000 {
			return nil, nil, fmt.Errorf("event %d of %d bytes at %d is not valid", i, len(*e.Message), *e.Timestamp)
		}
		size += len(*e.Message) + 26
		switch age := now.Sub(at); {
		case age > 14*24*time.Hour:
			info.TooOldLogEventEndIndex, rejected = aws.Int32(int32(i+1)), true
		case age > c.retention:
			info.ExpiredLogEventEndIndex, rejected = aws.Int32(int32(i+1)), true
		case age < -2*time.Hour:
			if info.TooNewLogEventStartIndex == nil {
				info.TooNewLogEventStartIndex, rejected = aws.Int32(int32(i)), true
			}
		default:
			put = append(put, stored{at, string([]byte(*e.Message))})
		}
	}
	if size > 1_048_576 {
		return nil, nil, fmt.Errorf("%d bytes", size)
	}
	if n := len(put); n > 0 && put[n-1].Time.Sub(put[0].Time) > 24*time.Hour {
		return nil, nil, fmt.Errorf("the events span %s", put[n-1].Time.Sub(put[0].Time))
	}
	if !rejected {
		return put, nil, nil
	}
	return put, &info, nil
}

func (c *cloudWatch) CreateLogStream(_ context.Context, in *cloudwatchlogs.CreateLogStreamInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.CreateLogStreamOutput, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.noGroup {
		return nil, &types.ResourceNotFoundException{Message: aws.String("The specified log group does not exist.")}
	}
	if c.streams[*in.LogStreamName] {
		return nil, &types.ResourceAlreadyExistsException{}
	}
	c.streams[*in.LogStreamName] = true
	return &cloudwatchlogs.CreateLogStreamOutput{}, nil
}

// events returns everything stored, in order of the puts.
func (c *cloudWatch) events() []stored {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []stored
	for _, put := range c.puts {
		all = append(all, put...)
	}
	return all
}

// texts returns the texts of everything stored, in order of the puts.
func (c *cloudWatch) texts() []string {
	var all []string
	for _, e := range c.events() {
		all = append(all, e.Text)
	}
	return all
}

// withoutIDs returns events without the IDs of their lines.
func withoutIDs(events []stored) []stored {
	for i := range events {
		events[i].Text = lineID.ReplaceAllString(events[i].Text, "")
	}
	return events
}

var lineID = regexp.MustCompile(`\\?"id\\?":\\?"[A-Za-z0-9_-]{11}\\?",`)

// sizes returns the number of events that each put stored.
func (c *cloudWatch) sizes() []int {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []int
	for _, put := range c.puts {
		all = append(all, len(put))
	}
	return all
}

// throttle makes the puts with these numbers fail.
func throttle(which ...int) func(int, *cloudwatchlogs.PutLogEventsInput) error {
	return func(put int, _ *cloudwatchlogs.PutLogEventsInput) error {
		for _, n := range which {
			if n == put {
				return &types.ThrottlingException{Message: aws.String("Rate exceeded")}
			}
		}
		return nil
	}
}

// at returns a time on the tests' day, relative to noon.
func at(d time.Duration) time.Time { return noon.Add(d) }

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// quantity fails the test if a number differs from the wanted one.
func quantity(t *testing.T, what string, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %d, want %d", what, got, want)
	}
}
