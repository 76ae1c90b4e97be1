package cli_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDeleteWaitsUntilTheQueueIsEmpty(t *testing.T) {
	api := newFakeAPI(t,
		answer{status: http.StatusOK, body: aDrain("active", queueOf("2"), eventSource)},
		answer{status: http.StatusOK, body: aDrain("active", queueOf("1"), eventSource)},
		answer{status: http.StatusOK, body: aDrain("active", queueOf("0"), eventSource)},
		answer{status: http.StatusConflict, retryAfter: "5", body: `{"error":{"code":"DrainBusy","message":"in transit"}}`},
		answer{status: http.StatusOK, body: aDrain("deleting", queueOf("0"), eventSource)})
	got := command(t, nil, api.local("delete", "-a", "shop", "--yes", "--keep-logs")...)
	if got.code != 0 {
		t.Fatalf("exit code %d: %s", got.code, got.stderr)
	}
	look, remove := "GET /drains/shop", "DELETE /drains/shop?event_source=1234&logs=keep"
	want := []string{look, look, look, remove, remove}
	if diff := cmp.Diff(want, api.requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	wantIn(t, "stderr", got.stderr, "until the queue is empty: 2 messages", "Drain for shop deleted; its log stream [APP]shop stays.\n")
	if got.stdout != "" {
		t.Errorf("stdout %q", got.stdout)
	}
}

func TestDeleteLosesNothingUnasked(t *testing.T) {
	tests := map[string]struct {
		drain, args, want string
		wantDeleted       bool
		wantCode          int
	}{
		"nobody stores":  {aDrain("disabled", queueOf("3"), eventSource), "", "3 messages in the queue, and nothing stores them", false, 1},
		"force":          {aDrain("disabled", queueOf("3"), eventSource), "--force", "deleted", true, 0},
		"nothing waits":  {aDrain("disabled", queueOf("0"), eventSource), "", "deleted", true, 0},
		"never empty":    {aDrain("active", queueOf("3"), eventSource), "--timeout 30ms", "30ms (--timeout); 3 messages still in the queue", false, 1},
		"no queue":       {aDrain("partial"), "", "deleted", true, 0},
		"only a dry run": {aDrain("active", queueOf("3"), eventSource), "--dry-run", "Dry run", false, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			api := newFakeAPI(t, answer{status: http.StatusOK, body: tt.drain})
			got := command(t, nil, append(api.local("delete", "-a", "shop", "--yes"), strings.Fields(tt.args)...)...)
			wantIn(t, "stderr", got.stderr, tt.want)
			deleted := slices.ContainsFunc(api.requests(), func(r string) bool { return strings.HasPrefix(r, "DELETE /drains/shop") })
			if deleted != tt.wantDeleted {
				t.Errorf("deleted: %t, requests %q", deleted, api.requests())
			}
			if got.code != tt.wantCode {
				t.Errorf("exit code %d, want %d", got.code, tt.wantCode)
			}
		})
	}
}

func TestDeleteNeedsAYes(t *testing.T) {
	api := newFakeAPI(t, answer{status: http.StatusOK, body: aDrain("active", queueOf("0"), eventSource)})
	got := command(t, nil, api.local("delete", "-a", "shop")...)
	if got.code != 2 || len(api.requests()) != 1 {
		t.Errorf("exit code %d, requests %q", got.code, api.requests())
	}
	wantIn(t, "stderr", got.stderr, "remove the log stream [APP]shop of /heroku/apps and all its lines",
		"error: cannot ask for confirmation without a terminal; re-run this command with --confirm shop")
}

func TestADryRunOfDeleteNamesTheParts(t *testing.T) {
	api := newFakeAPI(t, answer{status: http.StatusOK, body: aDrain("active", queueOf("3"), eventSource)})
	got := command(t, nil, api.local("delete", "-a", "shop", "--dry-run", "--keep-logs")...)
	want := "remove the event source mapping 1234\nremove the queue APP_shop (3 messages)\nkeep the log stream [APP]shop of /heroku/apps\n"
	if diff := cmp.Diff(want, got.stdout); diff != "" || got.code != 0 {
		t.Errorf("exit code %d, stdout (-want +got):\n%s", got.code, diff)
	}
}
