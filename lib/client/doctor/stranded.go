package doctor

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// sourcesAPI is the part of Amazon SQS that is used here: *sqs.Client implements it.
type sourcesAPI interface {
	sqs.ListDeadLetterSourceQueuesAPIClient
	ListQueueTags(context.Context, *sqs.ListQueueTagsInput, ...func(*sqs.Options)) (*sqs.ListQueueTagsOutput, error)
}

// sources are the queues that send their dead letters to the stack's queue.
type sources struct {
	urls  []string
	names map[string]bool
	err   error // why they are not known
}

// has reports whether the queue of this name is known to be one of them.
func (s sources) has(name string) bool { return s.names[name] }

// listSources lists them, 1,000 with a call: a call for each drain would say no more.
func listSources(ctx context.Context, client sourcesAPI, deadLetterURL string) sources {
	s := sources{names: map[string]bool{}}
	pages := sqs.NewListDeadLetterSourceQueuesPaginator(client, &sqs.ListDeadLetterSourceQueuesInput{
		QueueUrl: &deadLetterURL, MaxResults: aws.Int32(1000),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			s.err = err
			return s
		}
		for _, url := range page.QueueUrls {
			s.urls = append(s.urls, url)
			s.names[path.Base(url)] = true
		}
	}
	return s
}

// stranded checks that all queues of this stack's drains have its prefix. The functions do not find queues that were created when the stack's
// setting queuePrefix was different: Heroku's POSTs get a 404 and are lost, and messages in the queues are not stored. The check finds these
// queues because their dead letters go to the stack's queue, and their tags name the app and the stack.
func (e examiner) stranded(ctx context.Context, client sourcesAPI, outputs stack.Outputs, found sources) []Finding {
	if found.err != nil {
		return []Finding{e.failed(Finding{Check: CheckQueue, Fix: "try again"}, "list the queues of this stack", found.err)}
	}
	names := drain.Names{QueuePrefix: outputs.QueuePrefix}
	apps := map[string][]string{} // by the prefix of their queues
	for _, url := range found.urls {
		if _, ok := names.AppOfQueue(path.Base(url)); ok {
			continue
		}
		app, prefix, err := e.ownerOf(ctx, client, url)
		if err != nil {
			return []Finding{e.failed(Finding{Check: CheckQueue, Fix: "try again"}, "read the tags of the queue "+path.Base(url), err)}
		}
		if app != "" && (e.App == "" || e.App == app) {
			apps[prefix] = append(apps[prefix], app)
		}
	}
	var findings []Finding
	for _, prefix := range slices.Sorted(maps.Keys(apps)) {
		slices.Sort(apps[prefix])
		findings = append(findings, Finding{
			Severity: Error, Check: CheckQueue, App: e.App,
			What: fmt.Sprintf("the queues of these apps have the prefix %s, but the stack's is now %s; Heroku's POSTs get a 404 and are lost, "+
				"and the messages in the queues are not stored: %s", prefix, outputs.QueuePrefix, strings.Join(apps[prefix], ", ")),
			Fix: fmt.Sprintf("set queuePrefix back to %s and deploy; to change it, first delete the drains (docs/deploy.md)", prefix),
		})
	}
	return findings
}

// ownerOf returns the app of a queue that a stack with this name created, and the prefix of the queue's name. The app is empty for other
// queues, because anyone may give a queue the same dead-letter queue.
func (e examiner) ownerOf(ctx context.Context, client sourcesAPI, url string) (app, prefix string, err error) {
	out, err := client.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: &url})
	if err != nil {
		return "", "", err
	}
	app = out.Tags[drain.TagApp]
	prefix, ok := strings.CutSuffix(path.Base(url), app)
	if owner, tagged := out.Tags[drain.TagStack]; !ok || drain.ValidateApp(app) != nil || tagged && e.Stack != "" && owner != e.Stack {
		return "", "", nil
	}
	return app, prefix, nil
}
