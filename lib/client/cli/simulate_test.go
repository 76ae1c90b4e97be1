package cli_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/local/localtest"
)

// simulated runs simulate against a drain that gives these answers, one after the other, and the last one from then on.
func simulated(t *testing.T, args string, statuses ...int) outcome {
	t.Helper()
	var answers []answer
	for _, status := range statuses {
		answers = append(answers, answer{status: status})
	}
	url := strings.Replace(newFakeAPI(t, answers...).URL, "://", "://shop:s3cret@", 1) + "/drains/shop"
	return command(t, nil, append([]string{"simulate", "-a", "shop", "--url", url, "--size", "1"}, strings.Fields(args)...)...)
}

func TestSimulateSaysWhatBecameOfTheLines(t *testing.T) {
	got := simulated(t, "--lines 4 --seed 9 --output json", 200, 503, 503, 503, 429, 200, 400)
	wantCode(t, got, 1)
	var printed struct{ Data map[string]any }
	if err := json.Unmarshal([]byte(got.stdout), &printed); err != nil {
		t.Fatal(err)
	}
	delete(printed.Data, "bytes") // depend on the times in the lines
	delete(printed.Data["ledger"].(map[string]any), "response_ms")
	want := map[string]any{
		"posts": 4.0, "lines": 4.0, "retries": 3.0, "lost_posts": 2.0, "lost_lines": 2.0, "seed": 9.0,
		"answers": map[string]any{"200": 2.0, "503": 1.0, "400": 1.0},
		"ledger": map[string]any{
			"made": 4.0, "acknowledged": 2.0, "dropped": map[string]any{"not_repeated": 1.0, "retries": 1.0}, "maybe_stored": 1.0, "open": 0.0,
		},
	}
	if diff := cmp.Diff(want, printed.Data); diff != "" {
		t.Errorf("printed (-want +got):\n%s", diff)
	}

	got = simulated(t, "--lines 3", 200, 404)
	wantIn(t, "stderr", got.stderr, "Sent 3 lines to the drain for shop in 3 POSTs (responses 200: 1, 404: 2; 0 attempts repeated). To send the same lines again, add --seed ",
		"2 of 3 lines were lost")
}

func TestSimulateSaysWhyLinesAreLost(t *testing.T) {
	t.Setenv("HEROKU_API_KEY", "HRKU-1") // without one, hints at put have --no-heroku
	for status, want := range map[int]string{
		401: "error: simulate the logs of shop: 1 of 1 line was lost: HTTP 401: the password in the URL is wrong",
		404: "HTTP 404: the drain does not exist; create it with `heroku-drains-cli put -a shop`",
		503: "HTTP 503; see the log of the drains function",
	} {
		got := simulated(t, "--lines 1", status)
		wantCode(t, got, 1)
		wantIn(t, "stderr", got.stderr, want)
	}
	got := command(t, nil, "simulate", "-a", "shop", "--lines", "1", "--url", "http://shop:s3cret@127.0.0.1:1/drains/shop")
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "(responses none: 1; ")
	wantIn(t, "stderr", got.stderr, "connection refused; check that the API of the drain is running and reachable")
}

func TestSimulateSaysWhatItCouldNotDoWithTheDrain(t *testing.T) {
	notFound := answer{status: http.StatusNotFound, body: `{"error":{"code":"NotFound","message":"shop has no drain"}}`}
	refused := answer{status: http.StatusForbidden, body: `{"error":{"code":"Forbidden","message":"not you"}}`}
	for want, answers := range map[string][]answer{
		"error: look up the drain for shop: ": {refused},
		"error: create the drain for shop: ":  {notFound, refused},
		"error: get the drain URL of shop: ":  {{status: http.StatusOK, body: aDrain("active")}, refused},
	} {
		got := command(t, nil, newFakeAPI(t, answers...).local("simulate", "-a", "shop")...)
		wantCode(t, got, 1)
		wantIn(t, "stderr", got.stderr, want)
	}
	got := command(t, nil, "--local", "--local-api-url", "http://127.0.0.1:1", "--local-aws-url", "http://127.0.0.1:1", "simulate", "-a", "shop")
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "error: look up the drain for shop: ")
}

