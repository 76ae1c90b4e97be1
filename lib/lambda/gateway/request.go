// Package gateway is what the functions behind API Gateway share: how they read a request, and how they answer it, in the form of lib/drain.
package gateway

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// Request and Response are what API Gateway passes on, and expects back.
type (
	Request  = events.APIGatewayV2HTTPRequest
	Response = events.APIGatewayV2HTTPResponse
)

// App returns the app in the path of a request. It rejects an invalid name, and a query with parameters other than these.
func App(r Request, parameters ...string) (app string, err error) {
	app = r.PathParameters[stack.RouteApp]
	if err := drain.ValidateApp(app); err != nil {
		return "", err
	}
	return app, CheckQuery(r, parameters...)
}

// CheckQuery rejects query parameters other than these: a misspelled logs=keep must not delete logs.
func CheckQuery(r Request, parameters ...string) error {
	for _, name := range slices.Sorted(maps.Keys(r.QueryStringParameters)) {
		if slices.Contains(parameters, name) {
			continue
		}
		known := "this route takes none"
		if len(parameters) > 0 {
			known = "this route takes " + strings.Join(parameters, ", ")
		}
		return &Refusal{
			Status: http.StatusBadRequest, Code: drain.InvalidQuery, Message: fmt.Sprintf("unknown query parameter %q: %s", name, known),
		}
	}
	return nil
}

// Body returns the body of a request, which the gateway may have encoded in base64.
func Body(r Request) ([]byte, error) {
	if !r.IsBase64Encoded {
		return []byte(r.Body), nil
	}
	b, err := base64.StdEncoding.DecodeString(r.Body)
	if err != nil {
		return nil, fmt.Errorf("decode the base64 of the gateway: %w", err)
	}
	return b, nil
}

// Caller returns the ARN of the caller, as the gateway has verified it, for the log.
func Caller(r Request) slog.Attr {
	arn := "unknown"
	if a := r.RequestContext.Authorizer; a != nil && a.IAM != nil {
		arn = a.IAM.UserARN
	}
	return slog.String("caller", arn)
}
