package awslocal_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"

	"heroku-drains/lib/local/awslocal"
)

// backend is something that claims to be AWS.
type backend struct {
	name    string
	config  aws.Config
	account string
	server  *awslocal.Server // nil for moto
}

// check is one thing AWS does, tried through the unchanged SDK.
type check struct {
	name string
	// notMoto is why moto is not asked. Where it is wrong, agreeing with it would be our mistake.
	notMoto string
	run     func(t *testing.T, b backend)
}

// conform runs checks against the embedded AWS, a new one each, and against moto where it is installed.
func conform(t *testing.T, checks []check) {
	t.Helper()
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			if b.name == motoName && b.config.BaseEndpoint == nil {
				t.Skip("SKIPPED: no independent referee: moto_server is not on PATH (pip install 'moto[server]==5.2.1')")
			}
			for _, c := range checks {
				t.Run(c.name, func(t *testing.T) {
					if b.name != motoName {
						t.Parallel()
						c.run(t, startBackend(t))
						return
					}
					if c.notMoto != "" {
						t.Skipf("not asked of moto: %s", c.notMoto)
					}
					resetMoto(t)
					c.run(t, b)
				})
			}
		})
	}
}

const motoName = "moto"

// backends are the embedded AWS and moto; moto without an endpoint when it is not installed.
func backends(t *testing.T) []backend {
	t.Helper()
	m := backend{name: motoName, account: "123456789012"}
	if url := motoURL(t); url != "" {
		m.config = aws.Config{
			Region:       "us-east-1",
			BaseEndpoint: aws.String(url),
			Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
		}
	}
	return []backend{{name: "awslocal"}, m}
}

// start starts an embedded AWS for one test.
func start(t *testing.T, opts awslocal.Options) *awslocal.Server {
	t.Helper()
	s, err := awslocal.Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func startBackend(t *testing.T) backend {
	t.Helper()
	s := start(t, awslocal.Options{})
	return backend{name: "awslocal", config: s.Config(), account: "000000000000", server: s}
}

// wantCode checks that AWS turned a call down, and how.
func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var refused smithy.APIError
	switch {
	case err == nil:
		t.Errorf("no error, want %s", code)
	case !errors.As(err, &refused):
		t.Errorf("error %v, want %s", err, code)
	case refused.ErrorCode() != code:
		t.Errorf("error %s (%s), want %s", refused.ErrorCode(), refused.ErrorMessage(), code)
	}
}

// moto is the one moto_server of this test binary.
var moto struct {
	once  sync.Once
	url   string
	err   error
	shell *exec.Cmd
	stdin io.WriteCloser
}

// motoURL starts moto_server on first use; empty when it is not installed.
func motoURL(t *testing.T) string {
	t.Helper()
	moto.once.Do(startMoto)
	if moto.err != nil {
		t.Fatal(moto.err)
	}
	return moto.url
}

func startMoto() {
	if _, err := exec.LookPath("moto_server"); err != nil {
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		moto.err = err
		return
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if err := l.Close(); err != nil {
		moto.err = err
		return
	}
	// the shell ends moto_server when its stdin does, so that it does not outlive a test binary that is killed
	moto.shell = exec.Command("sh", "-c", `moto_server -H 127.0.0.1 -p "$1" >/dev/null 2>&1 & read -r _; kill $!`, "sh", port)
	if moto.stdin, moto.err = moto.shell.StdinPipe(); moto.err != nil {
		return
	}
	if err := moto.shell.Start(); err != nil {
		moto.err = fmt.Errorf("start moto_server: %w", err)
		return
	}
	moto.url = "http://127.0.0.1:" + port
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := poll(ctx, func() bool { return post(moto.url+"/moto-api/reset", "") == nil }); err != nil {
		moto.err = fmt.Errorf("wait for moto_server: %w", err)
		return
	}
	moto.err = post(moto.url+"/moto-api/config", `{"lambda":{"use_docker":false}}`)
}

func resetMoto(t *testing.T) {
	t.Helper()
	if err := post(moto.url+"/moto-api/reset", ""); err != nil {
		t.Fatal(err)
	}
}

func post(url, body string) error {
	res, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("POST %s: %s", url, res.Status)
	}
	return nil
}

// poll tries until done or the context ends.
func poll(ctx context.Context, done func() bool) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func TestMain(m *testing.M) {
	code := m.Run()
	removeBootstrap()
	if moto.stdin != nil {
		_ = moto.stdin.Close() // ends it
		_ = moto.shell.Wait()  // by a signal, not with success
	}
	os.Exit(code)
}

// compact is JSON without space between its tokens.
func compact(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(text)); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return b.String()
}
