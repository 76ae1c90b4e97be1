// Package plaincall calls services of AWS without the SDK's clients of them. Such a client describes all structures of its service, up to hundreds, which
// every process that imports it builds when it starts: each of those that are replaced here took a tenth to a fifth of the time until a function's first
// poll, and 0.5 to 0.85 MB of its binary. Signatures, retries and connections are the SDK's.
//
// It is for services that speak JSON, and for clients with few operations: see packages mappingcall, streamcall and itemcall.
package plaincall

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Service is a service of AWS.
type Service struct {
	ID   string // in the SDK's errors and settings, such as "CloudWatch Logs"
	Host string // its name in host names and signatures, such as logs
	// Target is what precedes the operation in the header X-Amz-Target, such as Logs_20140328, and Version that of the JSON protocol, such as 1.1. They are
	// empty for services with a path for each operation. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
	Target, Version string
	// GovFIPS says that the usual endpoints of GovCloud are those that comply with FIPS 140.
	GovFIPS bool
}

// Client calls a service. It is safe for concurrent use.
type Client struct {
	service  Service
	cfg      aws.Config
	retryer  aws.Retryer
	signer   *v4.Signer
	endpoint string
}

// New returns a client with the configuration's Region, credentials, endpoint, HTTP client, retries and middleware.
func New(cfg aws.Config, service Service) *Client {
	c := &Client{service: service, cfg: cfg, signer: v4.NewSigner(), endpoint: service.endpoint(cfg)}
	if cfg.HTTPClient == nil {
		c.cfg.HTTPClient = awshttp.NewBuildableClient()
	}
	switch {
	case cfg.Retryer != nil:
		c.retryer = cfg.Retryer()
	case cfg.RetryMode == aws.RetryModeAdaptive:
		c.retryer = retry.NewAdaptiveMode()
	default:
		c.retryer = retry.NewStandard()
	}
	if cfg.RetryMaxAttempts > 0 {
		c.retryer = retry.AddWithMaxAttempts(c.retryer, cfg.RetryMaxAttempts)
	}
	return c
}

// Request is what a call sends.
type Request struct {
	Operation    string
	Method, Path string // empty: those of a service with a Target
	Query        url.Values
	Input        any // as JSON; nil: no body
}

// Failure is an error that the service returned.
type Failure struct {
	smithy.GenericAPIError

	Body []byte // of the response
}

// Call sends a request, until an attempt succeeds or no other one makes sense, and decodes the answer into output, if that is not nil. What the service
// refuses is a *Failure.
func (c *Client) Call(ctx context.Context, r Request, output any) error {
	var body []byte
	if r.Input != nil {
		var err error
		if body, err = json.Marshal(r.Input); err != nil {
			return fmt.Errorf("encode the input of %s: %w", r.Operation, err)
		}
	}
	stack := middleware.NewStack(r.Operation, smithyhttp.NewStackRequest)
	err := errors.Join(
		stack.Serialize.Add(middleware.SerializeMiddlewareFunc("Write", func(ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler) (
			middleware.SerializeOutput, middleware.Metadata, error,
		) {
			if err := c.write(in.Request.(*smithyhttp.Request), r, body); err != nil {
				return middleware.SerializeOutput{}, middleware.Metadata{}, err
			}
			return next.HandleSerialize(ctx, in)
		}), middleware.After),
		stack.Finalize.Add(retry.NewAttemptMiddleware(c.retryer, smithyhttp.RequestCloner), middleware.After), // has the ID Retry
		stack.Finalize.Add(middleware.FinalizeMiddlewareFunc("Sign", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
			middleware.FinalizeOutput, middleware.Metadata, error,
		) {
			if err := c.sign(ctx, in.Request.(*smithyhttp.Request), body); err != nil {
				return middleware.FinalizeOutput{}, middleware.Metadata{}, err
			}
			return next.HandleFinalize(ctx, in)
		}), middleware.After),
		stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("Read", func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
			middleware.DeserializeOutput, middleware.Metadata, error,
		) {
			out, metadata, err := next.HandleDeserialize(ctx, in)
			if err == nil {
				err = read(out.RawResponse.(*smithyhttp.Response), output)
			}
			return out, metadata, err
		}), middleware.After),
	)
	for _, add := range c.cfg.APIOptions {
		err = errors.Join(err, add(stack))
	}
	if err != nil {
		return fmt.Errorf("prepare %s: %w", r.Operation, err)
	}
	ctx = middleware.WithOperationName(middleware.WithServiceID(middleware.ClearStackValues(ctx), c.service.ID), r.Operation)
	handler := middleware.DecorateHandler(smithyhttp.NewClientHandlerWithOptions(c.cfg.HTTPClient), stack)
	if _, _, err := handler.Handle(ctx, nil); err != nil {
		return &smithy.OperationError{ServiceID: c.service.ID, OperationName: r.Operation, Err: err}
	}
	return nil
}

// write fills an HTTP request.
func (c *Client) write(to *smithyhttp.Request, r Request, body []byte) error {
	target, err := url.Parse(c.endpoint + r.Path)
	if err != nil {
		return err
	}
	target.RawQuery = r.Query.Encode()
	to.Method, to.URL = r.Method, target
	to.Header.Set("User-Agent", "heroku-drains")
	if c.service.Target != "" {
		to.Method, target.Path = http.MethodPost, target.Path+"/"
		to.Header.Set("X-Amz-Target", c.service.Target+"."+r.Operation)
	}
	if body == nil {
		return nil
	}
	to.Header.Set("Content-Type", c.service.contentType())
	to.ContentLength = int64(len(body))
	with, err := to.SetStream(bytes.NewReader(body))
	if err == nil {
		*to = *with
	}
	return err
}

func (s Service) contentType() string {
	if s.Target == "" {
		return "application/json"
	}
	return "application/x-amz-json-" + s.Version
}

// sign signs a request, each attempt anew.
func (c *Client) sign(ctx context.Context, r *smithyhttp.Request, body []byte) error {
	keys, err := c.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return &v4.SigningError{Err: fmt.Errorf("retrieve the credentials: %w", err)}
	}
	hash := sha256.Sum256(body)
	return c.signer.SignHTTP(ctx, keys, r.Request, hex.EncodeToString(hash[:]), c.service.Host, c.cfg.Region, time.Now())
}

// read decodes a response, or returns the error that it describes, with its code.
func read(r *smithyhttp.Response, output any) error {
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return &smithyhttp.ResponseError{Response: r, Err: &smithy.DeserializationError{Err: err}}
	}
	if r.StatusCode >= 200 && r.StatusCode < 300 {
		if output == nil {
			return nil
		}
		if err := json.Unmarshal(body, output); err != nil {
			return &smithy.DeserializationError{Err: err}
		}
		return nil
	}
	failure := Failure{Body: body}
	failure.Code = r.Header.Get("X-Amzn-Errortype")
	var said struct { // services disagree about capitals, which encoding/json does not mind
		Message string
		Code    string `json:"__type"`
	}
	_ = json.Unmarshal(body, &said) // a proxy's error is not JSON
	if failure.Code == "" {
		failure.Code = said.Code
	}
	failure.Code, _, _ = strings.Cut(failure.Code, ":") // an address of its definition follows
	if failure.Code = failure.Code[strings.LastIndexByte(failure.Code, '#')+1:]; failure.Code == "" {
		failure.Code = http.StatusText(r.StatusCode)
	}
	failure.Message = said.Message
	return &smithyhttp.ResponseError{Response: r, Err: &failure}
}
