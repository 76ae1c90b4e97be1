package main

import (
	"bytes"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// TestMoto makes calls to moto, which is another one's understanding of AWS.
func TestMoto(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("moto_server"); err != nil {
		t.Skip("SKIPPED: moto_server is not on PATH (pip install 'moto[server]==5.2.1')")
	}
	server, err := startMoto(t.Context())
	localtest.Must(t, err)
	defer server.stop()
	t.Run("replay", func(t *testing.T) { testReplay(t, server) })
	t.Run("PutLogEvents", func(t *testing.T) { testPutEvents(t, server) })
}

// testReplay records calls that depend on each other's IDs, and replays them against moto: they must be understood, and what differs must be judged.
func testReplay(t *testing.T, server *motoServer) {
	dir := t.TempDir()
	record(t, dir)
	result, err := replayAll(t.Context(), server, dir)
	localtest.Must(t, err)
	var printed bytes.Buffer
	if unjudged := result.print(&printed); unjudged > 0 || result.compared != 10 || result.notComparable != 0 {
		t.Errorf("compared %d, not comparable %d\n%s", result.compared, result.notComparable, &printed)
	}
	for d := range result.byKind {
		if strings.Contains(d.kind, "moto: ") && d.operation != "SendMessage" {
			t.Errorf("moto does not understand a call: %+v", d)
		}
	}
}

// record makes calls to an embedded AWS that records them in a folder. The last one is an error only here.
func record(t *testing.T, dir string) {
	t.Helper()
	ctx := t.Context()
	server, err := awslocal.Start(awslocal.Options{Record: dir})
	localtest.Must(t, err)
	cfg := server.Config()
	queues, logs, topics := sqs.NewFromConfig(cfg), cloudwatchlogs.NewFromConfig(cfg), sns.NewFromConfig(cfg)
	queue, err := queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("q")})
	localtest.Must(t, err)
	_, err = queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: queue.QueueUrl, MessageBody: aws.String("x")})
	localtest.Must(t, err)
	received, err := queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queue.QueueUrl, WaitTimeSeconds: 20})
	localtest.Must(t, err)
	_, err = queues.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: queue.QueueUrl, ReceiptHandle: received.Messages[0].ReceiptHandle})
	localtest.Must(t, err)
	group := aws.String("/g")
	_, err = logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group})
	localtest.Must(t, err)
	_, err = logs.DescribeLogStreams(ctx, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: group})
	localtest.Must(t, err)
	topic, err := topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("t")})
	localtest.Must(t, err)
	subscribed, err := topics.Subscribe(ctx, &sns.SubscribeInput{
		TopicArn: topic.TopicArn, Protocol: aws.String("sqs"), Endpoint: aws.String("arn:aws:sqs:us-east-1:000000000000:q"), ReturnSubscriptionArn: true,
	})
	localtest.Must(t, err)
	_, err = topics.Unsubscribe(ctx, &sns.UnsubscribeInput{SubscriptionArn: subscribed.SubscriptionArn})
	localtest.Must(t, err)
	_, err = queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: queue.QueueUrl, MessageBody: aws.String("\x00")})
	if err == nil {
		t.Error("a message with a NUL was accepted")
	}
	localtest.Must(t, server.Close())
}

// TestCompare checks that each way in which answers can differ is noticed, and what is each imitation's own is not.
func TestCompare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		ours, theirs string
		status       int
		code         string
		want         []string
	}{
		{"the same", `{"A":1,"B":["x"]}`, `{"B":["x"],"A":1}`, 200, "", nil},
		{"IDs and times", `{"MessageId":"11111111-1","CreatedTimestamp":"5"}`, `{"MessageId":"22222222-2","CreatedTimestamp":"6"}`, 200, "", nil},
		{"a value", `{"A":{"B":"1"}}`, `{"A":{"B":"2"}}`, 200, "", []string{"A.B has another value"}},
		{"members", `{"A":1}`, `{"B":null}`, 200, "", []string{"A only here", "B only in moto"}},
		{"a length", `{"A":[1]}`, `{"A":[]}`, 200, "", []string{"A has another length"}},
		{"types", `{"A":[1],"B":{},"C":1}`, `{"A":1,"B":1,"C":[]}`, 200, "", []string{
			"A has another type", "B has another type", "C has another type",
		}},
		{"an element", `{"A":[{"B":1}]}`, `{"A":[{"B":2}]}`, 200, "", []string{"A[].B has another value"}},
		{"XML", `<R><A>1</A><M>x</M><M>y</M></R>`, `<R><A>2</A><M>x</M></R>`, 200, "", []string{"R.A has another value", "R.M has another type"}},
		{"an error only in moto", `{}`, `{"__type":"com.amazonaws.sqs#Busy"}`, 400, "", []string{"success, moto: Busy"}},
		{"other errors", `{"__type":"Lazy"}`, `<E><Error><Code>Busy</Code></Error></E>`, 400, "Lazy", []string{"Lazy, moto: Busy"}},
		{"the same error", `{"__type":"Busy","message":"a"}`, `{"__type":"Busy","message":"b"}`, 400, "Busy", nil},
	} {
		call := awslocal.RecordedCall{Status: http.StatusOK, Answer: []byte(c.ours), ErrorCode: c.code}
		if c.code != "" {
			call.Status = http.StatusBadRequest
		}
		p := newReplayer(nil)
		got, _ := p.compare(call, answer{status: c.status, header: http.Header{}, body: []byte(c.theirs)})
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestVerdicts checks that each verdict names who is right and why, and that no kind of disagreement is judged without one.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	for _, v := range verdicts() {
		if !slices.Contains([]string{"ours", "moto", "both"}, v.right) || v.why == "" && v.page == "" {
			t.Errorf("%+v", v)
		}
	}
	if v, judged := judge(disagreement{"sqs", "SendMessage", "success, moto: InvalidMessageContents"}); judged {
		t.Errorf("that we are more lenient than moto is judged by %+v", v)
	}
}
