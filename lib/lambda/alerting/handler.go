// Package alerting is the alerts function: it counts what the storage function reports, tells people through an SNS topic when an alert begins and
// when it is over, and answers the API's requests about alerts.
//
// What it knows of a rule for an app is an item of a DynamoDB table. Package state decides what happens to it. An invocation reads the item, changes
// the state, and writes it if nobody else has written it meanwhile; otherwise it starts again.
//
// Each notification is told once, whoever is killed when. Its steps are:
//
//  1. Send a Tick that arrives when the lease ends.
//  2. Write the item with what is to be told, and the lease: nobody else tells it until then.
//  3. Ask package storm whether it may be told by itself.
//  4. Publish it.
//  5. Write the item: it was told.
//
// If one of them fails, or the process ends, the Tick finds what was not told and tells it. Its message stays in the queue until it was. Only between
// SNS's acceptance and the last step, a notification can be told twice, with the same ID: if the process ends there, or SNS's response is lost.
package alerting

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/message"
	"heroku-drains/lib/lambda/alerting/table"
	"heroku-drains/lib/lambda/gateway"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/stack"
)

// Rules are the rules in force. An alert.Set implements it.
type Rules interface {
	All() []alert.Rule
	Rules(app string) []alert.Rule
	Rule(app, name string) (alert.Rule, bool)
}

// Table stores the state of all rules. A table.Table implements it.
type Table interface {
	Get(ctx context.Context, app, key string) (table.Item, error)
	Put(context.Context, table.Item) (table.Item, error)
	App(ctx context.Context, app, prefix string) ([]table.Item, error)
	All(context.Context) ([]table.Item, error)
}

// Topic tells people. An SNS implements it.
type Topic interface {
	Publish(context.Context, message.Message) (id string, err error)
}

// Clock sends Ticks. An SQS implements it.
type Clock interface {
	Send(ctx context.Context, tick alert.Tick, delay time.Duration) error
}

// Config is what a Handler needs. Every field is required.
type Config struct {
	Rules   Rules
	Table   Table
	Topic   Topic
	Clock   Clock
	Writer  message.Composer
	Log     *slog.Logger
	Metrics *metrics.Writer
	Now     func() time.Time
}

// Handler handles the alerts function's events. It is safe for concurrent use.
type Handler struct {
	Config
	storm chan struct{} // has room while nobody changes an item of package storm: otherwise the jobs of a batch would hinder each other
}

// New returns a Handler.
func New(c Config) *Handler { return &Handler{Config: c, storm: make(chan struct{}, 1)} }

// spare is what remains of an invocation's time to write the response.
const spare = 2 * time.Second

// Handle handles an event: a batch of the alerts queue, a request that API Gateway passes on, or the schedule's. The schedule gets an error if its
// check fails, so that Lambda counts it and tries again. The gateway gets none: every failure becomes a response.
func (h *Handler) Handle(ctx context.Context, payload json.RawMessage) (any, error) {
	ctx, cancel := withTimeout(ctx)
	defer cancel()
	var kind struct {
		RouteKey string            `json:"routeKey"`
		Records  []json.RawMessage `json:"Records"`
	}
	if err := json.Unmarshal(payload, &kind); err != nil {
		return nil, fmt.Errorf("read the event: %w", err)
	}
	switch {
	case kind.RouteKey == stack.RouteCheckAlerts:
		return nil, h.check(ctx)
	case kind.RouteKey != "":
		var r gateway.Request
		if err := json.Unmarshal(payload, &r); err != nil {
			return nil, fmt.Errorf("read the request: %w", err)
		}
		return h.answer(ctx, r), nil
	case kind.Records != nil:
		var batch events.SQSEvent
		if err := json.Unmarshal(payload, &batch); err != nil {
			return nil, fmt.Errorf("read the batch: %w", err)
		}
		return h.batch(ctx, batch), nil
	}
	return nil, fmt.Errorf("unknown event: it has neither Records nor a routeKey")
}

// withTimeout limits the work to the invocation's time. Nothing may be told after a lease, which is longer.
func withTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	limit := stack.AlertsTimeout
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline))
	}
	return context.WithTimeout(ctx, max(limit-spare, limit/2))
}

// lease is how long a claim is valid: longer than an invocation lasts, even if the clocks of two machines differ. Whatever was claimed by one that
// was killed is told so much later.
const lease = stack.AlertsTimeout + 10*time.Second

// owner returns a name for who claims something.
func owner() string { return rand.Text() }
