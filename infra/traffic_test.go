package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/logplex/logplextest"
	"heroku-drains/lib/stack"
)

// traffic is the system on the embedded AWS with the functions' real binaries. It records every call of AWS that they make.
type traffic struct {
	*local.System
	t    *testing.T
	api  *apiclient.Client
	sqs  *sqs.Client
	logs *cloudwatchlogs.Client

	mu    sync.Mutex
	calls []awslocal.Call
}

func startTraffic(t *testing.T) *traffic {
	t.Helper()
	system := localtest.Start(t, local.Options{Binaries: localtest.Functions(t)})
	config := system.AWS.Config()
	tr := &traffic{
		System: system, t: t, api: clienttest.API(t, system.AWS), sqs: sqs.NewFromConfig(config), logs: cloudwatchlogs.NewFromConfig(config),
	}
	system.AWS.OnCall(func(c awslocal.Call) {
		tr.mu.Lock()
		defer tr.mu.Unlock()
		tr.calls = append(tr.calls, c)
	})
	return tr
}

// run exercises everything that the functions do: each route, with each outcome that needs other calls of AWS, the path of lines into their
// stream, and from lines that match a rule to a notification.
func (tr *traffic) run() {
	ctx := tr.t.Context()
	shop := tr.put("shop", drain.Patch{})
	tr.post(shop.DrainURL, http.StatusOK)
	tr.stored("shop", 1)
	tr.put("shop", drain.Patch{Format: aws.String("json"), MaximumConcurrency: aws.Int(5)}) // the queue's tags, and the mapping

	// Put tags a queue of a version before the stack's tag.
	_, err := tr.sqs.UntagQueue(ctx, &sqs.UntagQueueInput{QueueUrl: &shop.Queue.URL, TagKeys: []string{drain.TagStack}})
	localtest.Must(tr.t, err)
	tr.post(shop.DrainURL, http.StatusOK) // until then, lines are stored as before
	tr.stored("shop", 2)
	tr.put("shop", drain.Patch{})

	// Put repairs what was changed, and what is missing.
	_, err = tr.sqs.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{
		QueueUrl: &shop.Queue.URL, Attributes: map[string]string{"VisibilityTimeout": "600"},
	})
	localtest.Must(tr.t, err)
	tr.deleteStream("shop")
	tr.put("shop", drain.Patch{})

	// The storage function creates a stream that is missing.
	tr.deleteStream("shop")
	tr.post(shop.DrainURL, http.StatusOK)
	tr.stored("shop", 1)

	tr.post(strings.Replace(shop.DrainURL, "shop:", "shop:not", 1), http.StatusUnauthorized)

	// More drains than a page of log streams; a queue makes one.
	for i := range 60 {
		app := fmt.Sprintf("app-%d", i)
		_, err := tr.sqs.CreateQueue(ctx, &sqs.CreateQueueInput{
			QueueName: aws.String("APP_" + app), Tags: map[string]string{drain.TagApp: app, drain.TagStack: stack.DefaultName},
		})
		localtest.Must(tr.t, err)
	}
	if all, err := tr.api.List(ctx); err != nil || len(all) != 61 {
		tr.t.Fatalf("%d drains are listed, want 61: %v", len(all), err)
	}

	tr.check("Drains921341E0", stack.LocalDrainsFunction)
	tr.alert(shop.DrainURL)

	blog := tr.put("blog", drain.Patch{})
	_, err = tr.api.Delete(ctx, "shop", drain.DeleteOptions{KeepLogs: true})
	localtest.Must(tr.t, err)
	_, err = tr.api.Delete(ctx, "blog", drain.DeleteOptions{})
	localtest.Must(tr.t, err)
	tr.post(blog.DrainURL, http.StatusNotFound)
}

// put creates or changes a drain, and returns when it is active.
func (tr *traffic) put(app string, settings drain.Patch) drain.Drain {
	tr.t.Helper()
	made, _, err := tr.api.Put(tr.t.Context(), app, settings)
	localtest.Must(tr.t, err)
	localtest.Eventually(tr.t, app+" is active", func() bool {
		d, err := tr.api.Get(tr.t.Context(), app)
		localtest.Must(tr.t, err)
		return d.State == drain.Active
	})
	return made
}

