package payload

import (
	"errors"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/stack"
	"heroku-drains/lib/strictjson"
)

// Post is what the drains function needs of a POST of Logplex.
type Post struct {
	App       string            // of the path
	Headers   map[string]string // by names in lower case; only those that the function uses
	RequestID string            // of the gateway
	Time      int64             // when the gateway received it, in milliseconds since 1970
	Body      string
	IsBase64  bool
}

// The headers that the drains function uses. API Gateway writes their names in lower case.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
const (
	Authorization   = "authorization"
	ContentEncoding = "content-encoding"
	MsgCount        = "logplex-msg-count"
	FrameID         = "logplex-frame-id"
	DrainToken      = "logplex-drain-token"
	SenderRequestID = "x-request-id"
)

// errOther means that an event is not a POST of Logplex.
var errOther = errors.New("the event is for another route")

// ReadPost reads an event of API Gateway for a POST of Logplex. It rejects those of other routes.
func ReadPost(event []byte) (Post, error) {
	r := strictjson.New(event)
	p := Post{Headers: make(map[string]string, 8)}
	var has struct{ route, headers, parameters, context, body, base64 bool }
	once := func(found *bool, read func() error) error {
		if *found {
			return errTwice
		}
		*found = true
		return read()
	}
	err := r.Object(func(name []byte) error {
		switch string(name) {
		case "routeKey":
			var route string
			err := text(r, &route, &has.route)
			if err == nil && route != stack.RoutePost {
				err = errOther
			}
			return err
		case "headers":
			return once(&has.headers, func() error { return readHeaders(r, p.Headers) })
		case "pathParameters":
			return once(&has.parameters, func() error { return readParameters(r, &p) })
		case "requestContext":
			return once(&has.context, func() error { return readContext(r, &p) })
		case "body":
			return text(r, &p.Body, &has.body)
		case "isBase64Encoded":
			return once(&has.base64, func() (err error) {
				p.IsBase64, err = r.Bool()
				return err
			})
		}
		return r.Skip()
	})
	if err != nil {
		return Post{}, err
	}
	// A POST without a body has none, and one without headers has none of Logplex's.
	if !has.route || !has.context || !has.parameters {
		return Post{}, errMissing
	}
	return p, r.End()
}

func readHeaders(r *strictjson.Reader, headers map[string]string) error {
	if r.Null() {
		return nil
	}
	return r.Object(func(name []byte) error {
		known := knownHeader(name)
		if known == "" {
			return r.Skip()
		}
		if _, found := headers[known]; found {
			return errTwice
		}
		value, err := r.String()
		headers[known] = string(value)
		return err
	})
}

// knownHeader returns the name of a header that the function uses, or nothing.
func knownHeader(name []byte) string {
	switch string(name) {
	case Authorization:
		return Authorization
	case ContentEncoding:
		return ContentEncoding
	case MsgCount:
		return MsgCount
	case FrameID:
		return FrameID
	case DrainToken:
		return DrainToken
	case SenderRequestID:
		return SenderRequestID
	}
	return ""
}

func readParameters(r *strictjson.Reader, p *Post) error {
	if r.Null() {
		return nil
	}
	found := false
	return r.Object(func(name []byte) error {
		if string(name) == stack.RouteApp {
			return text(r, &p.App, &found)
		}
		return r.Skip()
	})
}

func readContext(r *strictjson.Reader, p *Post) error {
	var hasID, hasTime bool
	err := r.Object(func(name []byte) error {
		switch string(name) {
		case "requestId":
			return text(r, &p.RequestID, &hasID)
		case "timeEpoch":
			if hasTime {
				return errTwice
			}
			hasTime = true
			var err error
			p.Time, err = r.Int()
			return err
		}
		return r.Skip()
	})
	if err == nil && !(hasID && hasTime) {
		err = errMissing
	}
	return err
}

// PostOf returns what the drains function needs of a request that was decoded.
func PostOf(r events.APIGatewayV2HTTPRequest) Post {
	p := Post{
		App: r.PathParameters[stack.RouteApp], Headers: map[string]string{}, RequestID: r.RequestContext.RequestID, Time: r.RequestContext.TimeEpoch,
		Body: r.Body, IsBase64: r.IsBase64Encoded,
	}
	for name, value := range r.Headers {
		if known := knownHeader([]byte(name)); known != "" {
			p.Headers[known] = value
		}
	}
	return p
}
