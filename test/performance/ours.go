package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/lambda/drainsfunction"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/storagefunction"
	"heroku-drains/lib/stack"
)

// logger writes as the functions' does in Lambda, to nowhere.
func logger() *slog.Logger { return slog.New(slog.NewJSONHandler(io.Discard, nil)) }

// ourStorage returns a call of the storage function as it is deployed, with the default alert rules, for messages with these POSTs.
func ourStorage(w *wire, posts []post) (call, error) {
	e := stack.DefaultStorageEnvironment()
	e.AlertsQueue = queueURL
	h := storagefunction.New(e, w.config(), logger(), storagefunction.Options{
		Metrics: metrics.NewWriter(io.Discard, "heroku-drains-storage"),
		Now:     func() time.Time { return noon.Add(time.Minute) },
	})
	messages, err := seal(posts)
	if err != nil {
		return nil, err
	}
	payload := sqsEvent(messages)
	ids := frameIDs(payload)
	if len(ids) < len(posts) {
		return nil, fmt.Errorf("found %d frame IDs of %d POSTs", len(ids), len(posts))
	}
	invoke := lambda.NewHandler(h).Invoke
	round := 0
	return func(ctx context.Context) error {
		round++ // the function recognizes messages that it has stored
		for _, id := range ids {
			copy(id, fmt.Sprintf("%016X", round))
		}
		answer, err := invoke(ctx, payload)
		if err == nil && string(answer) != `{"batchItemFailures":[]}` {
			err = fmt.Errorf("the function answered %s", answer)
		}
		return err
	}, nil
}

// seal returns the messages that the drains function sends for POSTs.
func seal(posts []post) ([]string, error) {
	var messages []string
	for i, p := range posts {
		sealed, err := envelope.Seal(envelope.Header{
			App: app, DrainToken: drainToken, FrameID: frameID(i), RequestID: "JKJaXmPLvHcESHA=", MsgCount: p.lines, ReceivedAt: noon,
		}, string(p.body), false)
		if err != nil {
			return nil, err
		}
		messages = append(messages, sealed...)
	}
	return messages, nil
}

// frameIDs returns where the frame IDs of messages stand in an event.
func frameIDs(payload []byte) [][]byte {
	before := []byte(`\"frame_id\":\"`)
	var ids [][]byte
	for rest := payload; ; {
		_, after, found := bytes.Cut(rest, before)
		if !found {
			return ids
		}
		ids, rest = append(ids, after[:len(frameID(0))]), after
	}
}

// ourIngest returns a call of the drains function as it is deployed, for a POST.
func ourIngest(w *wire, p post) (call, error) {
	e := stack.DefaultDrainsEnvironment()
	e.StorageFunction, e.DeadLetterQueueARN, e.SigningKey = "heroku-drains-storage", "arn:aws:sqs:"+region+":"+account+":dead", "key"
	h, err := drainsfunction.New(e, w.config(), logger(), drainsfunction.Options{Metrics: metrics.NewWriter(io.Discard, "heroku-drains")})
	if err != nil {
		return nil, err
	}
	payload := gatewayEvent(p.body, p.lines)
	invoke := lambda.NewHandler(h).Invoke
	return func(ctx context.Context) error {
		answer, err := invoke(ctx, payload)
		if err == nil && !bytes.Contains(answer, []byte(`"statusCode":200`)) {
			err = fmt.Errorf("the function answered %s", answer)
		}
		return err
	}, nil
}
