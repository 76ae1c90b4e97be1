package main

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/infra/internal/iamtest"
	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex/logplextest"
	"heroku-drains/lib/stack"
)

// durableTemplate returns the template of a stack with the setting dedup=durable.
func durableTemplate(t *testing.T) template {
	t.Helper()
	s := defaultSettings()
	s.dedup = stack.DedupDurable
	tpl, err := synthesize(s)
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

func TestDedupTable(t *testing.T) {
	if ids := stackTemplate(t).ids("AWS::DynamoDB::Table"); slices.ContainsFunc(ids, func(id string) bool { return strings.HasPrefix(id, "Dedup") }) {
		t.Errorf("a stack with the default settings has the tables %v", ids)
	}
	tpl := durableTemplate(t)
	id := dedupTable(t, tpl)
	checkProperties(t, tpl, id, map[string]any{
		"BillingMode":             "PAY_PER_REQUEST",
		"KeySchema":               []any{map[string]any{"AttributeName": "id", "KeyType": "HASH"}},
		"AttributeDefinitions":    []any{map[string]any{"AttributeName": "id", "AttributeType": "S"}},
		"TimeToLiveSpecification": map[string]any{"AttributeName": "expires", "Enabled": true},
	})
	if got := environment(t, tpl, "heroku-drains-storage")["DEDUP_TABLE"]; got != "${"+id+"}" {
		t.Errorf("the storage function uses the table %s", got)
	}
}

// dedupTable returns the logical ID of the table.
func dedupTable(t *testing.T, tpl template) string {
	t.Helper()
	for _, id := range tpl.ids("AWS::DynamoDB::Table") {
		if strings.HasPrefix(id, "Dedup") {
			return id
		}
	}
	t.Fatal("there is no table")
	return ""
}

// The storage function's role allows what durable dedup calls, and nothing else on the table; no other role allows anything on it.
func TestLeastPrivilegeOfDedup(t *testing.T) {
	tpl := durableTemplate(t)
	table := dedupTable(t, tpl)
	region := stack.LocalRegion
	arn := "arn:aws:dynamodb:" + region + ":000000000000:table/"
	asked := durableRequests(t)
	if len(asked) < 4 {
		t.Fatalf("the function made %d requests of DynamoDB", len(asked))
	}
	for _, function := range functionNames {
		var policy iamtest.Policy
		for _, document := range policyDocuments(t, tpl, function) {
			text, err := json.Marshal(dynamoDBOnly(document, table))
			localtest.Must(t, err)
			part, err := iamtest.Parse(text, iamtest.Values{table + ".Arn": arn + stack.LocalDedupTable})
			localtest.Must(t, err)
			policy = append(policy, part...)
		}
		if function != "heroku-drains-storage" {
			if len(policy) > 0 {
				t.Errorf("the role of %s allows %v", function, policy)
			}
			continue
		}
		for _, problem := range []struct {
			what  string
			found int
		}{{"denied", len(policy.Denied(asked))}, {"unused", len(policy.Unused(asked))}, {"loose", len(policy.Loose(asked))}} {
			if problem.found != 0 {
				t.Errorf("%d %s: %v", problem.found, problem.what, policy)
			}
		}
		for _, mutant := range policy.Mutants() {
			if len(mutant.Policy.Denied(asked)) == 0 && len(mutant.Policy.Loose(asked)) == 0 {
				t.Errorf("no check fails if %s", mutant.Mistake)
			}
		}
	}
}

// durableRequests returns what AWS would ask IAM about the calls of DynamoDB that the storage function makes: for new messages, for a copy, and for
// a message whose put failed.
func durableRequests(t *testing.T) []iamtest.Request {
	t.Helper()
	system := localtest.Start(t, local.Options{Dedup: stack.DedupDurable, Retry: time.Second})
	var calls localCalls
	t.Cleanup(system.AWS.OnCall(calls.add))
	d, _, err := clienttest.API(t, system.AWS).Put(t.Context(), "shop", drain.Patch{})
	localtest.Must(t, err)
	system.AWS.Inject(awslocal.Fault{Service: "logs", Operation: "PutLogEvents", Status: 400, Code: "ResourceNotFoundException", Times: 1})
	client := sqs.NewFromConfig(system.AWS.ObserverConfig())
	frame := logplextest.Frame(logplextest.Line(190, time.Now(), "app", "web.1", "a"))
	for _, id := range []string{"1", "1", "2"} {
		sealed, err := envelope.Seal(envelope.Header{App: "shop", DrainToken: "d.1", FrameID: id, MsgCount: 1, ReceivedAt: time.Now()}, frame, false)
		localtest.Must(t, err)
		_, err = client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(d.Queue.URL), MessageBody: &sealed[0]})
		localtest.Must(t, err)
	}
	localtest.Eventually(t, "the lines are stored, and marked", func() bool {
		return len(localtest.StoredLines(t, system.AWS, "shop")) == 2 && len(calls.all()) >= 4
	})
	translator := iamtest.Translator{Region: stack.LocalRegion, AccountID: "000000000000"}
	var asked []iamtest.Request
	for _, call := range calls.all() {
		requests, err := translator.Requests(call)
		localtest.Must(t, err)
		asked = append(asked, requests...)
	}
	return asked
}

// dynamoDBOnly returns a policy document with only the statements about the table.
func dynamoDBOnly(document map[string]any, table string) map[string]any {
	about := []any{}
	for _, statement := range document["Statement"].([]any) {
		if strings.Contains(render(statement.(map[string]any)["Resource"]), "${"+table+".") {
			about = append(about, statement)
		}
	}
	return map[string]any{"Version": document["Version"], "Statement": about}
}

// localCalls collects the storage function's calls of DynamoDB.
type localCalls struct {
	mu    sync.Mutex
	calls []awslocal.Call
}

func (l *localCalls) add(c awslocal.Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.Service == "dynamodb" && c.AccessKeyID == stack.LocalStorageFunction {
		l.calls = append(l.calls, c)
	}
}

func (l *localCalls) all() []awslocal.Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.calls)
}
