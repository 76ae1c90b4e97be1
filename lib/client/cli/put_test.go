package cli_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
)

func TestPutWaitsUntilTheDrainIsActive(t *testing.T) {
	api := newFakeAPI(t,
		answer{status: http.StatusCreated, body: aDrain("creating", drainURL)},
		answer{status: http.StatusOK, body: aDrain("creating")},
		answer{status: http.StatusOK, body: aDrain("partial")},
		answer{status: http.StatusOK, body: aDrain("active", queueOf("0"), eventSource)})
	var waits []time.Duration
	got := command(t, &waits, api.local("--no-heroku", "--output", "json", "put", "-a", "shop", "--format", "json", "--batch-size", "7")...)
	if got.code != 0 {
		t.Fatalf("exit code %d: %s", got.code, got.stderr)
	}
	want := []string{`PUT /drains/shop {"format":"json","batch_size":7}`, "GET /drains/shop", "GET /drains/shop", "GET /drains/shop"}
	if diff := cmp.Diff(want, api.requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if len(waits) != 3 || !slices.IsSorted(waits) || waits[0] == waits[2] {
		t.Errorf("the pauses do not grow: %v", waits)
	}
	var printed struct {
		Data struct {
			State    string `json:"state"`
			DrainURL string `json:"drain_url"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(got.stdout), &printed); err != nil {
		t.Fatal(err)
	}
	if printed.Data.State != "active" || printed.Data.DrainURL != "https://shop:s3cretpassword@example.com/drains/shop" {
		t.Errorf("printed %+v", printed)
	}
	wantIn(t, "stderr", got.stderr, "(state: creating)", "(state: partial)", "Drain for shop created and active.")
	if n := strings.Count(got.stderr, "(state: creating)"); n != 1 {
		t.Errorf("one state is told %d times into a pipe:\n%s", n, got.stderr)
	}
}

func TestPutWaitsForWhatIsInTheWay(t *testing.T) {
	api := newFakeAPI(t,
		answer{http.StatusConflict, "42", `{"error":{"code":"QueueDeletedRecently","message":"APP_shop was deleted a moment ago; try again then"}}`},
		answer{http.StatusConflict, "5", `{"error":{"code":"DrainBusy","message":"the drain for shop is in transit; try again in a few seconds"}}`},
		answer{status: http.StatusOK, body: aDrain("active", drainURL)})
	var waits []time.Duration
	got := command(t, &waits, api.local("put", "-a", "shop")...)
	if got.code != 0 {
		t.Fatalf("exit code %d: %s", got.code, got.stderr)
	}
	var waited time.Duration
	for _, d := range waits {
		waited += d
	}
	if waited != 47*time.Second {
		t.Errorf("waited %s, not the 42 s and 5 s asked for", waited)
	}
	wantIn(t, "stderr", got.stderr, "Waiting 42s: APP_shop was deleted a moment ago", "Waiting 5s: the drain for shop is in transit")
	if strings.Contains(got.stderr, "try again") {
		t.Errorf("it says to try again, and does so itself:\n%s", got.stderr)
	}
	if n := strings.Count(got.stderr, "deleted a moment ago"); n != 1 {
		t.Errorf("the wait is told %d times into a pipe:\n%s", n, got.stderr)
	}
}

func TestPutTellsWhenTimeIsUp(t *testing.T) {
	tests := map[string]struct {
		answer answer
		want   []string
	}{
		"creating": {
			answer{status: http.StatusCreated, body: aDrain("creating", drainURL)},
			[]string{"error: put the drain for shop: not done within 30ms (--timeout); the drain's state is still creating"},
		},
		"busy": {
			answer{status: http.StatusConflict, retryAfter: "5", body: `{"error":{"code":"DrainBusy","message":"in transit"}}`},
			[]string{"error: put the drain for shop: not done within 30ms (--timeout)"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := command(t, nil, newFakeAPI(t, tt.answer).local("put", "-a", "shop", "--timeout", "30ms")...)
			if got.code != 1 || got.stdout != "" {
				t.Errorf("exit code %d, stdout %q", got.code, got.stdout)
			}
			wantIn(t, "stderr", got.stderr, tt.want...)
		})
	}
}

func TestPutVerifiesUntilItsTimeIsUp(t *testing.T) {
	f := newFleet(t, "shop")
	f.AWS.Inject(awslocal.Fault{Service: "logs", Operation: "PutLogEvents", Status: 500, Code: "ServiceUnavailableException"})
	got := f.run(1, "put", "-a", "shop", "--timeout", "3s")
	wantIn(t, "stderr", got.stderr, "the line did not reach the log stream: not done within 3s (--timeout) (", "); see the output of 'local'; the drain exists on both sides")
}

func TestOnlyWhoAsksSeesThePassword(t *testing.T) {
	for _, output := range []string{"table", "json"} {
		for flag, wantShown := range map[string]bool{"": false, "--show-url": true, "--no-heroku": true} {
			api := newFakeAPI(t, answer{status: http.StatusOK, body: aDrain("active", drainURL)})
			args := append(api.local("--output", output, "put", "-a", "shop"), strings.Fields(flag)...)
			got := command(t, nil, args...)
			if got.code != 0 {
				t.Fatalf("exit code %d: %s", got.code, got.stderr)
			}
			if shown := strings.Contains(got.stdout, "s3cretpassword"); shown != wantShown {
				t.Errorf("%s %s: shown %t:\n%s", output, flag, shown, got.stdout)
			}
			if strings.Contains(got.stderr, "s3cretpassword") {
				t.Errorf("%s %s: stderr shows the password:\n%s", output, flag, got.stderr)
			}
			if wantShown || output == "json" {
				wantIn(t, "stdout", got.stdout, "https://shop:", "@example.com/drains/shop")
			} else if got.stdout != "" {
				t.Errorf("stdout %q", got.stdout)
			}
			if told := strings.Contains(got.stderr, "Heroku was skipped"); told == (flag == "--no-heroku") {
				t.Errorf("%s: told of Heroku: %t", flag, told)
			}
		}
	}
}

func TestADryRunOfPutChangesNothing(t *testing.T) {
	tests := map[string]struct {
		answer answer
		args   string
		want   string
	}{
		"none": {
			answer{status: http.StatusNotFound, body: `{"error":{"code":"NotFound","message":"there is none"}}`},
			"--format json",
			"create the log stream\ncreate the queue\ncreate the event source mapping\nformat: json\n",
		},
		"complete": {
			answer{status: http.StatusOK, body: aDrain("active", queueOf("0"), eventSource)}, "",
			"nothing to change\n",
		},
		"settings": {
			answer{status: http.StatusOK, body: aDrain("active", queueOf("0"), eventSource)},
			"--format text --ansi strip --batch-size 100 --batch-window-seconds 5 --maximum-concurrency 2",
			"ansi: keep → strip\nbatch_size: 10 → 100\nbatch_window_seconds: 0 → 5\n" +
				"maximum_concurrency: 0 → 2\n",
		},
		"disabled": {
			answer{status: http.StatusOK, body: aDrain("disabled", queueOf("0"), eventSource)}, "",
			"enable the event source mapping\n",
		},
		"partial": {
			answer{status: http.StatusOK, body: aDrain("partial", eventSource)}, "",
			"create the queue\n",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			api := newFakeAPI(t, tt.answer)
			got := command(t, nil, append(api.local("put", "-a", "shop", "--dry-run"), strings.Fields(tt.args)...)...)
			if diff := cmp.Diff(tt.want, got.stdout); diff != "" || got.code != 0 {
				t.Errorf("exit code %d, stdout (-want +got):\n%s", got.code, diff)
			}
			for _, request := range api.requests() {
				if !strings.HasPrefix(request, "GET ") {
					t.Errorf("a dry run made the request %s", request)
				}
			}
		})
	}
}

func TestAnInterruptedPut(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	api := newFakeAPI(t, answer{status: http.StatusCreated, body: aDrain("creating", drainURL)})
	var stderr strings.Builder
	code := mainThatWaits(ctx, api.local("put", "-a", "shop"), &stderr, func(ctx context.Context, _ time.Duration) error {
		cancel()
		return ctx.Err()
	})
	if code != 130 || !strings.HasSuffix(stderr.String(), "interrupted\n") {
		t.Errorf("exit code %d, stderr %q", code, stderr.String())
	}
}
