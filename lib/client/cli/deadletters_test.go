package cli_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/rogpeppe/go-internal/testscript"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/local"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/stack"
)

// addDeadLetter makes a dead letter of some lines of an app that has no drain: it creates the app's queue, from which nothing is stored.
func addDeadLetter(ctx context.Context, s *local.System, app string, lines ...string) error {
	var body []byte
	for _, line := range lines {
		body = logplex.AppendFrame(body, []byte(line))
	}
	at := time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)
	header := envelope.Header{App: app, RequestID: "request-" + app, MsgCount: len(lines), ReceivedAt: at}
	messages, err := envelope.Seal(header, base64.StdEncoding.EncodeToString(body), true)
	if err != nil {
		return err
	}
	client := sqs.NewFromConfig(s.AWS.Config())
	name := "APP_" + app
	queue, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: map[string]string{
		"RedrivePolicy": fmt.Sprintf(`{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:%s","maxReceiveCount":1}`, stack.LocalDeadLetterQueue),
	}})
	if err != nil {
		return err
	}
	for _, message := range messages {
		if _, err := client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: queue.QueueUrl, MessageBody: &message}); err != nil {
			return err
		}
	}
	for range 2 { // the first receive counts as a failure, the second moves the message
		if _, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queue.QueueUrl, MaxNumberOfMessages: 10}); err != nil {
			return err
		}
		s.AWS.Advance(31 * time.Second)
	}
	return nil
}

// addDeadLetter makes a dead letter of some lines of an app.
func (s *system) addDeadLetter(app string, lines ...string) {
	s.t.Helper()
	if err := addDeadLetter(s.t.Context(), s.System, app, lines...); err != nil {
		s.t.Fatal(err)
	}
}

// deadLetterCommand is addDeadLetter in a script. Its arguments are an app, and the texts of lines.
func deadLetterCommand(ts *testscript.TestScript, _ bool, args []string) {
	var lines []string
	for _, text := range args[1:] {
		lines = append(lines, webLine(text))
	}
	ts.Check(addDeadLetter(context.Background(), ts.Value(systemKey{}).(*local.System), args[0], lines...))
}

// deleteQueue deletes an app's queue behind the drain's back.
func (s *system) deleteQueue(app string) {
	s.t.Helper()
	url := s.AWS.AWSURL() + "/000000000000/APP_" + app
	if _, err := sqs.NewFromConfig(s.AWS.Config()).DeleteQueue(s.t.Context(), &sqs.DeleteQueueInput{QueueUrl: &url}); err != nil {
		s.t.Fatal(err)
	}
}

// webLine returns a line of the process web.1, as Heroku sends it.
func webLine(text string) string {
	return string(logplex.AppendLine(nil, logplex.Line{
		Priority: logplex.PriorityDyno, Time: time.Now(), Source: []byte("app"), Process: []byte("web.1"), Message: []byte(text), Newline: true,
	}))
}
