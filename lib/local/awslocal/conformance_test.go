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
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/awscall/safeclient"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// backend is something that claims to be AWS.
type backend struct {
	name    string
	config  aws.Config
	account string
	server  *awslocal.Server // nil for moto
}

// check checks one behavior of AWS with the unmodified SDK.
type check struct {
	name string
	// notMoto says how moto differs from AWS, if it does. The check then does not run against moto.
	notMoto string
	run     func(t *testing.T, b backend)
}

// conform runs every check against a new embedded AWS, and against moto if it is installed. The embedded AWS must have the same state after a restart.
func conform(t *testing.T, checks []check) {
	t.Helper()
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			if b.name == motoName && b.config.BaseEndpoint == nil {
				t.Skip("SKIPPED: not compared with moto, because moto_server is not on PATH (pip install 'moto[server]==5.2.1')")
			}
			for _, c := range checks {
				t.Run(c.name, func(t *testing.T) {
					if b.name != motoName {
						t.Parallel()
						c.run(t, startKeptBackend(t))
						return
					}
					if c.notMoto != "" {
						t.Skipf("moto differs from AWS: %s", c.notMoto)
					}
					resetMoto(t)
					c.run(t, b)
				})
			}
		})
	}
}

const motoName = "moto"

// backends returns the embedded AWS and moto. If moto is not installed, it has no endpoint.
func backends(t *testing.T) []backend {
	t.Helper()
	m := backend{name: motoName, account: "123456789012"}
	if url := motoURL(t); url != "" {
		m.config = aws.Config{
			Region:       "us-east-1",
			BaseEndpoint: aws.String(url),
			Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
			HTTPClient:   safeclient.New(http.DefaultClient),
		}
	}
	return []backend{{name: "awslocal"}, m}
}

func startBackend(t *testing.T) backend {
	t.Helper()
	return newBackend(localtest.StartAWS(t, awslocal.Options{}))
}

func newBackend(s *awslocal.Server) backend {
	return backend{name: "awslocal", config: s.Config(), account: "000000000000", server: s}
}

// startKeptBackend is like startBackend, but at the end of the test it compares what the embedded AWS has in memory with what another one reads from the
// data folder.
func startKeptBackend(t *testing.T) backend {
	t.Helper()
	dir := t.TempDir()
	s, err := awslocal.Start(awslocal.Options{Data: dir, Record: os.Getenv(localtest.RecordVariable)})
	localtest.Must(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		want := keptBy(t, s)
		if diff := cmp.Diff(want, keptBy(t, startOn(t, dir, awslocal.Options{}))); diff != "" {
			t.Errorf("after a restart (-before +after):\n%s", diff)
		}
	})
	return newBackend(s)
}

// startOn starts an embedded AWS on a data folder, and closes it at the end of the test.
func startOn(t *testing.T, dir string, opts awslocal.Options) *awslocal.Server {
	t.Helper()
	opts.Data = dir
	s, err := awslocal.Start(opts)
	localtest.Must(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func keptBy(t *testing.T, s *awslocal.Server) map[string]string {
	t.Helper()
	kept, err := s.Kept()
	localtest.Must(t, err)
	return kept
}

// wantCode checks that AWS has rejected a call, with an error code.
func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	rejected, ok := errors.AsType[smithy.APIError](err)
	switch {
	case err == nil:
		t.Errorf("no error, want %s", code)
	case !ok:
		t.Errorf("error %v, want %s", err, code)
	case rejected.ErrorCode() != code:
		t.Errorf("error %s (%s), want %s", rejected.ErrorCode(), rejected.ErrorMessage(), code)
	}
}

// moto is the moto_server that all tests share.
var moto struct {
	once  sync.Once
	url   string
	err   error
	shell *exec.Cmd
	stdin io.WriteCloser
}

// motoURL returns the URL of moto_server, which it starts on first use, or "" if it is not installed.
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
	// the shell kills moto_server when its own stdin is closed, so that moto_server does not outlive a test binary that is killed
	moto.shell = exec.Command("sh", "-c", `moto_server -H 127.0.0.1 -p "$1" >/dev/null 2>&1 & read -r _; kill $!`, "sh", port)
	if moto.stdin, moto.err = moto.shell.StdinPipe(); moto.err != nil {
		return
	}
	if err := moto.shell.Start(); err != nil {
		moto.err = fmt.Errorf("start moto_server: %w", err)
		return
	}
	moto.url = "http://127.0.0.1:" + port
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
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

// poll calls done until it returns true or the context ends.
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
	code := localtest.RunTests(m)
	removeBootstrap()
	if moto.stdin != nil {
		_ = moto.stdin.Close() // makes the shell kill moto_server
		_ = moto.shell.Wait()  // fails, because the shell's last command is kill
	}
	os.Exit(code)
}

// compact removes the space between the tokens of JSON.
func compact(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(text)); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return b.String()
}