func TestAnInterruptedSimulationSaysWhatItSent(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	posts := 0
	drain := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if posts++; posts == 3 { // one at a time: the sender waits for each answer
			cancel()
			<-r.Context().Done()
		}
	}))
	t.Cleanup(drain.Close)
	var stdout, stderr strings.Builder
	url := strings.Replace(drain.URL, "://", "://shop:s3cret@", 1)
	code := cli.Main(ctx, []string{"heroku-drains-cli", "simulate", "-a", "shop", "--url", url, "--size", "1", "--duration", "1h"}, strings.NewReader(""), &stdout, &stderr)
	if code != 130 {
		t.Errorf("exit code %d", code)
	}
	wantIn(t, "stderr", stderr.String(), "Sent 2 lines to the drain for shop in 2 POSTs.", "interrupted")
}

func TestASeedSendsTheSamePOSTsAgain(t *testing.T) {
	s := newSystem(t)
	first := s.must("simulate", "-a", "shop", "--lines", "5000", "--seed", "42", "--output", "json")
	again := s.must("simulate", "-a", "shop", "--lines", "5000", "--seed", "42", "--output", "json")
	times := regexp.MustCompile(`"response_ms": \{[^}]*\}`)
	if diff := cmp.Diff(times.ReplaceAllString(first.stdout, ""), times.ReplaceAllString(again.stdout, "")); diff != "" {
		t.Errorf("what was sent (-first +again):\n%s", diff)
	}
	wantIn(t, "stderr", first.stderr, "Looking up the drain for shop…\nCreating the drain for shop…\n")
	if strings.Contains(again.stderr, "Creating") {
		t.Errorf("it says that it creates a drain that is there:\n%s", again.stderr)
	}
}

func TestSimulateThroughSeveralNodes(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for _, flags := range []string{"--nodes 4", "--space", "--space --nodes 2 --rate 5000"} {
		got := s.must(strings.Fields("simulate -a shop --lines 600 --seed 3 " + flags)...)
		wantIn(t, flags, got.stderr, "Sent 600 lines to the drain for shop in ", "Of 600 lines made, 600 acknowledged. Responses took ", "at most ")
	}
	for _, flags := range []string{"--nodes 0", "--nodes -1", "--nodes 1001", "--nodes 2 --size 100", "--space --scenario r14"} {
		wantCode(t, command(t, nil, s.local(strings.Fields("simulate -a shop "+flags)...)...), 2)
	}
}

func TestSimulateSaysWhatNodesLost(t *testing.T) {
	t.Parallel()
	drain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(drain.Close)
	url := strings.Replace(drain.URL, "://", "://shop:s3cret@", 1) + "/drains/shop"
	got := command(t, nil, "simulate", "-a", "shop", "--url", url, "--lines", "5", "--nodes", "1")
	wantCode(t, got, 1)
	wantIn(t, "Logplex", got.stderr, "Of 5 lines made, 0 acknowledged, 5 dropped (all tries failed). The drain may have stored 5 of those dropped.",
		"5 of 5 lines were lost: HTTP 503; see the log of the drains function")
	got = command(t, nil, "simulate", "-a", "shop", "--url", url, "--lines", "5", "--space")
	wantCode(t, got, 1)
	wantIn(t, "log-shuttle", got.stderr, "Of 5 lines made, 0 acknowledged, 5 dropped (an error response that is not repeated).")
}

func TestAScenarioIsStored(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	got := s.must("simulate", "-a", "shop", "--scenario", "h12-storm", "--output", "json")
	var printed struct {
		Data struct{ Lines, Posts int }
	}
	localtest.Must(t, json.Unmarshal([]byte(got.stdout), &printed))
	if printed.Data.Lines < 100 || printed.Data.Posts < 3 {
		t.Errorf("sent %+v", printed.Data)
	}
	localtest.Eventually(t, "the lines are stored", func() bool {
		return len(localtest.StoredLines(t, s.AWS, "shop")) >= printed.Data.Lines
	})
	if stored := strings.Join(localtest.Texts(localtest.StoredLines(t, s.AWS, "shop")), "\n"); strings.Count(stored, " code=H12 ") < 30 {
		t.Errorf("stored:\n%s", stored)
	}
}
