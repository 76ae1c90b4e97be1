package awslocal_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"
)

func TestGetLogEvents(t *testing.T) {
	conform(t, []check{
		{name: "forward to the end, where the token stays the same", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			g.mustPut(t, shop, numbered(ago(time.Hour), 7)...)
			pages := g.pages(t, logs.GetLogEventsInput{StartFromHead: aws.Bool(true), Limit: aws.Int32(3)}, forward)
			if diff := cmp.Diff([][]string{{"0", "1", "2"}, {"3", "4", "5"}, {"6"}}, pages); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "backward to the beginning, each page in order", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			g.mustPut(t, shop, numbered(ago(time.Hour), 7)...)
			pages := g.pages(t, logs.GetLogEventsInput{Limit: aws.Int32(3)}, backward)
			if diff := cmp.Diff([][]string{{"4", "5", "6"}, {"1", "2", "3"}, {"0"}}, pages); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "there and back again", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			g.mustPut(t, shop, numbered(ago(time.Hour), 6)...)
			in := logs.GetLogEventsInput{StartFromHead: aws.Bool(true), Limit: aws.Int32(3)}
			first := g.mustGet(t, in)
			in.NextToken = first.NextForwardToken
			second := g.mustGet(t, in)
			in.NextToken = second.NextBackwardToken
			if diff := cmp.Diff([]string{"0", "1", "2"}, got(g.mustGet(t, in))); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "AWS's own tokens at the ends", notMoto: "its first empty page has the same token already", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			g.mustPut(t, shop, numbered(ago(time.Hour), 2)...)
			in := logs.GetLogEventsInput{StartFromHead: aws.Bool(true)}
			page := g.mustGet(t, in)
			if len(*page.NextForwardToken) != len("f/")+56+len("/s") {
				t.Errorf("token %s", *page.NextForwardToken)
			}
			in.NextToken = page.NextForwardToken
			empty := g.mustGet(t, in)
			if len(empty.Events) != 0 || *empty.NextForwardToken == *in.NextToken {
				t.Errorf("the page after the last event: %d events, token %s, want none and another token", len(empty.Events), *empty.NextForwardToken)
			}
			in.NextToken = empty.NextForwardToken
			if again := g.mustGet(t, in); len(again.Events) != 0 || *again.NextForwardToken != *in.NextToken {
				t.Errorf("the page after that one: %d events, token %s, want none and the same token", len(again.Events), *again.NextForwardToken)
			}
			// From there, later events are found and earlier ones are not.
			g.mustPut(t, shop, event(ago(2*time.Hour), "before"), event(ago(time.Minute), "after"))
			if diff := cmp.Diff([]string{"after"}, got(g.mustGet(t, in))); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "an empty stream has tokens", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			page := g.mustGet(t, logs.GetLogEventsInput{StartFromHead: aws.Bool(true)})
			if len(page.Events) != 0 || page.NextForwardToken == nil || page.NextBackwardToken == nil {
				t.Errorf("%+v", page)
			}
			if pages := g.pages(t, logs.GetLogEventsInput{StartFromHead: aws.Bool(true)}, forward); len(pages) != 0 {
				t.Errorf("pages %v", pages)
			}
		}},
		{name: "the start is in the range, the end is not", notMoto: "it has the end in the range", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			at := ago(time.Hour)
			g.mustPut(t, shop, numbered(at, 5)...)
			in := logs.GetLogEventsInput{
				StartTime: aws.Int64(at.Add(time.Second).UnixMilli()), EndTime: aws.Int64(at.Add(3 * time.Second).UnixMilli()),
			}
			if diff := cmp.Diff([]string{"1", "2"}, got(g.mustGet(t, in))); diff != "" {
				t.Error(diff)
			}
			in.Limit = aws.Int32(1)
			if pages := g.pages(t, in, backward); len(pages) != 2 {
				t.Errorf("backward: %v", pages)
			}
			in.StartFromHead = aws.Bool(true)
			if pages := g.pages(t, in, forward); len(pages) != 2 {
				t.Errorf("forward: %v", pages)
			}
			in.EndTime = in.StartTime
			if got := got(g.mustGet(t, in)); len(got) != 0 {
				t.Errorf("an empty range has %q", got)
			}
		}},
		{name: "events of one millisecond stay as they came", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			at := ago(time.Hour)
			g.mustPut(t, shop, event(at, "a"), event(at, "b"), event(at, "c"))
			g.mustPut(t, shop, event(at.Add(-time.Second), "before"), event(at, "d"))
			page := g.mustGet(t, logs.GetLogEventsInput{StartFromHead: aws.Bool(true)})
			if diff := cmp.Diff([]string{"before", "a", "b", "c", "d"}, got(page)); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "a message comes back as it was", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			message := "\x1b[31mred\x1b[0m\ttab \x00 NUL <&> \u2028 日本語 🙀 \\n \"quoted\" \n trailing "
			at := ago(time.Hour)
			g.mustPut(t, shop, event(at, message))
			e := g.mustGet(t, logs.GetLogEventsInput{}).Events[0]
			if *e.Message != message || *e.Timestamp != at.UnixMilli() || *e.IngestionTime < ago(time.Minute).UnixMilli() {
				t.Errorf("%q at %d, ingested at %d", *e.Message, *e.Timestamp, *e.IngestionTime)
			}
		}},
		{name: "a group is found by its ARN", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			g.mustPut(t, shop, event(ago(0), "x"))
			arn := "arn:aws:logs:us-east-1:" + b.account + ":log-group:" + groupName
			page, err := g.GetLogEvents(t.Context(), &logs.GetLogEventsInput{LogGroupIdentifier: aws.String(arn), LogStreamName: aws.String(shop)})
			if err != nil || len(page.Events) != 1 {
				t.Errorf("%v, %v", page, err)
			}
		}},
	})
}

// get returns a page of the stream [APP]shop.
func (g testGroup) get(t *testing.T, in logs.GetLogEventsInput) (*logs.GetLogEventsOutput, error) {
	t.Helper()
	in.LogGroupName, in.LogStreamName = g.name, aws.String(shop)
	return g.GetLogEvents(t.Context(), &in)
}

func (g testGroup) mustGet(t *testing.T, in logs.GetLogEventsInput) *logs.GetLogEventsOutput {
	t.Helper()
	page, err := g.get(t, in)
	if err != nil {
		t.Fatalf("get log events: %v", err)
	}
	return page
}

func got(page *logs.GetLogEventsOutput) []string { return messagesOf(page.Events) }

func messagesOf(events []types.OutputLogEvent) []string {
	messages := []string{}
	for _, e := range events {
		messages = append(messages, *e.Message)
	}
	return messages
}

func forward(page *logs.GetLogEventsOutput) *string  { return page.NextForwardToken }
func backward(page *logs.GetLogEventsOutput) *string { return page.NextBackwardToken }

// pages follows the tokens in one direction until a token repeats, and returns the messages of the pages that are not empty.
func (g testGroup) pages(t *testing.T, in logs.GetLogEventsInput, next func(*logs.GetLogEventsOutput) *string) [][]string {
	t.Helper()
	var pages [][]string
	for range 20 {
		page := g.mustGet(t, in)
		if len(page.Events) > 0 {
			pages = append(pages, got(page))
		}
		if in.NextToken != nil && *next(page) == *in.NextToken {
			return pages
		}
		in.NextToken = next(page)
	}
	t.Fatalf("no end after %v", pages)
	return nil
}
