package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/lambda/putevents"
	"heroku-drains/lib/local/localtest"
)

// maxPut is the size of the largest call: of the texts, with 26 bytes added for each.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const maxPut = 1_048_576

// oddTexts are texts of events in which an encoding could go wrong.
func oddTexts() []string {
	texts := []string{
		"app[web.1]: hello", "\x1b[1m\x1b[36mred\x1b[0m", "\x1b]8;;https://example.com\x07link", "Jürgen Groß 😀 👩‍👩‍👧 \u2028 \u2029 \ufeff \U0010ffff", `{"a":"b \"c\" \\ <&>","n":[1e3,null]}`,
		"two\nlines\r\n\ttab", strings.Repeat("0123456789", 1000), strings.Repeat("é", 5000), "ends in a backslash \\", "\x7f\u0080\u009f",
	}
	for c := range ' ' {
		texts = append(texts, fmt.Sprintf("before %c after", c))
	}
	return texts
}

// testPutEvents puts the same events as the storage function does and with the SDK's own encoder, and reads both back.
func testPutEvents(t *testing.T, server *motoServer) {
	ctx := t.Context()
	localtest.Must(t, server.reset(ctx))
	group := aws.String("/heroku/apps")
	cfg := aws.Config{
		Region: "us-east-1", BaseEndpoint: &server.url, Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	}
	clients := map[string]*cloudwatchlogs.Client{"sdk": cloudwatchlogs.NewFromConfig(cfg), "once": cloudwatchlogs.NewFromConfig(cfg, putevents.EncodeOnce)}
	_, err := clients["sdk"].CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group})
	localtest.Must(t, err)
	// Events of the largest call, with line after line of JSON and colors.
	var large []string
	for size := 0; ; {
		text := fmt.Sprintf("app[web.%d]: \x1b[1m{\"path\":\"/items/%d\"} %s", len(large)%9, len(large), strings.Repeat("é\"\\", len(large)%97))
		if size += len(text) + 26; size > maxPut {
			break
		}
		large = append(large, text)
	}
	now := time.Now().Add(-time.Hour).UnixMilli()
	for name, c := range map[string]struct {
		texts, want []string
		times       func(i int) int64
	}{
		"odd":     {texts: oddTexts()},
		"large":   {texts: large},
		"longest": {texts: []string{strings.Repeat("\x1b\"€", maxPut/5-26)}},
		"invalid": {texts: []string{"a\xff\xfe b", "\xed\xa0\x80"}, want: []string{"a\ufffd\ufffd b", "\ufffd\ufffd\ufffd"}},
		"rejected": {
			texts: []string{"too old", "too old as well", "fits", "too new"}, want: []string{"fits"},
			times: func(i int) int64 { return now + []int64{-20, -19, 0, 1}[i]*24*time.Hour.Milliseconds() },
		},
	} {
		if c.want == nil {
			c.want = c.texts
		}
		var rejected [2]string
		for i, kind := range []string{"sdk", "once"} {
			client, stream := clients[kind], aws.String("[APP]"+name+" "+kind)
			_, err := client.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: group, LogStreamName: stream})
			localtest.Must(t, err)
			in := &cloudwatchlogs.PutLogEventsInput{LogGroupName: group, LogStreamName: stream}
			for n, text := range c.texts {
				at := now + int64(n)
				if c.times != nil {
					at = c.times(n)
				}
				in.LogEvents = append(in.LogEvents, types.InputLogEvent{Message: &text, Timestamp: &at})
			}
			out, err := client.PutLogEvents(ctx, in)
			localtest.Must(t, err)
			if info := out.RejectedLogEventsInfo; info != nil {
				rejected[i] = fmt.Sprint(aws.ToInt32(info.TooOldLogEventEndIndex), aws.ToInt32(info.TooNewLogEventStartIndex), info.ExpiredLogEventEndIndex)
			}
			if got := storedTexts(t, client, group, stream); strings.Join(got, "\n\n") != strings.Join(c.want, "\n\n") {
				t.Errorf("%s with %s: %d events that differ, want %d: %.1000q", name, kind, len(got), len(c.want), got)
			}
		}
		if rejected[0] != rejected[1] || (rejected[0] != "") != (c.times != nil) {
			t.Errorf("%s: %q is rejected with the SDK's encoder, and %q with this", name, rejected[0], rejected[1])
		}
	}
}

// storedTexts returns the texts of a stream's events.
func storedTexts(t *testing.T, client *cloudwatchlogs.Client, group, stream *string) (texts []string) {
	t.Helper()
	var token *string
	for {
		out, err := client.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{
			LogGroupName: group, LogStreamName: stream, StartFromHead: aws.Bool(true), Limit: aws.Int32(10_000), NextToken: token,
		})
		localtest.Must(t, err)
		if len(out.Events) == 0 {
			return texts
		}
		for _, e := range out.Events {
			texts = append(texts, *e.Message)
		}
		token = out.NextForwardToken
	}
}
