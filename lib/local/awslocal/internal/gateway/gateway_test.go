package gateway_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/gateway"
)

// TestIntegrationTimeout checks that a gateway stops waiting for a function after its integration timeout. AWS's 30 s would be too long for a
// test.
func TestIntegrationTimeout(t *testing.T) {
	waited := make(chan error, 1)
	g := gateway.New(gateway.Config{
		Account: awsapi.Account{ID: "000000000000", Region: "us-east-1"},
		Clock:   clock.New(),
		Invoke: func(ctx context.Context, _ string, _ []byte) ([]byte, error) {
			<-ctx.Done()
			waited <- ctx.Err()
			return nil, ctx.Err()
		},
		IntegrationTimeout: 10 * time.Millisecond,
		Log:                slog.New(slog.DiscardHandler),
	})
	if err := g.SetRoutes([]gateway.Route{{Key: "GET /slow", Function: "f"}}); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(g)
	defer s.Close()
	res, err := http.Get(s.URL + "/slow")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusServiceUnavailable || string(body) != `{"message":"Service Unavailable"}` {
		t.Errorf("%s %s, want 503 Service Unavailable", res.Status, body)
	}
	if err := <-waited; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the wait ended with %v, want context.DeadlineExceeded", err)
	}
}

// TestFunctionOutlivesItsClient checks that a function is called, with a context that has not ended, for a client that has gone away.
func TestFunctionOutlivesItsClient(t *testing.T) {
	called := make(chan error, 1)
	g := gateway.New(gateway.Config{
		Account: awsapi.Account{ID: "000000000000", Region: "us-east-1"},
		Clock:   clock.New(),
		Invoke: func(ctx context.Context, _ string, _ []byte) ([]byte, error) {
			called <- ctx.Err()
			return nil, ctx.Err()
		},
		Log: slog.New(slog.DiscardHandler),
	})
	if err := g.SetRoutes([]gateway.Route{{Key: "POST /drains", Function: "f"}}); err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	g.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodPost, "/drains", nil))
	if len(called) == 0 {
		t.Fatal("the function was not called")
	}
	if err := <-called; err != nil {
		t.Errorf("the function's context: %v", err)
	}
}
