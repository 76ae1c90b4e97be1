package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/logplex"
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
	system, err := local.Start(t.Context(), local.Options{Binaries: buildBinaries(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := system.Close(); err != nil {
			t.Error(err)
		}
	})
	config := system.AWS.Config()
	api, err := apiclient.New(apiclient.Config{URL: system.AWS.APIURL(), Region: config.Region, Credentials: config.Credentials})
	if err != nil {
		t.Fatal(err)
	}
	tr := &traffic{System: system, t: t, api: api, sqs: sqs.NewFromConfig(config), logs: cloudwatchlogs.NewFromConfig(config)}
	system.AWS.OnCall(func(c awslocal.Call) {
		tr.mu.Lock()
		defer tr.mu.Unlock()
		tr.calls = append(tr.calls, c)
	})
	return tr
}

// buildBinaries builds both functions for this machine.
func buildBinaries(t *testing.T) map[string]string {
	t.Helper()
	binaries := map[string]string{}
	for _, name := range []string{stack.LocalDrainsFunction, stack.LocalStorageFunction} {
		binaries[name] = filepath.Join(t.TempDir(), bootstrap)
		build := exec.CommandContext(t.Context(), "go", buildArguments(binaries[name], name)...)
		build.Dir = ".."
		if output, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build %s: %v\n%s", name, err, output)
		}
	}
	return binaries
}

// run exercises everything that the functions do: each route, with each outcome that needs other calls of AWS, and the path of lines into their
// stream.
func (tr *traffic) run() {
	ctx := tr.t.Context()
	shop := tr.put("shop", drain.Patch{})
	tr.post(shop.DrainURL, http.StatusOK)
	tr.stored("shop", 1)
	tr.put("shop", drain.Patch{Format: aws.String("json"), MaximumConcurrency: aws.Int(5)}) // the queue's tags, and the mapping

	// Put repairs what was changed, and what is missing.
	_, err := tr.sqs.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{
		QueueUrl: &shop.Queue.URL, Attributes: map[string]string{"VisibilityTimeout": "600"},
	})
	tr.must(err)
	tr.deleteStream("shop")
	tr.put("shop", drain.Patch{})

	// The storage function creates a stream that is missing.
	tr.deleteStream("shop")
	tr.post(shop.DrainURL, http.StatusOK)
	tr.stored("shop", 1)

	tr.post(strings.Replace(shop.DrainURL, "shop:", "shop:not", 1), http.StatusUnauthorized)

	// More than a page of drains; a queue makes one.
	for i := range 60 {
		_, err := tr.sqs.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String(fmt.Sprintf("APP_app-%d", i))})
		tr.must(err)
	}
	if all, err := tr.api.List(ctx); err != nil || len(all) != 61 {
		tr.t.Fatalf("%d drains are listed, want 61: %v", len(all), err)
	}

	blog := tr.put("blog", drain.Patch{})
	_, err = tr.api.Delete(ctx, "shop", drain.DeleteOptions{KeepLogs: true})
	tr.must(err)
	_, err = tr.api.Delete(ctx, "blog", drain.DeleteOptions{})
	tr.must(err)
	tr.post(blog.DrainURL, http.StatusNotFound)
}

// put creates or changes a drain, and returns when it is active.
func (tr *traffic) put(app string, settings drain.Patch) drain.Drain {
	tr.t.Helper()
	made, _, err := tr.api.Put(tr.t.Context(), app, settings)
	tr.must(err)
	tr.eventually(app+" is active", func() bool {
		d, err := tr.api.Get(tr.t.Context(), app)
		tr.must(err)
		return d.State == drain.Active
	})
	return made
}

// post sends a line as Logplex does.
func (tr *traffic) post(drainURL string, want int) {
	tr.t.Helper()
	line := logplex.AppendLine(nil, logplex.Line{
		Priority: logplex.PriorityDyno, Time: time.Now(), Source: []byte("app"), Process: []byte("web.1"), Message: []byte("hello"), Newline: true,
	})
	body := bytes.NewReader(logplex.AppendFrame(nil, line))
	request, err := http.NewRequestWithContext(tr.t.Context(), http.MethodPost, drainURL, body)
	tr.must(err)
	request.Header.Set("Content-Type", "application/logplex-1")
	response, err := http.DefaultClient.Do(request)
	tr.must(err)
	tr.must(response.Body.Close())
	if response.StatusCode != want {
		tr.t.Fatalf("a POST was answered with %s, want %d", response.Status, want)
	}
}

// stored returns when an app's stream has this many lines.
func (tr *traffic) stored(app string, lines int) {
	tr.t.Helper()
	stream := "[APP]" + app
	tr.eventually("the lines of "+app+" are stored", func() bool {
		found, err := tr.logs.FilterLogEvents(tr.t.Context(), &cloudwatchlogs.FilterLogEventsInput{
			LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamNames: []string{stream},
		})
		return err == nil && len(found.Events) == lines
	})
}

func (tr *traffic) deleteStream(app string) {
	tr.t.Helper()
	_, err := tr.logs.DeleteLogStream(tr.t.Context(), &cloudwatchlogs.DeleteLogStreamInput{
		LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: aws.String("[APP]" + app),
	})
	tr.must(err)
}

// eventually returns when the condition holds.
func (tr *traffic) eventually(what string, holds func() bool) {
	tr.t.Helper()
	ctx, cancel := context.WithTimeout(tr.t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			tr.t.Fatalf("timed out waiting until %s: %v", what, ctx.Err())
		}
	}
}

func (tr *traffic) must(err error) {
	tr.t.Helper()
	if err != nil {
		tr.t.Fatal(err)
	}
}
