package cli_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/local/localtest"
)

// A token has 24 random bytes.
var pageURL = regexp.MustCompile(`^(http://127\.0\.0\.1:\d+)/#token=([A-Za-z0-9_-]{32})$`)

// startConsole runs `console`, and returns its stdout and a function that interrupts it and returns its exit code and stderr.
func (s *system) startConsole(args ...string) (*bufio.Scanner, func() (int, string)) {
	ctx, cancel := context.WithCancel(s.t.Context())
	stdout, out := io.Pipe()
	var stderr localtest.Buffer
	code := make(chan int, 1)
	go func() {
		defer out.Close()
		line := append([]string{"heroku-drains-cli"}, s.local(append([]string{"console"}, args...)...)...)
		code <- cli.Main(ctx, line, strings.NewReader(""), out, &stderr)
	}()
	s.t.Cleanup(func() { cancel(); stdout.Close() })
	return bufio.NewScanner(stdout), func() (int, string) {
		cancel()
		return <-code, stderr.String()
	}
}

func TestConsole(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	stdout, stop := s.startConsole()
	if !stdout.Scan() {
		t.Fatal("stdout ended")
	}
	url := pageURL.FindStringSubmatch(stdout.Text())
	if url == nil {
		t.Fatalf("stdout %q", stdout.Text())
	}
	get := func(path, token string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url[1]+path, nil)
		localtest.Must(t, err)
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		resp, err := http.DefaultTransport.RoundTrip(r)
		localtest.Must(t, err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		localtest.Must(t, err)
		return resp.StatusCode, string(body)
	}
	if status, body := get("/", ""); status != http.StatusOK || !strings.Contains(body, "<script") {
		t.Errorf("the page: %d %s", status, body)
	}
	for token, want := range map[string]int{url[2]: 200, "": 401, "." + url[2][1:]: 401, url[2] + url[2]: 401} {
		if status, body := get("/api/drains", token); status != want || want == 200 && !strings.Contains(body, `"app":"shop"`) {
			t.Errorf("/api/drains with the token %q: %d %s", token, status, body)
		}
	}
	var config struct{ Program, Stack string }
	_, body := get("/api/config", url[2])
	if err := json.Unmarshal([]byte(body), &config); err != nil || config.Stack != "HerokuDrains" ||
		config.Program != "heroku-drains-cli "+strings.Join(s.local(), " ") {
		t.Errorf("config %s", body)
	}

	// A tail is open when it ends.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url[1]+"/api/lines?tail=true", nil)
	localtest.Must(t, err)
	r.Header.Set("Authorization", "Bearer "+url[2])
	resp, err := http.DefaultTransport.RoundTrip(r)
	localtest.Must(t, err)
	defer resp.Body.Close()
	code, stderr := stop()
	if code != 0 || strings.Contains(stderr, "error") || !strings.Contains(stderr, "Ctrl-C ends") {
		t.Errorf("exit code %d, stderr %q", code, stderr)
	}
	if strings.Contains(stderr, url[2]) {
		t.Error("the token is on stderr, too")
	}
}

func TestConsoleAsJSON(t *testing.T) {
	stdout, stop := newSystem(t).startConsole("--output", "json")
	var printed struct{ Data struct{ URL string } }
	if err := json.NewDecoder(lines{stdout}).Decode(&printed); err != nil || !pageURL.MatchString(printed.Data.URL) {
		t.Errorf("printed %+v, %v", printed, err)
	}
	if code, stderr := stop(); code != 0 {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

// lines reads the lines of a scanner.
type lines struct{ *bufio.Scanner }

func (l lines) Read(p []byte) (int, error) {
	if !l.Scan() {
		return 0, io.EOF
	}
	return copy(p, l.Text()+"\n"), nil
}

func TestConsoleThatCannotStart(t *testing.T) {
	s := newSystem(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	localtest.Must(t, err)
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	got := command(t, nil, s.local("console", "--port", port)...)
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "address already in use", "choose another port with --port")

	localtest.Must(t, s.AWS.Close())
	got = command(t, nil, s.local("console")...)
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "error: list the drains:", "`heroku-drains-cli local --api-addr ")
	if got.stdout != "" {
		t.Errorf("stdout %q", got.stdout)
	}
}

func TestTheLocalPage(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	localtest.Must(t, err)
	defer listener.Close()
	for addr, want := range map[string]int{"0.0.0.0:0": 2, "nonsense": 2, listener.Addr().String(): 1} {
		got := command(t, nil, "local", "--api-addr", "127.0.0.1:0", "--aws-addr", "127.0.0.1:0", "--page-addr", addr)
		wantCode(t, got, want)
		wantIn(t, "stderr", got.stderr, "error: ", "page")
		if got.stdout != "" {
			t.Errorf("stdout %q", got.stdout)
		}
	}
	stdout, stop := startLocal(t)
	if !stdout.Scan() {
		t.Fatal("stdout ended")
	}
	addresses := readyLine.FindStringSubmatch(stdout.Text())
	if addresses == nil {
		t.Fatalf("first line %q", stdout.Text())
	}
	resp, err := http.Get(addresses[3] + "/api/config")
	localtest.Must(t, err)
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != 200 || !strings.Contains(string(body), "--local-api-url "+addresses[1]) || !strings.Contains(string(body), `"local":true`) {
		t.Errorf("config %d %s", resp.StatusCode, body)
	}
	if code, stderr := stop(); code != 0 {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}
