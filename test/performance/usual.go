package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/heroku/x/logplex/encoding"
)

// usualStorage returns a call of a storage function as it is usually written: the event as aws-lambda-go decodes it, Heroku's own scanner, and
// the SDK. A message is the body of a POST. It has no alerts, no counts, and does not recognize retries.
func usualStorage(w *wire, posts []post) (call, error) {
	client := cloudwatchlogs.NewFromConfig(w.config())
	handle := func(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
		var all []types.InputLogEvent
		for _, m := range batch.Records {
			s := encoding.NewDrainScanner(strings.NewReader(m.Body))
			for s.Scan() {
				l := s.Message()
				all = append(all, types.InputLogEvent{
					Message:   aws.String(fmt.Sprintf("%s[%s]: %s", l.Application, l.Process, strings.TrimSuffix(l.Message, "\n"))),
					Timestamp: aws.Int64(l.Timestamp.UnixMilli()),
				})
			}
			if err := s.Err(); err != nil {
				return events.SQSEventResponse{}, err
			}
		}
		slices.SortStableFunc(all, func(a, b types.InputLogEvent) int { return cmp.Compare(*a.Timestamp, *b.Timestamp) })
		for len(all) > 0 {
			n, size := 0, 0
			for n < len(all) && n < 10_000 && size+len(*all[n].Message)+26 <= 1_048_576 {
				size += len(*all[n].Message) + 26
				n++
			}
			if _, err := client.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{
				LogGroupName: aws.String("/heroku/apps"), LogStreamName: aws.String("[APP]" + app), LogEvents: all[:n],
			}); err != nil {
				return events.SQSEventResponse{}, err
			}
			all = all[n:]
		}
		return events.SQSEventResponse{}, nil
	}
	return invocation(handle, usualEvent(posts)), nil
}

// usualEvent returns the event of messages that are the bodies of POSTs.
func usualEvent(posts []post) []byte {
	messages := make([]string, len(posts))
	for i, p := range posts {
		messages[i] = string(p.body)
	}
	return sqsEvent(messages)
}

// usualIngest returns a call of a function as it is usually written that queues a POST: it authenticates nobody, and compresses nothing. SQS
// would reject what it sends, because of the control characters in colors.
func usualIngest(w *wire, p post) (call, error) {
	client := sqs.NewFromConfig(w.config())
	handle := func(ctx context.Context, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		body := []byte(r.Body)
		if r.IsBase64Encoded {
			var err error
			if body, err = base64.StdEncoding.DecodeString(r.Body); err != nil {
				return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusBadRequest}, nil
			}
		}
		if _, err := client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(queueURL), MessageBody: aws.String(string(body))}); err != nil {
			return events.APIGatewayV2HTTPResponse{}, err
		}
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK}, nil
	}
	return invocation(handle, gatewayEvent(p.body, p.lines)), nil
}

// invocation returns a call of a handler by aws-lambda-go.
func invocation(handle any, payload []byte) call {
	invoke := lambda.NewHandler(handle).Invoke
	return func(ctx context.Context) error {
		_, err := invoke(ctx, payload)
		return err
	}
}

// copying returns a call that only copies a payload.
func copying(payload []byte) call {
	target := make([]byte, len(payload))
	return func(context.Context) error {
		copy(target, payload)
		return nil
	}
}

// scanning returns a call that only looks at every byte of a payload, one after the other. It fails on an empty one.
func scanning(payload []byte) call {
	return func(context.Context) error {
		braces := 0
		for _, c := range payload {
			if c == '{' {
				braces++
			}
		}
		if braces == 0 {
			return errors.New("the payload is not JSON")
		}
		return nil
	}
}
