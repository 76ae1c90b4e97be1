package functions_test

import (
	"crypto/tls"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"heroku-drains/lib/stack"
)

// The functions are built without HTTP/2. They must call AWS where it offers both: over HTTP/1.1.
func TestFunctionsSpeakHTTP1ToServersOfHTTP2(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	binary := filepath.Join(dir, stack.Bootstrap)
	build := exec.CommandContext(t.Context(), "go", stack.BuildArguments(binary, "./"+stack.DrainsSource)...)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}

	called := make(chan *http.Request, 1)
	aws := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case called <- r:
		default:
		}
		w.WriteHeader(http.StatusBadRequest)
	}))
	aws.EnableHTTP2 = true
	aws.StartTLS()
	defer aws.Close()
	if !both(t, aws) {
		t.Fatal("the server does not offer HTTP/2")
	}
	trusted := filepath.Join(dir, "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: aws.Certificate().Raw})
	if err := os.WriteFile(trusted, certificate, 0o600); err != nil {
		t.Fatal(err)
	}

	function := exec.CommandContext(t.Context(), binary) // it reads the signing key while it starts
	function.Env = []string{
		"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=AKIA", "AWS_SECRET_ACCESS_KEY=secret", "AWS_ENDPOINT_URL=" + aws.URL, "SSL_CERT_FILE=" + trusted,
		"AWS_LAMBDA_RUNTIME_API=" + runtimeAPI(t),
		"DRAIN_STORAGE_FUNCTION=storage", "DEAD_LETTER_QUEUE_ARN=arn:aws:sqs:us-east-1:123456789012:dead", "SIGNING_KEY_SECRET=key",
	}
	if err := function.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		function.Process.Kill()
		function.Wait()
	}()
	if r := <-called; r.ProtoMajor != 1 || r.Header.Get("X-Amz-Target") == "" {
		t.Errorf("the function sent %s %q over %s", r.Method, r.Header.Get("X-Amz-Target"), r.Proto)
	}
}

// both reports whether a server speaks HTTP/2 with a client that does.
func both(t *testing.T, s *httptest.Server) bool {
	t.Helper()
	c, err := tls.Dial("tcp", s.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2", "http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.ConnectionState().NegotiatedProtocol == "h2"
}

// runtimeAPI returns the address of a Runtime API that has nothing to do.
func runtimeAPI(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}
