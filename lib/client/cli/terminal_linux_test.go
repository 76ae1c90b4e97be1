package cli_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/client/term/termtest"
)

// onTerminal runs a command line whose stdout and stderr are a pseudo-terminal, and returns its exit code and all it printed. Its waits take no longer
// than until the next of these texts is printed.
func onTerminal(t *testing.T, texts []string, args ...string) (int, string) {
	t.Helper()
	pty := termtest.Open(t)
	code := cli.MainThatWaits(t.Context(), args, strings.NewReader(""), pty.Program, pty.Program, func(ctx context.Context, _ time.Duration) error {
		if len(texts) > 0 {
			pty.Await(texts[0])
			texts = texts[1:]
		}
		return ctx.Err()
	})
	return code, pty.Finish()
}

// escape begins every color and every other thing that only a terminal understands.
const escape = "\x1b["

func TestATerminalGetsColorsAndASpinner(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	busy := answer{status: http.StatusConflict, retryAfter: "3", body: `{"error":{"code":"DrainBusy","message":"in transit"}}`}
	active := answer{status: http.StatusOK, body: aDrain("active", drainURL)}
	countdown := []string{"Waiting 3s: in transit", "Waiting 2s: in transit", "Waiting 1s: in transit"}
	code, printed := onTerminal(t, countdown, newFakeAPI(t, busy, active).local("put", "-a", "shop")...)
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	wantIn(t, "the terminal", printed, append(countdown, "Drain for shop active; ")...)
	_, printed = onTerminal(t, nil, newFakeAPI(t, active).local("get", "-a", "shop")...)
	wantIn(t, "the terminal", printed, "\x1b[32mactive\x1b[0m")

	_, printed = onTerminal(t, nil, newFakeAPI(t, answer{status: http.StatusOK, body: strings.NewReplacer(`"data":{`, `"data":[{`, `}}}`, `}}]}`).Replace(aDrain("active"))}).local("list")...)
	wantIn(t, "the terminal", printed, "\x1b[1mAPP   STATE   ")
	_, printed = onTerminal(t, nil, "get")
	wantIn(t, "the terminal", printed, "\x1b[31;1merror:\x1b[")
}

func TestATerminalThatWantsNoColors(t *testing.T) {
	for name, tt := range map[string]struct{ variable, value, flag string }{
		"NO_COLOR":                {"NO_COLOR", "1", ""},
		"NO_COLOR with any value": {"NO_COLOR", "no", ""},
		"TERM":                    {"TERM", "dumb", ""},
		"flag":                    {"TERM", "xterm", "--no-color"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("TERM", "xterm")
			t.Setenv("NO_COLOR", "")
			t.Setenv(tt.variable, tt.value)
			for _, verb := range []string{"put", "get", "list", "delete --yes"} {
				drain := aDrain("active", drainURL)
				if verb == "list" {
					drain = `{"data":[]}`
				}
				api := newFakeAPI(t, answer{status: http.StatusOK, body: drain})
				code, printed := onTerminal(t, nil, append(api.local("-a", "shop"), strings.Fields(verb+" "+tt.flag)...)...)
				if code != 0 || printed == "" || strings.Contains(printed, escape) {
					t.Errorf("%s: exit code %d, printed %q", verb, code, printed)
				}
			}
			refusal := answer{status: http.StatusNotFound, body: `{"error":{"code":"NotFound","message":"no drain"}}`}
			_, printed := onTerminal(t, nil, append(newFakeAPI(t, refusal).local("-a", "shop", "get"), strings.Fields(tt.flag)...)...)
			if !strings.HasPrefix(printed, "error: ") {
				t.Errorf("printed %q", printed)
			}
		})
	}
}
