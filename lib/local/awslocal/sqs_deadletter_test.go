package awslocal_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const noMoveTasks = "it responds to StartMessageMoveTask with HTML"

func TestSQSDeadLetters(t *testing.T) {
	conform(t, []check{
		{name: "a message received too often becomes a dead letter", run: func(t *testing.T, b backend) {
			dead, q := withDeadLetters(t, b, "q", 2)
			q.send(t, "poison")
			id := ""
			for range 2 {
				m := q.receiveOne(t)
				id = *m.MessageId
				if err := q.hide(t, *m.ReceiptHandle, 0); err != nil {
					t.Fatal(err)
				}
			}
			if third := q.receive(t); len(third) > 0 {
				t.Errorf("received for the third time")
			}
			m := dead.receiveOne(t)
			if *m.Body != "poison" || *m.MessageId != id {
				t.Errorf("the dead letter is %q, id %s, was %s", *m.Body, *m.MessageId, id)
			}
			if got := m.Attributes["ApproximateReceiveCount"]; got != "3" {
				t.Errorf("receive count %s", got)
			}
		}},
		{name: "a dead letter has its source's ARN", notMoto: "it does not", run: func(t *testing.T, b backend) {
			dead, q := withDeadLetters(t, b, "q", 1)
			q.send(t, "poison")
			if err := q.hide(t, *q.receiveOne(t).ReceiptHandle, 0); err != nil {
				t.Fatal(err)
			}
			q.receive(t) // moves it
			if got := dead.receiveOne(t).Attributes["DeadLetterQueueSourceArn"]; got != q.arn(t) {
				t.Errorf("its source is %q", got)
			}
		}},
		{name: "a dead letter expires after its original time of sending", notMoto: needsClock, run: func(t *testing.T, b backend) {
			dead, q := withDeadLetters(t, b, "q", 1)
			if err := dead.set(t, "MessageRetentionPeriod", "120"); err != nil {
				t.Fatal(err)
			}
			q.send(t, "poison")
			q.receiveOne(t)
			b.server.Advance(100 * time.Second)
			if got := dead.counts(t); got != [3]string{"0", "0", "0"} {
				t.Fatalf("dead letters before the first: %v", got)
			}
			q.receive(t) // moves it
			if got := dead.counts(t); got != [3]string{"1", "0", "0"} {
				t.Fatalf("dead letters %v", got)
			}
			b.server.Advance(21 * time.Second)
			if got := dead.counts(t); got != [3]string{"0", "0", "0"} {
				t.Errorf("dead letters %v", got)
			}
		}},
		{name: "the policy is shown with its count as a number", run: func(t *testing.T, b backend) {
			dead, q := withDeadLetters(t, b, "q", 5)
			want := fmt.Sprintf(`{"deadLetterTargetArn":"%s","maxReceiveCount":5}`, dead.arn(t))
			for _, count := range []string{`5`, `"5"`} {
				policy := fmt.Sprintf(`{"deadLetterTargetArn": %q, "maxReceiveCount": %s}`, dead.arn(t), count)
				if err := q.set(t, "RedrivePolicy", policy); err != nil {
					t.Fatal(err)
				}
				got := compact(t, q.attributes(t, types.QueueAttributeNameRedrivePolicy)["RedrivePolicy"])
				if got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		}},
		{name: "creating a queue again with the same policy returns the same queue", run: func(t *testing.T, b backend) {
			dead, q := withDeadLetters(t, b, "q", 5)
			policy := fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":5}`, dead.arn(t))
			if again := newQueue(t, b, "q", "RedrivePolicy", policy); *again.url != *q.url {
				t.Errorf("another URL: %s", *again.url)
			}
		}},
		{name: "an empty policy removes it", run: func(t *testing.T, b backend) {
			_, q := withDeadLetters(t, b, "q", 1)
			if err := q.set(t, "RedrivePolicy", ""); err != nil {
				t.Fatal(err)
			}
			if got := q.attributes(t, types.QueueAttributeNameRedrivePolicy); len(got) > 0 {
				t.Errorf("attributes %v", got)
			}
		}},
		{name: "source queues are listed", run: func(t *testing.T, b backend) {
			dead, q := withDeadLetters(t, b, "q", 5)
			out, err := dead.ListDeadLetterSourceQueues(t.Context(), &sqs.ListDeadLetterSourceQueuesInput{QueueUrl: dead.url})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{*q.url}, out.QueueUrls); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "policies that are rejected", notMoto: "it checks only the target, with another code", run: func(t *testing.T, b backend) {
			dead, q := withDeadLetters(t, b, "q", 5)
			for _, policy := range []string{
				fmt.Sprintf(`{"deadLetterTargetArn":"%s-absent","maxReceiveCount":5}`, dead.arn(t)),
				fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":5}`, q.arn(t)), // itself
				fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":0}`, dead.arn(t)),
				fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":1001}`, dead.arn(t)),
				fmt.Sprintf(`{"deadLetterTargetArn":%q}`, dead.arn(t)),
				fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":5,"other":1}`, dead.arn(t)),
				`{"maxReceiveCount":5}`,
				`{"deadLetterTargetArn":"q","maxReceiveCount":5}`,
				`nonsense`,
			} {
				wantCode(t, q.set(t, "RedrivePolicy", policy), "InvalidParameterValue")
			}
		}},
		{name: "a queue that allows no dead letters", notMoto: "it ignores RedriveAllowPolicy", run: func(t *testing.T, b backend) {
			dead, q := withDeadLetters(t, b, "q", 5)
			policy := fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":6}`, dead.arn(t))
			for _, allow := range []struct{ policy, code string }{
				{`{"redrivePermission":"denyAll"}`, "InvalidParameterValue"},
				{`{"redrivePermission":"byQueue","sourceQueueArns":["arn:aws:sqs:us-east-1:000000000000:other"]}`, "InvalidParameterValue"},
				{fmt.Sprintf(`{"redrivePermission":"byQueue","sourceQueueArns":[%q]}`, q.arn(t)), ""},
				{`{"redrivePermission":"allowAll"}`, ""},
			} {
				if err := dead.set(t, "RedriveAllowPolicy", allow.policy); err != nil {
					t.Fatal(err)
				}
				err := q.set(t, "RedrivePolicy", policy)
				if allow.code != "" {
					wantCode(t, err, allow.code)
				} else if err != nil {
					t.Errorf("%s: %v", allow.policy, err)
				}
			}
			for _, wrong := range []string{`{"redrivePermission":"some"}`, `{"redrivePermission":"byQueue"}`, `nonsense`} {
				wantCode(t, dead.set(t, "RedriveAllowPolicy", wrong), "InvalidParameterValue")
			}
		}},
		{name: "a move task sends each dead letter to its own queue", notMoto: noMoveTasks, run: func(t *testing.T, b backend) {
			dead, one := withDeadLetters(t, b, "one", 1)
			_, two := withDeadLetters(t, b, "two", 1)
			ids := make(map[string]bool)
			for _, q := range []testQueue{one, two} {
				q.send(t, "from "+*q.url)
				m := q.receiveOne(t)
				ids[*m.MessageId] = true
				if err := q.hide(t, *m.ReceiptHandle, 0); err != nil {
					t.Fatal(err)
				}
				q.receive(t) // moves it
			}
			dead.startMove(t, "")
			task := dead.waitForMove(t)
			want := types.ListMessageMoveTasksResultEntry{
				Status: aws.String("COMPLETED"), SourceArn: aws.String(dead.arn(t)),
				ApproximateNumberOfMessagesMoved: 2, ApproximateNumberOfMessagesToMove: aws.Int64(2),
				StartedTimestamp: task.StartedTimestamp,
			}
			if diff := cmp.Diff(want, task, cmpopts.IgnoreUnexported(types.ListMessageMoveTasksResultEntry{})); diff != "" {
				t.Error(diff)
			}
			for _, q := range []testQueue{one, two} {
				m := q.receiveOne(t)
				if *m.Body != "from "+*q.url || ids[*m.MessageId] || m.Attributes["ApproximateReceiveCount"] != "1" {
					t.Errorf("%s has %q, id %s, receive count %s", *q.url, *m.Body, *m.MessageId, m.Attributes["ApproximateReceiveCount"])
				}
			}
			if got := dead.counts(t); got != [3]string{"0", "0", "0"} {
				t.Errorf("dead letters %v", got)
			}
		}},
		{name: "a move task to one destination with a rate limit can be cancelled", notMoto: noMoveTasks, run: func(t *testing.T, b backend) {
			dead, _ := withDeadLetters(t, b, "q", 1)
			for range 30 { // one per second: the move task takes longer than this test
				dead.send(t, "x")
			}
			to := newQueue(t, b, "to")
			started, err := dead.StartMessageMoveTask(t.Context(), &sqs.StartMessageMoveTaskInput{
				SourceArn: aws.String(dead.arn(t)), DestinationArn: aws.String(to.arn(t)), MaxNumberOfMessagesPerSecond: aws.Int32(1),
			})
			if err != nil {
				t.Fatal(err)
			}
			_, err = dead.StartMessageMoveTask(t.Context(), &sqs.StartMessageMoveTaskInput{SourceArn: aws.String(dead.arn(t))})
			wantCode(t, err, "InvalidParameterValue") // one task per queue
			waitFor(t, func() bool { return to.counts(t) != [3]string{"0", "0", "0"} })
			running := dead.lastMove(t)
			if aws.ToString(running.Status) != "RUNNING" || aws.ToString(running.TaskHandle) != *started.TaskHandle {
				t.Errorf("the task: %+v", running)
			}
			if _, err := dead.CancelMessageMoveTask(t.Context(), &sqs.CancelMessageMoveTaskInput{TaskHandle: started.TaskHandle}); err != nil {
				t.Fatal(err)
			}
			if got := dead.lastMove(t); aws.ToString(got.Status) != "CANCELLED" || got.TaskHandle != nil {
				t.Errorf("the task: %+v", got)
			}
			_, err = dead.CancelMessageMoveTask(t.Context(), &sqs.CancelMessageMoveTaskInput{TaskHandle: started.TaskHandle})
			wantCode(t, err, "AWS.SimpleQueueService.UnsupportedOperation")
		}},
		{name: "a move task fails if a message's source is unknown or deleted", notMoto: noMoveTasks, run: func(t *testing.T, b backend) {
			dead, q := withDeadLetters(t, b, "q", 1)
			q.send(t, "x")
			q.receiveOne(t)
			b.server.Advance(time.Minute)
			q.receive(t) // moves it
			dead.send(t, "sent directly")
			withDeadLetters(t, b, "other", 1) // so that it stays a dead-letter queue
			if _, err := q.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: q.url}); err != nil {
				t.Fatal(err)
			}
			dead.startMove(t, "")
			got := dead.waitForMove(t)
			if *got.Status != "FAILED" || aws.ToString(got.FailureReason) != "AWS.SimpleQueueService.NonExistentQueue" {
				t.Errorf("the task: %+v", got)
			}
			m := dead.receive(t)
			if len(m) != 2 {
				t.Fatalf("%d dead letters left", len(m))
			}
			for _, m := range m {
				if m.Attributes["DeadLetterQueueSourceArn"] != "" {
					continue
				}
				if err := dead.hide(t, *m.ReceiptHandle, 0); err != nil {
					t.Fatal(err)
				}
			}
			dead.startMove(t, "")
			if got := dead.waitForMove(t); *got.Status != "FAILED" || aws.ToString(got.FailureReason) != "CouldNotDetermineMessageSource" {
				t.Errorf("the task: %+v", got)
			}
		}},
		{name: "move tasks that are rejected", notMoto: noMoveTasks, run: func(t *testing.T, b backend) {
			dead, q := withDeadLetters(t, b, "q", 1)
			move := func(source, destination string, speed int32) error {
				in := &sqs.StartMessageMoveTaskInput{SourceArn: aws.String(source), MaxNumberOfMessagesPerSecond: aws.Int32(speed)}
				if destination != "" {
					in.DestinationArn = aws.String(destination)
				}
				_, err := q.StartMessageMoveTask(t.Context(), in)
				return err
			}
			wantCode(t, move(q.arn(t), "", 1), "InvalidParameterValue") // not a dead-letter queue
			wantCode(t, move(q.arn(t)+"-absent", "", 1), "ResourceNotFoundException")
			wantCode(t, move(dead.arn(t), q.arn(t)+"-absent", 1), "ResourceNotFoundException")
			wantCode(t, move(dead.arn(t), dead.arn(t), 1), "InvalidParameterValue")
			wantCode(t, move(dead.arn(t), "", 0), "InvalidParameterValue")
			wantCode(t, move(dead.arn(t), "", 501), "InvalidParameterValue")
			_, err := q.CancelMessageMoveTask(t.Context(), &sqs.CancelMessageMoveTaskInput{TaskHandle: aws.String("nonsense")})
			wantCode(t, err, "InvalidParameterValue")
			_, err = q.ListMessageMoveTasks(t.Context(), &sqs.ListMessageMoveTasksInput{
				SourceArn: aws.String(dead.arn(t)), MaxResults: aws.Int32(11),
			})
			wantCode(t, err, "InvalidParameterValue")
		}},
	})
}

