package alerting

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/smithy-go"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/alerting/message"
	"heroku-drains/lib/lambda/gateway"
	"heroku-drains/lib/stack"
)

// answer answers a request. It relies on the gateway to pass on only what IAM allows.
func (h *Handler) answer(ctx context.Context, r gateway.Request) gateway.Response {
	response, err := h.route(ctx, r)
	if err != nil {
		return gateway.Refuser{Function: "alerts function", Log: h.Log}.Refuse(ctx, r, err)
	}
	return response
}

func (h *Handler) route(ctx context.Context, r gateway.Request) (gateway.Response, error) {
	switch r.RouteKey {
	case stack.RouteAlerts:
		return h.getAlerts(ctx, r)
	case stack.RouteAlertRules:
		return h.getRules(r)
	case stack.RouteAlertTest:
		return h.postTest(ctx, r)
	case stack.RouteMute:
		return h.putMute(ctx, r)
	case stack.RouteUnmute:
		return h.deleteMute(ctx, r)
	case stack.RouteDropped:
		return h.getDropped(ctx, r)
	}
	return gateway.Response{}, gateway.NoSuchRoute(r)
}

func (h *Handler) getRules(r gateway.Request) (gateway.Response, error) {
	if err := gateway.CheckQuery(r); err != nil {
		return gateway.Response{}, err
	}
	return gateway.Answer(http.StatusOK, alert.Rules{Data: append([]alert.Rule{}, h.Rules.All()...)})
}

func (h *Handler) getDropped(ctx context.Context, r gateway.Request) (gateway.Response, error) {
	app, err := gateway.App(r)
	if err != nil {
		return gateway.Response{}, err
	}
	days, err := h.listDropped(ctx, app)
	if err != nil {
		return gateway.Response{}, err
	}
	return gateway.Answer(http.StatusOK, alert.DroppedLines{Data: days})
}

// postTest publishes a test.
func (h *Handler) postTest(ctx context.Context, r gateway.Request) (gateway.Response, error) {
	if err := gateway.CheckQuery(r); err != nil {
		return gateway.Response{}, err
	}
	test := alert.TestNotification{App: message.ExampleApp}
	if err := readBody(r, &test); err != nil {
		return gateway.Response{}, err
	}
	test.App = cmp.Or(test.App, message.ExampleApp)
	if err := drain.ValidateApp(test.App); err != nil {
		return gateway.Response{}, err
	}
	n := h.Writer.Test(strings.ToLower(rand.Text()), test.App, h.Now())
	written, err := message.Write(n)
	if err != nil {
		return gateway.Response{}, err
	}
	id, err := h.Topic.Publish(ctx, written)
	if refused, ok := errors.AsType[smithy.APIError](err); ok && refused.ErrorFault() == smithy.FaultClient {
		// It is what the caller wants to find out: the topic, its policy or its key does not admit the function.
		h.Log.WarnContext(ctx, "test not published", "error", err)
		return gateway.Response{}, &gateway.Refusal{
			Status: http.StatusConflict, Code: drain.TopicRefused,
			Message: fmt.Sprintf("SNS does not accept notifications: %s (%s)", refused.ErrorMessage(), refused.ErrorCode()),
		}
	}
	if err != nil {
		return gateway.Response{}, err
	}
	h.Log.InfoContext(ctx, "test published", "app", test.App, "message_id", id, gateway.Caller(r))
	return gateway.Answer(http.StatusOK, data(alert.Published{ID: id, Subject: n.Subject}))
}

// readBody reads the JSON of a request into v. An empty body leaves it as it is.
func readBody(r gateway.Request, v any) error {
	body, err := gateway.Body(r)
	if err != nil || len(body) == 0 {
		return err
	}
	if err := json.Unmarshal(body, v); err != nil {
		return &gateway.Refusal{Status: http.StatusBadRequest, Code: drain.InvalidBody, Message: "the body is not the JSON that this route takes: " + err.Error()}
	}
	return nil
}

// data wraps what a response is about.
func data[T any](v T) any {
	return struct {
		Data T `json:"data"`
	}{v}
}
