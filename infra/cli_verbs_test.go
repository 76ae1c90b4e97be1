package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/infra/internal/iamtest"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// recordVerbs runs the CLI's verbs, with each outcome that needs other calls, and returns what AWS would ask IAM about them, by verb.
func recordVerbs(t *testing.T) map[string][]iamtest.Request {
	t.Helper()
	asked := map[string][]iamtest.Request{}
	recordStandard(newAccount(t, types.LogGroupClassStandard, asked))
	recordQueries(newAccount(t, types.LogGroupClassInfrequentAccess, asked))
	return asked
}

// recordStandard runs all verbs.
func recordStandard(a *account) {
	ctx, t := a.t.Context(), a.t
	for _, app := range []string{"shop", "blog"} {
		a.addDeadLetter(app)
		a.run("put", []string{"put", "-a", app}, 0)
	}
	a.run("get", []string{"get", "-a", "shop"}, 0)
	a.run("list", []string{"list"}, 0)
	a.run("ledger", []string{"ledger", "-a", "shop"}, 0)
	a.run("cost", []string{"cost"}, 0)
	a.run("logs", []string{"logs", "-a", "shop"}, 0)
	a.runUntil("logs", []string{"logs", "-a", "shop", "--tail"}, nth("FilterLogEvents", 2), 0)
	recordConsole(a)

	a.run("alerts list", []string{"alerts", "list"}, 0)
	a.run("alerts rules", []string{"alerts", "rules"}, 0)
	a.run("alerts mute", []string{"alerts", "mute", "-a", "shop", "--rule", "H12", "--for", "1h"}, 0)
	a.run("alerts unmute", []string{"alerts", "unmute", "-a", "shop", "--rule", "H12"}, 0)
	a.run("alerts send-test", []string{"alerts", "send-test"}, 0)

	file := filepath.Join(t.TempDir(), "fleet.yaml")
	localtest.Must(t, os.WriteFile(file, []byte("apps:\n  shop:\n  blog:\n  news:\n"), 0o600))
	a.run("sync", []string{"sync", "-f", file, "--yes"}, 0)
	a.run("delete", []string{"delete", "-a", "news", "--force", "--yes"}, 0)

	a.run("redrive", []string{"redrive", "--list"}, 0)
	a.run("redrive", []string{"redrive", "--save", "-"}, 0)
	a.run("redrive", []string{"redrive", "--discard", "unreadable"}, 0)
	a.run("redrive", []string{"redrive", "-a", "shop"}, 0)
	a.run("redrive", []string{"redrive"}, 0)

	// doctor reads the functions' logs, and the tags of queues with another prefix. It warns about what the local system does not have.
	_, err := a.sqs.CreateQueue(ctx, &sqs.CreateQueueInput{
		QueueName: aws.String("OLD_shop"), Attributes: map[string]string{"RedrivePolicy": a.redrivePolicy()},
	})
	localtest.Must(t, err)
	for _, app := range []string{"shop", "blog"} { // whose queue's redrive policy doctor reads only if the dead-letter queue does not name it
		url, err := a.sqs.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(stack.DefaultQueuePrefix + app)})
		localtest.Must(t, err)
		_, err = a.sqs.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: url.QueueUrl, Attributes: map[string]string{"RedrivePolicy": ""}})
		localtest.Must(t, err)
	}
	a.run("doctor", []string{"doctor"}, 0, 1)
	a.run("doctor -a", []string{"doctor", "-a", "shop"}, 0, 1)

	a.run("rotate", []string{"rotate", "--yes"}, 0)
}

// recordQueries runs the verbs that read lines, from a log group that can be read only with queries.
func recordQueries(a *account) {
	a.run("put", []string{"put", "-a", "shop"}, 0)
	a.run("logs", []string{"logs", "-a", "shop"}, 0)
	a.runUntil("logs", []string{"logs", "-a", "shop"}, nth("GetQueryResults", 1), 130)
}

// nth returns a condition that holds for the n-th call of an operation. It is not safe for concurrent use.
func nth(operation string, n int) func(awslocal.Call) bool {
	return func(c awslocal.Call) bool {
		if c.Operation == operation {
			n--
		}
		return c.Operation == operation && n == 0
	}
}
