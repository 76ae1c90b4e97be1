package mappingcall

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

// Client calls AWS Lambda. It is safe for concurrent use.
type Client struct {
	cfg      aws.Config
	retryer  aws.Retryer
	signer   *v4.Signer
	endpoint string
}

// New returns a client with the configuration's Region, credentials, endpoint, HTTP client, retries and middleware.
func New(cfg aws.Config) *Client {
	c := &Client{cfg: cfg, signer: v4.NewSigner(), endpoint: endpoint(cfg)}
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

// request is what a call sends.
type request struct {
	operation, method, path string
	query                   url.Values
	input                   any // as JSON; nil: no body
}

// call sends a request, until an attempt succeeds or no other one makes sense, and decodes the answer into output.
func (c *Client) call(ctx context.Context, r request, output any) error {
	var body []byte
	if r.input != nil {
		var err error
		if body, err = json.Marshal(r.input); err != nil {
			return fmt.Errorf("encode the input of %s: %w", r.operation, err)
		}
	}
	stack := middleware.NewStack(r.operation, smithyhttp.NewStackRequest)
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
		return fmt.Errorf("prepare %s: %w", r.operation, err)
	}
	ctx = middleware.WithOperationName(middleware.WithServiceID(middleware.ClearStackValues(ctx), "Lambda"), r.operation)
	handler := middleware.DecorateHandler(smithyhttp.NewClientHandlerWithOptions(c.cfg.HTTPClient), stack)
	if _, _, err := handler.Handle(ctx, nil); err != nil {
		return &smithy.OperationError{ServiceID: "Lambda", OperationName: r.operation, Err: err}
	}
	return nil
}

// write fills an HTTP request.
func (c *Client) write(to *smithyhttp.Request, r request, body []byte) error {
	target, err := url.Parse(c.endpoint + r.path)
	if err != nil {
		return err
	}
	target.RawQuery = r.query.Encode()
	to.Method, to.URL = r.method, target
	to.Header.Set("User-Agent", "heroku-drains")
	if body == nil {
		return nil
	}
	to.Header.Set("Content-Type", "application/json")
	to.ContentLength = int64(len(body))
	with, err := to.SetStream(bytes.NewReader(body))
	if err == nil {
		*to = *with
	}
	return err
}

// sign signs a request, each attempt anew.
func (c *Client) sign(ctx context.Context, r *smithyhttp.Request, body []byte) error {
	keys, err := c.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return &v4.SigningError{Err: fmt.Errorf("retrieve the credentials: %w", err)}
	}
	hash := sha256.Sum256(body)
	return c.signer.SignHTTP(ctx, keys, r.Request, hex.EncodeToString(hash[:]), "lambda", c.cfg.Region, time.Now())
}

// read decodes a response, or returns the error that it describes, with its code.
func read(r *smithyhttp.Response, output any) error {
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return &smithyhttp.ResponseError{Response: r, Err: &smithy.DeserializationError{Err: err}}
	}
	if r.StatusCode >= 200 && r.StatusCode < 300 {
		if err := json.Unmarshal(body, output); err != nil {
			return &smithy.DeserializationError{Err: err}
		}
		return nil
	}
	failure := smithy.GenericAPIError{Code: r.Header.Get("X-Amzn-Errortype")}
	var said struct { // Lambda and API Gateway disagree about capitals, which encoding/json does not mind
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
