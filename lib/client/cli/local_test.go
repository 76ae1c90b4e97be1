package cli_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/local/localtest"
)

var (
	readyLine  = regexp.MustCompile(`^ready api=(http://127\.0\.0\.1:\d+) aws=(http://127\.0\.0\.1:\d+) page=(http://127\.0\.0\.1:\d+)/$`)
	herokuLine = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00 (app|heroku)\[\S+\]: `)
)

// startLocal runs `local` on free ports and returns its stdout, and a function that interrupts it and returns its exit code and stderr.
func startLocal(t *testing.T, args ...string) (*bufio.Scanner, func() (int, string)) {
	var stderr localtest.Buffer
	stdout, stop := startLocalTo(t, &stderr, args...)
	return stdout, func() (int, string) { return stop(), stderr.String() }
}

// startLocalTo runs `local` like startLocal, with this stderr.
func startLocalTo(t *testing.T, stderr io.Writer, args ...string) (*bufio.Scanner, func() int) {
	ctx, cancel := context.WithCancel(t.Context())
	stdout, out := io.Pipe()
	code := make(chan int, 1)
	go func() {
		defer out.Close()
		args = append([]string{"local"}, args...)
		for _, flag := range []string{"--api-addr", "--aws-addr"} {
			if !slices.Contains(args, flag) {
				args = append(args, flag, "127.0.0.1:0")
			}
		}
		code <- cli.Main(ctx, append([]string{"heroku-drains-cli"}, args...), strings.NewReader(""), out, stderr)
	}()
	stop := func() int {
		cancel()
		_, _ = io.Copy(io.Discard, stdout) // what was on its way
		return <-code
	}
	t.Cleanup(func() { cancel(); stdout.Close() })
	return bufio.NewScanner(stdout), stop
}

func TestLocalSaysWhenItIsReady(t *testing.T) {
	stdout, stop := startLocal(t)
	if !stdout.Scan() {
		t.Fatal("stdout ended")
	}
	addresses := readyLine.FindStringSubmatch(stdout.Text())
	if addresses == nil {
		t.Fatalf("first line %q", stdout.Text())
	}
	for _, address := range addresses[1:] {
		resp, err := http.Get(address + "/")
		if err != nil {
			t.Errorf("%s does not listen: %v", address, err)
			continue
		}
		resp.Body.Close()
	}
	where := []string{"--local", "--local-api-url", addresses[1], "--local-aws-url", addresses[2]}
	if got := command(t, nil, append(where, "put", "-a", "shop")...); got.code != 0 {
		t.Errorf("put: exit code %d: %s", got.code, got.stderr)
	}
	code, stderr := stop()
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	if strings.Contains(stderr, "Warning: anyone who can reach") {
		t.Errorf("stderr warns of others:\n%s", stderr)
	}
	wantIn(t, "stderr", stderr, "heroku-drains-cli --local simulate -a shop", "heroku-drains-cli --local logs -a shop --tail",
		"export HEROKU_DRAINS_LOCAL_API_URL="+addresses[1]+" HEROKU_DRAINS_LOCAL_AWS_URL="+addresses[2],
		"aws --endpoint-url "+addresses[2]+" logs get-log-events --log-group-name /heroku/apps --log-stream-name '[APP]shop'", "Ctrl-C")
	if _, err := net.DialTimeout("tcp", strings.TrimPrefix(addresses[1], "http://"), time.Second); err == nil {
		t.Error("it still listens after its end")
	}
}

func TestTheDemoShowsLinesAsTheyArrive(t *testing.T) {
	stdout, stop := startLocal(t, "--demo")
	for i := range 6 {
		if !stdout.Scan() {
			t.Fatalf("stdout ended after %d lines", i)
		}
		if i == 0 && !readyLine.MatchString(stdout.Text()) {
			t.Errorf("first line %q", stdout.Text())
		}
		if i == 1 && !herokuLine.MatchString(stdout.Text()) {
			t.Errorf("second line %q", stdout.Text())
		}
	}
	code, stderr := stop()
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	wantIn(t, "stderr", stderr, "heroku-drains-cli --local logs -a demo --tail")
	if strings.Contains(stderr, "error") || strings.Contains(stderr, "level=") {
		t.Errorf("stderr:\n%s", stderr)
	}
}

func TestTheDemoShowsOneAlertAndItsEnd(t *testing.T) {
	t.Parallel() // it takes 20 seconds
	var stderr localtest.Buffer
	stdout, stop := startLocalTo(t, &stderr, "--demo")
	go func() { // so that the demo can go on
		for stdout.Scan() {
			continue
		}
	}()
	localtest.Eventually(t, "the alert is over", func() bool { return strings.Contains(stderr.String(), "H12 Request timeout: resolved after ") })
	if code := stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	shown := stderr.String()
	if strings.Count(shown, "\n┌ [demo] H12 Request timeout: ") != 2 || strings.Count(shown, "\n└\n") != 2 {
		t.Errorf("not one alert and its end:\n%s", shown)
	}
	wantIn(t, "stderr", shown, "In 5s, requests will time out for 3s (H12).",
		"Alerts follow the default rules, except that H12 of the app demo needs 5 lines in 10s, and has a cooldown of 8s, to be over soon.\n", "\n│ H12 Request timeout on demo, critical\n", "\n│ H12 Request timeout on demo is over\n",
		"\n│   heroku-drains-cli --local --local-api-url http://127.0.0.1:",
		"  heroku-drains-cli --local alerts list")
}

func TestLocalReadsAlertRules(t *testing.T) {
	t.Chdir(t.TempDir())
	// rule checks a rule of an app as a new system has it.
	ruleOf := func(app, want string, args ...string) {
		t.Helper()
		stdout, stop := startLocal(t, args...)
		if !stdout.Scan() {
			t.Fatal("stdout ended")
		}
		addresses := readyLine.FindStringSubmatch(stdout.Text())
		got := command(t, nil, "--local", "--local-api-url", addresses[1], "--local-aws-url", addresses[2], "alerts", "rules", "-a", app)
		if !strings.Contains(got.stdout, want) {
			t.Errorf("%q: rules without %q:\n%s", args, want, got.stdout)
		}
		if code, stderr := stop(); code != 0 {
			t.Errorf("exit code %d: %s", code, stderr)
		}
	}
	rule := func(want string, args ...string) { t.Helper(); ruleOf("shop", want, args...) }
	rule("\nH12                   codes    critical  5 in 5m ")
	localtest.Must(t, os.WriteFile("alerts.yaml", []byte("codes:\n  H12: {threshold: 20, window: 10m}\n"), 0o600))
	localtest.Must(t, os.WriteFile("other.yaml", []byte("codes:\n  H12: {threshold: 30}\n"), 0o600))
	rule("\nH12                   codes    critical  20 in 10m ")
	rule("\nH12                   codes    critical  30 in 5m ", "--alert-rules", "other.yaml")
	rule("\nH12                   codes    critical  20 in 10m ", "--demo")
	ruleOf("demo", "\nH12                   codes    critical  5 in 10s     demo  local --demo ", "--demo") // its alert must be over soon

	localtest.Must(t, os.WriteFile("alerts.yaml", []byte("codes:\n  H93: off\n"), 0o600))
	got := command(t, nil, "local", "--api-addr", "127.0.0.1:0", "--aws-addr", "127.0.0.1:0")
	wantCode(t, got, 2)
	wantIn(t, "stderr", got.stderr, "error: alerts.yaml:2: codes.H93: H93 is not an error code that Heroku documents\n")
}

func TestTheSystemOutlivesTheDrainOfItsDemo(t *testing.T) {
	var stderr localtest.Buffer
	stdout, stop := startLocalTo(t, &stderr, "--demo")
	if !stdout.Scan() {
		t.Fatal("stdout ended")
	}
	addresses := readyLine.FindStringSubmatch(stdout.Text())
	if !stdout.Scan() || addresses == nil { // the demo's first line
		t.Fatalf("stdout ended, or the first line is not that of a system: %q", stdout.Text())
	}
	go func() { // so that the demo can go on
		for stdout.Scan() {
			continue
		}
	}()
	where := []string{"--local", "--local-api-url", addresses[1], "--local-aws-url", addresses[2]}
	if got := command(t, nil, append(where, "delete", "-a", "demo", "--yes")...); got.code != 0 {
		t.Errorf("delete: exit code %d: %s", got.code, got.stderr)
	}
	localtest.Eventually(t, "the demo ends", func() bool {
		return strings.Contains(stderr.String(), "The drain demo was deleted, so the demo ends.")
	})
	if got := command(t, nil, append(where, "put", "-a", "shop")...); got.code != 0 {
		t.Errorf("put after the demo's drain was deleted: exit code %d: %s", got.code, got.stderr)
	}
	if code := stop(); code != 0 {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
}

func TestLocalOnAPortInUse(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	got := command(t, nil, "local", "--api-addr", listener.Addr().String(), "--aws-addr", "127.0.0.1:0")
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "error: start the local system: ", listener.Addr().String(), "address already in use",
		"choose other ports with --api-addr and --aws-addr")
	if got.stdout != "" {
		t.Errorf("stdout %q", got.stdout)
	}
}

func TestLocalForEverybodyWarns(t *testing.T) {
	stdout, stop := startLocal(t, "--api-addr", "0.0.0.0:0")
	if !stdout.Scan() || !readyLine.MatchString(stdout.Text()) {
		t.Errorf("first line %q", stdout.Text())
	}
	code, stderr := stop()
	if code != 0 || strings.Count(stderr, "Warning: anyone who can reach") != 1 {
		t.Errorf("exit code %d, stderr:\n%s", code, stderr)
	}
	wantIn(t, "stderr", stderr, "Warning: anyone who can reach 0.0.0.0:0 has full access")
}
