// Package sns implements Amazon SNS in memory: standard topics, and subscriptions of queues and of e-mail addresses, over the query protocol.
// https://docs.aws.amazon.com/sns/latest/api/welcome.html
package sns

import (
	"context"
	"log/slog"
	"net/http"
	"sync"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/awsquery"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/journal"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

const namespace = "http://sns.amazonaws.com/doc/2010-03-31/"

// Version is the version of the API.
const Version = "2010-03-31"

// Config configures a Service.
type Config struct {
	Clock     *clock.Clock
	Account   awsapi.Account
	Queues    Queues
	Published func(Publication) // called for each message that was accepted
	Log       *slog.Logger
	Journal   *journal.Store // nil: topics are kept in memory alone
	Meter     *meter.Meter   // nil: nothing is counted
}

// Service holds one account's topics in one Region. It is an http.Handler.
type Service struct {
	config     Config
	operations map[string]operation

	mu            sync.Mutex
	topics        map[string]*topic // by ARN
	subscriptions []*subscription   // of all topics, oldest first
	numbered      int               // the number of the latest subscription
}

// operation answers one call. A nil result is an empty response.
type operation func(ctx context.Context, in *awsquery.Request) (result any, err error)

// New returns a Service with the topics in the journal.
func New(config Config) (*Service, error) {
	s := &Service{config: config, topics: make(map[string]*topic)}
	s.operations = map[string]operation{
		"CreateTopic":               s.createTopic,
		"DeleteTopic":               s.deleteTopic,
		"GetSubscriptionAttributes": s.getSubscriptionAttributes,
		"GetTopicAttributes":        s.getTopicAttributes,
		"ListSubscriptionsByTopic":  s.listSubscriptionsByTopic,
		"ListTopics":                s.listTopics,
		"Publish":                   s.publish,
		"Subscribe":                 s.subscribe,
		"Unsubscribe":               s.unsubscribe,
	}
	return s, s.restore()
}

// ServeHTTP answers one call.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := awsapi.ReadBody(w, r)
	if err != nil {
		WriteError(w, err)
		return
	}
	in, err := awsquery.Parse(body)
	if err != nil {
		WriteError(w, err)
		return
	}
	do, known := s.operations[in.Action]
	if r.Method != http.MethodPost || in.Version != Version || !known {
		WriteError(w, awsapi.Errorf(http.StatusBadRequest, "InvalidAction", "the embedded AWS does not implement the operation %q", in.Action))
		return
	}
	s.countCall(r.Context())
	result, err := do(r.Context(), in)
	if err != nil {
		WriteError(w, err)
		return
	}
	awsquery.WriteResult(w, namespace, in.Action, result)
}

// WriteError sends err as XML, in the form of the query protocol.
func WriteError(w http.ResponseWriter, err error) { awsquery.WriteError(w, namespace, err) }

// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors

func notFound(format string, args ...any) error {
	return awsapi.Errorf(http.StatusNotFound, "NotFound", format, args...)
}

func invalid(format string, args ...any) error {
	return awsapi.Errorf(http.StatusBadRequest, "InvalidParameter", "Invalid parameter: "+format, args...)
}

func invalidValue(format string, args ...any) error {
	return awsapi.Errorf(http.StatusBadRequest, "ParameterValueInvalid", format, args...)
}

// onlyKnown rejects a request with parameters that the operation has not read.
func onlyKnown(in *awsquery.Request) error {
	if unread := in.Unread(); len(unread) > 0 {
		return invalid("%s Reason: the embedded AWS does not implement this parameter", unread[0])
	}
	return nil
}
