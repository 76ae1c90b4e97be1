package awslocal_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// billed returns how many units of something were counted, of a resource, or of all if it is empty.
func billed(s *awslocal.Server, unit awslocal.Unit, resource string) int64 {
	total := int64(0)
	for _, c := range s.Metered().Counts {
		if c.Unit == unit && (resource == "" || c.Resource == resource) {
			total += c.Units
		}
	}
	return total
}

// wantBilled runs do, and tests how many units it was.
func wantBilled(t *testing.T, s *awslocal.Server, unit awslocal.Unit, want int64, what string, do func()) {
	t.Helper()
	before := billed(s, unit, "")
	do()
	if got := billed(s, unit, "") - before; got != want {
		t.Errorf("%s: %d %s, want %d", what, got, unit, want)
	}
}

func TestMeterCountsRequestsOfSQS(t *testing.T) {
	b := backend{server: localtest.StartAWS(t, awslocal.Options{})}
	b.config = b.server.Config()
	q := newQueue(t, b, "q")
	send := func(size int) {
		_, err := q.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: q.url, MessageBody: aws.String(strings.Repeat("x", size))})
		localtest.Must(t, err)
	}
	receive := func() {
		_, err := q.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: q.url, MaxNumberOfMessages: 10})
		localtest.Must(t, err)
	}
	const requests = awslocal.QueueRequests
	wantBilled(t, b.server, requests, 1, "64 KB", func() { send(64 << 10) })
	wantBilled(t, b.server, requests, 2, "64 KB and a byte", func() { send(64<<10 + 1) })
	wantBilled(t, b.server, requests, 3, "a receive of both", receive)
	wantBilled(t, b.server, requests, 1, "an empty receive", receive)
	wantBilled(t, b.server, requests, 1, "a batch", func() {
		_, err := q.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: q.url, Entries: []sqstypes.SendMessageBatchRequestEntry{
			{Id: aws.String("a"), MessageBody: aws.String("a")}, {Id: aws.String("b"), MessageBody: aws.String("b")},
		}})
		localtest.Must(t, err)
	})
	wantBilled(t, b.server, requests, 0, "an observer", func() {
		_, err := sqs.NewFromConfig(b.server.ObserverConfig()).ListQueues(t.Context(), &sqs.ListQueuesInput{})
		localtest.Must(t, err)
	})
	wantBilled(t, b.server, requests, 0, "a call that SQS did not take", func() {
		defer b.server.Inject(awslocal.Fault{Service: "sqs", Refuse: awslocal.RefuseUnavailable})()
		_, err := q.ListQueues(t.Context(), &sqs.ListQueuesInput{}, func(o *sqs.Options) { o.RetryMaxAttempts = 1 })
		if err == nil {
			t.Error("the fault did not apply")
		}
	})
}

func TestMeterCountsInvocationsAndPolling(t *testing.T) {
	server := localtest.StartAWS(t, awslocal.Options{})
	b := backend{server: server, config: server.Config()}
	q := newQueue(t, b, "q")
	done := make(chan int, 20)
	_, err := server.AddFunction(awslocal.Function{Name: "f", MemoryMB: 1024, Handler: func(_ context.Context, payload []byte) ([]byte, error) {
		var in struct{ Records []any }
		localtest.Must(t, json.Unmarshal(payload, &in))
		done <- len(in.Records)
		return nil, nil
	}})
	localtest.Must(t, err)
	for range 12 {
		_, err := q.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: q.url, MessageBody: aws.String("m")})
		localtest.Must(t, err)
	}
	_, err = lambda.NewFromConfig(b.config).CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{
		FunctionName: aws.String("f"), EventSourceArn: aws.String(q.arn(t)), BatchSize: aws.Int32(10),
	})
	localtest.Must(t, err)
	for taken := 0; taken < 12; {
		taken += <-done
	}
	localtest.Eventually(t, "both batches are deleted", func() bool { return billed(server, awslocal.QueueRequests, "q") == 4 }) // 2 receives, 2 deletes
	if got := billed(server, awslocal.Invocations, "f"); got != 2 {
		t.Errorf("%d invocations, want 2", got)
	}
	if got := billed(server, awslocal.MBMilliseconds, "f"); got < 2*1024 || got%1024 != 0 {
		t.Errorf("%d MB-milliseconds, want whole milliseconds, at least one for each invocation", got)
	}
	if got := server.Metered().Polling; got != 1 {
		t.Errorf("%d mappings poll, want 1", got)
	}
}

func TestMeterCountsRequestsOfTheAPI(t *testing.T) {
	s, _ := api(t, nil)
	const group = "/aws/vendedlogs/api"
	localtest.Must(t, s.SetAccessLog(group, `$context.identity.userArn "$context.httpMethod $context.path" $context.status "$context.error.message"`))
	post := func(method, path string, size, status int) {
		t.Helper()
		res, err := http.DefaultClient.Do(request(t, s, method, path, strings.Repeat("x", size)))
		localtest.Must(t, err)
		_, _ = io.Copy(io.Discard, res.Body)
		localtest.Must(t, res.Body.Close())
		if res.StatusCode != status {
			t.Errorf("%s %s: status %d, want %d", method, path, res.StatusCode, status)
		}
	}
	wantBilled(t, s, awslocal.APIRequests, 1, "512 KB", func() { post("POST", "/drains/shop", 512<<10, 200) })
	wantBilled(t, s, awslocal.APIRequests, 2, "512 KB and a byte", func() { post("POST", "/drains/shop", 512<<10+1, 200) })
	wantBilled(t, s, awslocal.APIRequests, 1, "no route", func() { post("GET", "/nowhere", 0, 404) })
	wantBilled(t, s, awslocal.APIRequests, 0, "no signature", func() { post("GET", "/drains", 0, 403) })
	var want int64
	for _, line := range []string{
		`- "POST /drains/shop" 200 "-"`, `- "POST /drains/shop" 200 "-"`, `- "GET /nowhere" 404 "Not Found"`, `- "GET /drains" 403 "Forbidden"`,
	} {
		want += int64(len(line)) + 26
	}
	if got := billed(s, awslocal.IngestedBytes, group); got != want {
		t.Errorf("%d bytes of access log, want %d", got, want)
	}
	if s.SetAccessLog(group, "$context.nonsense") == nil {
		t.Error("a variable that is not implemented was accepted")
	}
}

