package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/credential"
	"heroku-drains/lib/lambda/drainsfunction"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/storagefunction"
	"heroku-drains/lib/stack"
)

// fleet is the work of one instance of a function for a number of apps, each with its own queue, password, settings and log stream. What it remembers
// of each app must not make a line of one among many cost more than one of a single app.
type fleet struct {
	name   string
	size   int // of a POST, in KB
	events int // of a round
	lines  int // of a round
	round  call
}

// settingsRounds is how many rounds pass until the storage function reads an app's settings again, which it does once a minute: a busy app sends ten
// POSTs in ten seconds.
const settingsRounds = 6

const roundTime = 10 * time.Second

// appNames returns the names of apps, as long as that of the app whose events they replace it in.
func appNames(apps int) []string {
	names := make([]string, apps)
	for i := range names {
		names[i] = fmt.Sprintf("%c%03d", 'a'+i/1000, i%1000)
	}
	return names
}

// storageFleet returns a round of the storage function: a batch of ten POSTs for each event, which the apps get in turns.
func storageFleet(cfg aws.Config, size, apps, events int) (fleet, error) {
	posts, lines := generate(size, batchSize)
	messages, err := seal(posts)
	if err != nil {
		return fleet{}, err
	}
	e := stack.DefaultStorageEnvironment()
	e.AlertsQueue = queueURL
	now := noon.Add(time.Minute)
	h := storagefunction.New(e, cfg, logger(), storagefunction.Options{
		Metrics: metrics.NewWriter(io.Discard, "heroku-drains-storage"),
		Now:     func() time.Time { return now },
	})
	payload := sqsEvent(messages)
	names := append(places(payload, `:APP_`, len(app)), places(payload, `\"app\":\"`, len(app))...)
	ids := places(payload, `\"frame_id\":\"`, len(frameID(0)))
	if len(names) != 2*len(messages) || len(ids) != len(messages) {
		return fleet{}, fmt.Errorf("found %d names and %d frame IDs of %d messages", len(names), len(ids), len(messages))
	}
	invoke, all, count := lambda.NewHandler(h).Invoke, appNames(apps), 0
	batch := func(ctx context.Context, name string) error {
		count++ // the function recognizes messages that it has stored
		fill(names, name)
		for _, id := range ids {
			copy(id, fmt.Sprintf("%016X", count))
		}
		answer, err := invoke(ctx, payload)
		if err == nil && string(answer) != `{"batchItemFailures":[]}` {
			err = fmt.Errorf("the function answered %s", answer)
		}
		return err
	}
	for i, name := range all { // the settings of a part of the apps are read in each round, as when they have not all begun at once
		now = noon.Add(time.Minute + time.Duration(i%settingsRounds)*roundTime)
		if err := batch(context.Background(), name); err != nil {
			return fleet{}, err
		}
	}
	return fleet{name: "storage text", size: size, events: events, lines: lines * events, round: func(ctx context.Context) error {
		now = now.Add(roundTime)
		for i := range events {
			if err := batch(ctx, all[i%apps]); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}

// ingestFleet returns a round of the drains function: a POST for each event, which the apps get in turns.
func ingestFleet(cfg aws.Config, size, apps, events int) (fleet, error) {
	e := stack.DefaultDrainsEnvironment()
	e.StorageFunction, e.DeadLetterQueueARN, e.SigningKey = "heroku-drains-storage", "arn:aws:sqs:"+region+":"+account+":dead", "key"
	h, err := drainsfunction.New(e, cfg, logger(), drainsfunction.Options{Metrics: metrics.NewWriter(io.Discard, "heroku-drains")})
	if err != nil {
		return fleet{}, err
	}
	posts, lines := generate(size, 1)
	payload := gatewayEvent(posts[0].body, lines)
	all := appNames(apps)
	credentials := make([]string, apps)
	for i, name := range all {
		credentials[i] = base64.StdEncoding.EncodeToString([]byte(name + ":" + credential.Password(signingKey, name)))
	}
	names := append(places(payload, `":"/drains/`, len(app)), places(payload, `"app":"`, len(app))...)
	passwords, ids := places(payload, `"Basic `, len(credentials[0])), places(payload, `"logplex-frame-id":"`, len(frameID(0)))
	received := places(payload, `"timeEpoch":`, len("1234567890123"))
	if len(names) != 3 || len(passwords) != 1 || len(ids) != 1 || len(received) != 1 {
		return fleet{}, fmt.Errorf("found %d names, %d passwords, %d frame IDs and %d times", len(names), len(passwords), len(ids), len(received))
	}
	invoke, count := lambda.NewHandler(h).Invoke, 0
	round := func(ctx context.Context) error {
		fill(received, fmt.Sprint(time.Now().UnixMilli())) // the function answers within seconds of it
		for i := range events {
			count++
			fill(names, all[i%apps])
			fill(passwords, credentials[i%apps])
			fill(ids, frameID(count)) // so that no message is one that the queue has answered before
			answer, err := invoke(ctx, payload)
			if err == nil && !bytes.Contains(answer, []byte(`"statusCode":200`)) {
				err = fmt.Errorf("the function answered %s", answer)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return fleet{name: "ingest", size: size, events: events, lines: lines * events, round: round}, round(context.Background())
}

// places returns where texts of a length stand in an event, after the given one.
func places(event []byte, before string, length int) [][]byte {
	var found [][]byte
	for rest := event; ; {
		_, after, ok := bytes.Cut(rest, []byte(before))
		if !ok {
			return found
		}
		found, rest = append(found, after[:length]), after
	}
}

// fill writes a text, which has their length, at places of an event.
func fill(places [][]byte, text string) {
	for _, place := range places {
		copy(place, text)
	}
}

// String returns the path, with the size of a POST.
func (f fleet) String() string {
	return strings.ReplaceAll(fmt.Sprintf("%s %d KB", f.name, f.size), " ", "-")
}
