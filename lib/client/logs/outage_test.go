package logs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/logs"
)

const eventsOfPage = 3

// paged is a client with pages of a few events, whose connection is lost after a number of pages.
type paged struct {
	logs.Client
	events []logs.Event
	pages  int // until the connection is lost; -1: it is not
}

func (p *paged) FilterLogEvents(_ context.Context, in *cloudwatchlogs.FilterLogEventsInput, _ ...func(*cloudwatchlogs.Options)) (
	*cloudwatchlogs.FilterLogEventsOutput, error,
) {
	if p.pages == 0 {
		return nil, context.DeadlineExceeded
	}
	p.pages--
	found := slices.DeleteFunc(slices.Clone(p.events), func(e logs.Event) bool { return *e.Timestamp < aws.ToInt64(in.StartTime) })
	slices.SortStableFunc(found, func(a, b logs.Event) int { return int(*a.Timestamp - *b.Timestamp) })
	skip, _ := strconv.Atoi(aws.ToString(in.NextToken))
	found = found[min(skip, len(found)):]
	out := &cloudwatchlogs.FilterLogEventsOutput{Events: found}
	if len(found) > eventsOfPage {
		out.Events, out.NextToken = found[:eventsOfPage], aws.String(strconv.Itoa(skip+eventsOfPage))
	}
	return out, nil
}

func (p *paged) put(at time.Time, text string) {
	p.events = append(p.events, logs.Event{
		EventId: &text, Timestamp: aws.Int64(at.UnixMilli()), Message: aws.String("app[web.1]: " + text), LogStreamName: aws.String(stream),
	})
}

// The computer is offline for hours, then online for a page or two at a time. Each line of the meantime is shown once, those stored late too.
func TestFollowAfterHoursOffline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		client := &paged{pages: -1}
		client.put(began.Add(-time.Minute), "stored")
		streams := &logs.Streams{Client: client, Group: group, Names: []string{stream}}
		ctx, cancel := context.WithCancel(t.Context())
		var want, got []string
		steps := 0
		wait := func(_ context.Context, d time.Duration) error {
			time.Sleep(d)
			switch steps++; {
			case steps == 1: // offline
				client.pages = 0
			case steps == 2:
				time.Sleep(5 * time.Hour)
				client.put(began.Add(-2*time.Minute), "late")
				for n := range 300 {
					text := fmt.Sprint(n)
					client.put(began.Add(time.Duration(n)*time.Minute), text)
					want = append(want, text)
				}
			case steps < 110: // online for a moment: further each time
				client.pages = steps - 2
			default:
				client.pages = -1
			}
			if steps == 200 {
				cancel()
			}
			return ctx.Err()
		}
		err := streams.Follow(ctx, logs.Range{}, wait, logs.Watcher{Line: func(e logs.Event) error { got = append(got, textOf(e)); return nil }})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("it ends with %v", err)
		}
		if diff := cmp.Diff(append([]string{"stored", "late"}, want...), got); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	})
}
