package alertsfunction_test

import (
	"encoding/json"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/lambda/alertsfunction"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

const function = "heroku-drains-alerts"

// system is the alerts function on the embedded AWS: behind its queue, its gateway and its schedule.
type system struct {
	*apiclient.Client
	server  *awslocal.Server
	queue   string // URL
	logged  localtest.Buffer
	metrics localtest.Buffer
	work    work

	mu        sync.Mutex
	published []alert.Notification
}

// newSystem starts the function with the rules of a configuration.
func newSystem(t *testing.T, rules alert.Config, opts awslocal.Options) *system {
	t.Helper()
	s := &system{server: localtest.StartAWS(t, opts)}
	cfg := s.server.Config()
	e := stack.DefaultAlertsEnvironment()
	e.Table = stack.LocalAlertsTable
	_, err := dynamodb.NewFromConfig(cfg).CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &e.Table, BillingMode: dynamodbtypes.BillingModePayPerRequest,
		AttributeDefinitions: []dynamodbtypes.AttributeDefinition{
			{AttributeName: aws.String(stack.TableApp), AttributeType: dynamodbtypes.ScalarAttributeTypeS},
			{AttributeName: aws.String(stack.TableKey), AttributeType: dynamodbtypes.ScalarAttributeTypeS},
		},
		KeySchema: []dynamodbtypes.KeySchemaElement{
			{AttributeName: aws.String(stack.TableApp), KeyType: dynamodbtypes.KeyTypeHash},
			{AttributeName: aws.String(stack.TableKey), KeyType: dynamodbtypes.KeyTypeRange},
		},
	})
	localtest.Must(t, err)
	topic, err := sns.NewFromConfig(cfg).CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String(stack.LocalAlertsTopic)})
	localtest.Must(t, err)
	e.Topic = *topic.TopicArn
	queue, err := sqs.NewFromConfig(cfg).CreateQueue(t.Context(), &sqs.CreateQueueInput{
		QueueName: aws.String(stack.LocalAlertsQueue),
		Attributes: map[string]string{
			"VisibilityTimeout":      strconv.Itoa(int(stack.AlertsVisibilityTimeout.Seconds())),
			"MessageRetentionPeriod": strconv.Itoa(int(stack.AlertsRetention.Seconds())),
		},
	})
	localtest.Must(t, err)
	s.queue, e.Queue = *queue.QueueUrl, *queue.QueueUrl
	t.Cleanup(s.server.OnPublish(s.keep))

	set, err := alert.Compile(rules)
	localtest.Must(t, err)
	handler, err := alertsfunction.New(e, s.server.ConfigFor(function), slog.New(slog.NewJSONHandler(&s.logged, nil)), alertsfunction.Options{
		Rules: set, Now: s.server.Now, Metrics: metrics.NewWriter(&s.metrics, function),
	})
	localtest.Must(t, err)
	arn, err := s.server.AddFunction(awslocal.Function{
		Name: function, Timeout: stack.AlertsTimeout, AccessKeyID: function,
		Handler: s.work.watch(local.InProcess(handler.Handle)),
	})
	localtest.Must(t, err)
	routes := slices.DeleteFunc(stack.Routes(), func(r stack.Route) bool { return r.Function != stack.AlertsSource })
	localtest.Must(t, s.server.SetRoutes(local.Routes(routes)))
	attributes, err := sqs.NewFromConfig(cfg).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &s.queue, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameQueueArn},
	})
	localtest.Must(t, err)
	_, err = lambda.NewFromConfig(cfg).CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{
		EventSourceArn: aws.String(attributes.Attributes["QueueArn"]), FunctionName: &arn, BatchSize: aws.Int32(10),
		FunctionResponseTypes: []lambdatypes.FunctionResponseType{lambdatypes.FunctionResponseTypeReportBatchItemFailures},
	})
	localtest.Must(t, err)
	s.Client = clienttest.API(t, s.server)
	return s
}

// keep keeps what is published.
func (s *system) keep(p awslocal.Publication) {
	var n alert.Notification
	if err := json.Unmarshal([]byte(p.MessageFor("sqs")), &n); err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.published = append(s.published, n)
}

// subjects returns the subjects of what was published.
func (s *system) subjects() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, n := range s.published {
		all = append(all, n.Subject)
	}
	return all
}

// send sends a message to the alerts queue.
func (s *system) send(t *testing.T, m alert.Message) {
	t.Helper()
	text, err := json.Marshal(m)
	localtest.Must(t, err)
	_, err = sqs.NewFromConfig(s.server.Config()).SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &s.queue, MessageBody: aws.String(string(text))})
	localtest.Must(t, err)
}

// told waits until the function knows that it told an alert. If the clock is advanced beyond the function's lease before, it tells the alert again,
// because somebody could be frozen who was about to tell it.
func (s *system) told(t *testing.T) {
	t.Helper()
	localtest.Eventually(t, "the alert is told", func() bool {
		all, err := s.Alerts(t.Context())
		localtest.Must(t, err)
		return slices.ContainsFunc(all, func(a alert.Alert) bool { return !a.Told.IsZero() })
	})
}

// hits returns a report of lines of a rule, a second apart.
func hits(rule, id string, at time.Time, lines int) alert.Message {
	h := alert.Hit{Rule: rule, ID: id, Affected: map[string]int{"/checkout": lines}}
	for i := range lines {
		h.Counts = append(h.Counts, alert.Count{At: at.Unix() + int64(i), Lines: 1})
	}
	h.Lines = []alert.Line{{Time: at, Source: "heroku", Process: "router", Text: `at=error code=` + rule + ` path="/checkout"`}}
	return alert.Message{Report: &alert.Report{App: "shop", Hits: []alert.Hit{h}}}
}

func TestAnAlertBeginsAndEnds(t *testing.T) {
	t.Parallel()
	s := newSystem(t, nil, awslocal.Options{})
	s.send(t, hits("H12", "1", s.server.Now().Add(-20*time.Second), 14))
	s.told(t)
	s.pass(t, 20)
	localtest.Eventually(t, "its end is told", func() bool { return len(s.subjects()) > 1 })
	want := []string{"[shop] H12 Request timeout: 14 in 5 min", "[shop] H12 Request timeout: resolved after 13 s, 14 lines"}
	if diff := cmp.Diff(want, s.subjects()); diff != "" {
		t.Errorf("published (-want +got):\n%s", diff)
	}
}
