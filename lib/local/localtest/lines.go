package localtest

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// StoredLines returns all events of an app's log stream, oldest first. There are none if the log stream does not exist.
func StoredLines(t testing.TB, server *awslocal.Server, app string) []types.OutputLogEvent {
	t.Helper()
	var events []types.OutputLogEvent
	client := cloudwatchlogs.NewFromConfig(server.ObserverConfig())
	in := &cloudwatchlogs.GetLogEventsInput{
		LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: aws.String(stack.DefaultStreamPrefix + app), StartFromHead: aws.Bool(true),
	}
	for {
		page, err := client.GetLogEvents(t.Context(), in)
		if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
			return nil
		}
		Must(t, err)
		events = append(events, page.Events...)
		// The last page is the one that returns its own token.
		if aws.ToString(page.NextForwardToken) == aws.ToString(in.NextToken) {
			return events
		}
		in.NextToken = page.NextForwardToken
	}
}

// Texts returns the messages of events.
func Texts(events []types.OutputLogEvent) []string {
	texts := make([]string, len(events))
	for i, e := range events {
		texts[i] = aws.ToString(e.Message)
	}
	return texts
}