// withDeadLetters creates a queue whose messages move to the queue "dead" after a number of receives.
func withDeadLetters(t *testing.T, b backend, name string, receives int) (dead, q testQueue) {
	t.Helper()
	dead = newQueue(t, b, "dead")
	policy := fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`, dead.arn(t), receives)
	return dead, newQueue(t, b, name, "RedrivePolicy", policy)
}

func (q testQueue) startMove(t *testing.T, destination string) {
	t.Helper()
	in := &sqs.StartMessageMoveTaskInput{SourceArn: aws.String(q.arn(t))}
	if destination != "" {
		in.DestinationArn = aws.String(destination)
	}
	if _, err := q.StartMessageMoveTask(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

func (q testQueue) lastMove(t *testing.T) types.ListMessageMoveTasksResultEntry {
	t.Helper()
	out, err := q.ListMessageMoveTasks(t.Context(), &sqs.ListMessageMoveTasksInput{SourceArn: aws.String(q.arn(t))})
	if err != nil || len(out.Results) != 1 {
		t.Fatalf("move tasks: %+v, %v", out, err)
	}
	return out.Results[0]
}

func (q testQueue) waitForMove(t *testing.T) types.ListMessageMoveTasksResultEntry {
	t.Helper()
	waitFor(t, func() bool { return *q.lastMove(t).Status != "RUNNING" })
	return q.lastMove(t)
}

// waitFor calls done until it returns true. It fails the test after a time that is far longer than anything here takes.
func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if err := poll(ctx, done); err != nil {
		t.Fatalf("wait: %v", err)
	}
}