// alert makes an alert fire, and calls everything of the alerts function that uses its state.
func (tr *traffic) alert(drainURL string) {
	tr.t.Helper()
	ctx := tr.t.Context()
	published := make(chan awslocal.Publication, 10)
	defer tr.AWS.OnPublish(func(p awslocal.Publication) { published <- p })()
	timeout := logplextest.Frame(logplextest.Line(158, time.Now(), "heroku", "router", `at=error code=H12 desc="Request timeout" method=GET path="/" `+
		`host=shop.example.com request_id=8601b555-6a83-4c12-8269-97c8e32cdb22 fwd="204.204.204.204" dyno=web.1 connect=4ms service=30001ms status=503 `+
		`bytes=0 protocol=https`))
	tr.send(drainURL, strings.Repeat(timeout, 10), http.StatusOK)
	localtest.Eventually(tr.t, "an alert is published", func() bool { return len(published) > 0 })
	if all, err := tr.api.Alerts(ctx); err != nil || len(all) != 1 {
		tr.t.Fatalf("the alerts are %v: %v", all, err)
	}
	_, err := tr.api.AlertRules(ctx)
	localtest.Must(tr.t, err)
	_, err = tr.api.Dropped(ctx, "shop")
	localtest.Must(tr.t, err)
	_, err = tr.api.Mute(ctx, "shop", "H12", time.Now().Add(time.Hour))
	localtest.Must(tr.t, err)
	_, err = tr.api.Unmute(ctx, "shop", "H12")
	localtest.Must(tr.t, err)
	_, err = tr.api.SendTestAlert(ctx, "shop")
	localtest.Must(tr.t, err)
	tr.check("Alerts91F83244", stack.LocalAlertsFunction)
}

// post sends a line as Logplex does.
func (tr *traffic) post(drainURL string, want int) {
	tr.t.Helper()
	tr.send(drainURL, logplextest.Frame(logplextest.Line(logplex.PriorityDyno, time.Now(), "app", "web.1", "hello")), want)
}

// send posts frames as Logplex does.
func (tr *traffic) send(drainURL, frames string, want int) {
	tr.t.Helper()
	request, err := http.NewRequestWithContext(tr.t.Context(), http.MethodPost, drainURL, strings.NewReader(frames))
	localtest.Must(tr.t, err)
	request.Header.Set("Content-Type", "application/logplex-1")
	response, err := http.DefaultClient.Do(request)
	localtest.Must(tr.t, err)
	localtest.Must(tr.t, response.Body.Close())
	if response.StatusCode != want {
		tr.t.Fatalf("a POST was answered with %s, want %d", response.Status, want)
	}
}

// check calls a function as its schedule in the stack does.
func (tr *traffic) check(id, function string) {
	tr.t.Helper()
	out, err := lambda.NewFromConfig(tr.AWS.Config()).Invoke(tr.t.Context(), &lambda.InvokeInput{
		FunctionName: &function, Payload: []byte(scheduledEvent(tr.t, id)),
	})
	localtest.Must(tr.t, err)
	if out.FunctionError != nil {
		tr.t.Fatalf("the scheduled check of %s failed: %s", function, out.Payload)
	}
}

// stored returns when an app's stream has this many lines.
func (tr *traffic) stored(app string, lines int) {
	tr.t.Helper()
	localtest.Eventually(tr.t, "the lines of "+app+" are stored", func() bool {
		return len(localtest.StoredLines(tr.t, tr.AWS, app)) == lines
	})
}

func (tr *traffic) deleteStream(app string) {
	tr.t.Helper()
	_, err := tr.logs.DeleteLogStream(tr.t.Context(), &cloudwatchlogs.DeleteLogStreamInput{
		LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: aws.String(stack.DefaultStreamPrefix + app),
	})
	localtest.Must(tr.t, err)
}