func TestMeterCountsBytesOfLogs(t *testing.T) {
	s := localtest.StartAWS(t, awslocal.Options{})
	client := logs.NewFromConfig(s.Config())
	for name, class := range map[string]logstypes.LogGroupClass{"standard": "STANDARD", "infrequent": "INFREQUENT_ACCESS"} {
		_, err := client.CreateLogGroup(t.Context(), &logs.CreateLogGroupInput{LogGroupName: &name, LogGroupClass: class})
		localtest.Must(t, err)
		_, err = client.CreateLogStream(t.Context(), &logs.CreateLogStreamInput{LogGroupName: &name, LogStreamName: aws.String("s")})
		localtest.Must(t, err)
		_, err = client.PutLogEvents(t.Context(), &logs.PutLogEventsInput{LogGroupName: &name, LogStreamName: aws.String("s"), LogEvents: []logstypes.InputLogEvent{
			{Message: aws.String("too old"), Timestamp: aws.Int64(1)},
			{Message: aws.String("é"), Timestamp: aws.Int64(s.Now().UnixMilli())}, {Message: aws.String("12345"), Timestamp: aws.Int64(s.Now().UnixMilli())},
		}})
		localtest.Must(t, err)
	}
	const want = 2 + 26 + 5 + 26
	standard, infrequent := billed(s, awslocal.IngestedBytes, "standard"), billed(s, awslocal.InfrequentBytes, "infrequent")
	if standard != want || infrequent != want {
		t.Errorf("ingested %d and %d bytes, want %d each", standard, infrequent, want)
	}
	s.Advance(time.Minute)
	wantBilled(t, s, awslocal.ScannedBytes, want, "a query that finds nothing", func() {
		_, err := client.StartQuery(t.Context(), &logs.StartQueryInput{
			LogGroupName: aws.String("standard"), QueryString: aws.String("filter @message like /nothing/"),
			StartTime: aws.Int64(s.Now().Add(-time.Hour).Unix()), EndTime: aws.Int64(s.Now().Unix()),
		})
		localtest.Must(t, err)
	})
}

func TestMeterCountsUnitsOfDynamoDB(t *testing.T) {
	s := localtest.StartAWS(t, awslocal.Options{})
	tt := newTable(t, backend{server: s, config: s.Config()})
	large := keyed("shop", "k", "n", text(strings.Repeat("x", 5000)))
	const writes, halfReads = awslocal.WriteUnits, awslocal.HalfReadUnits
	wantBilled(t, s, writes, 1, "a small item", func() { tt.put(t, keyed("shop", "small")) })
	wantBilled(t, s, writes, 5, "5 KB", func() { tt.put(t, large) })
	wantBilled(t, s, writes, 5, "a condition that fails", func() {
		wantCode(t, tt.putIf(t, keyed("shop", "k"), cond("attribute_not_exists(app)")), "ConditionalCheckFailedException")
	})
	read := func(consistent bool) func() {
		return func() {
			_, err := tt.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: tt.name, Key: key("shop", "k"), ConsistentRead: &consistent})
			localtest.Must(t, err)
		}
	}
	wantBilled(t, s, halfReads, 2, "an eventually consistent read", read(false))
	wantBilled(t, s, halfReads, 4, "a consistent read", read(true))
	wantBilled(t, s, halfReads, 2, "a scan of both items", func() {
		_, err := tt.Scan(t.Context(), &dynamodb.ScanInput{TableName: tt.name})
		localtest.Must(t, err)
	})
	wantBilled(t, s, writes, 5, "a small item in the place of a large one", func() { tt.put(t, keyed("shop", "k")) })
	wantBilled(t, s, halfReads, 1, "an item that does not exist", func() {
		_, err := tt.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: tt.name, Key: key("shop", "other")})
		localtest.Must(t, err)
	})
}

func TestMeterCountsOtherCalls(t *testing.T) {
	s := localtest.StartAWS(t, awslocal.Options{})
	b := backend{server: s, config: s.Config()}
	topic := newTopic(t, b)
	wantBilled(t, s, awslocal.Publications, 2, "65 KB", func() { topic.publish(t, sns.PublishInput{Message: aws.String(strings.Repeat("x", 65<<10))}) })
	secret := newSecret(t, b, "v")
	wantBilled(t, s, awslocal.SecretCalls, 1, "a new version of a secret", func() { secret.put(t, "w") })
	if got := s.Metered().Secrets; got != 1 {
		t.Errorf("%d secrets, want 1", got)
	}
	wantBilled(t, s, awslocal.RequestedMetrics, 2, "two metrics", func() {
		_, err := cloudwatch.NewFromConfig(s.Config()).GetMetricData(t.Context(), &cloudwatch.GetMetricDataInput{
			StartTime: aws.Time(s.Now().Add(-time.Hour)), EndTime: aws.Time(s.Now()), MetricDataQueries: []cwtypes.MetricDataQuery{oldest("a", "x"), oldest("b", "y")},
		})
		localtest.Must(t, err)
	})
}
