package doctor

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

func TestStrandedQueuesAreFoundByTheirTags(t *testing.T) {
	a := newAccount(t)
	dead := a.queue("dead", nil)
	for name, tags := range map[string]map[string]string{
		"NEW_shop":   {"heroku-drains:app": "shop", "heroku-drains:stack": "S"},
		"OLD_shop":   {"heroku-drains:app": "shop", "heroku-drains:stack": "S"},
		"OLD_blog":   {"heroku-drains:app": "blog", "heroku-drains:stack": "S"},
		"OLDER_blog": {"heroku-drains:app": "blog"}, // of a version that did not tag it with the stack
		"OLD_other":  {"heroku-drains:app": "other", "heroku-drains:stack": "T"},
		"OLD_orders": {"team": "carts"},
		"invoices":   nil,
		"OLD_api":    {"heroku-drains:app": "web", "heroku-drains:stack": "S"},
	} {
		url := a.queue(name, redrivesTo("dead"))
		if tags == nil {
			continue
		}
		_, err := a.client.TagQueue(t.Context(), &sqs.TagQueueInput{QueueUrl: &url, Tags: tags})
		localtest.Must(t, err)
	}
	a.queue("OLD_free", nil)
	const (
		what  = "the queues of these apps have the prefix "
		lost  = ", but the stack's is now NEW_; Heroku's POSTs get a 404 and are lost, and the messages in the queues are not stored: "
		first = "; to change it, first delete the drains (docs/deploy.md)"
		older = "|" + what + "OLDER_" + lost + "blog|set queuePrefix back to OLDER_ and deploy" + first
	)
	of := func(app string) examiner {
		e := onAWS
		e.Stack, e.App = "S", app
		return e
	}
	outputs := stack.Outputs{DeadLetterQueueURL: dead, QueuePrefix: "NEW_"}
	found := listSources(t.Context(), a.client, dead)
	want(t, of("").stranded(t.Context(), a.client, outputs, found), "error|queue|"+older,
		"error|queue||"+what+"OLD_"+lost+"blog, shop|set queuePrefix back to OLD_ and deploy"+first)
	want(t, of("blog").stranded(t.Context(), a.client, outputs, found), "error|queue|blog"+older,
		"error|queue|blog|"+what+"OLD_"+lost+"blog|set queuePrefix back to OLD_ and deploy"+first)
	want(t, of("other").stranded(t.Context(), a.client, outputs, found))
}

func TestExamineFindsStrandedQueues(t *testing.T) {
	f := clienttest.Start(t, clienttest.Options{})
	_, err := f.Put(t.Context(), f.AddApp("shop"), connect.PutOptions{SkipVerify: true})
	localtest.Must(t, err)
	opts := optionsFor(t, f, herokufake.DefaultKey)
	opts.Outputs.QueuePrefix = "NEW_"
	for _, finding := range Examine(t.Context(), opts, new(steps)).Findings {
		if finding.Check == CheckQueue && finding.Severity == Error {
			return
		}
	}
	t.Error("a queue with another prefix was not found")
}
