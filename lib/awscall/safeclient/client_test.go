package safeclient_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go/middleware"

	"heroku-drains/lib/awscall/safeclient"
)

// slowConn is a connection on which net/http learns late that it has sent a body.
type slowConn struct {
	net.Conn
	writes int
	learn  <-chan struct{}
}

// Write sends bytes at once. After the second write, which is the body, it waits.
func (c *slowConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if c.writes++; c.writes == 2 {
		<-c.learn
	}
	return n, err
}

// TestAnswerBeforeTheEndOfTheRequest checks that a call is made once if its answer arrives before net/http has looked for the end of the body.
func TestAnswerBeforeTheEndOfTheRequest(t *testing.T) {
	closed := make(chan struct{}) // when the SDK has closed the request's body
	wrote := make(chan error, 8)  // how net/http ended each request
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls++
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(http.StatusOK)
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		if err := <-wrote; err != nil {
			t.Errorf("net/http could not end the request: %v", err)
		}
		if _, err := w.Write([]byte(`{"QueueUrl":"https://sqs.example.com/shop"}`)); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()

	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		return &slowConn{Conn: conn, learn: closed}, err
	}}
	var once sync.Once
	client := sqs.New(sqs.Options{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(server.URL),
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:   safeclient.New(&http.Client{Transport: transport}),
	}, func(o *sqs.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("closed", func(ctx context.Context, in middleware.DeserializeInput,
				next middleware.DeserializeHandler,
			) (middleware.DeserializeOutput, middleware.Metadata, error) {
				out, metadata, err := next.HandleDeserialize(ctx, in)
				once.Do(func() { close(closed) })
				return out, metadata, err
			}), middleware.After)
		})
	})
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{WroteRequest: func(info httptrace.WroteRequestInfo) { wrote <- info.Err }})
	out, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("shop")})
	if err != nil {
		t.Fatal(err)
	}
	if got := aws.ToString(out.QueueUrl); got != "https://sqs.example.com/shop" || calls != 1 {
		t.Errorf("%d calls returned %q, want 1 call", calls, got)
	}
}
