package cli_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// linesOnTerminal are the lines that a terminal shows of a command line that has to succeed.
func (s *system) linesOnTerminal(args ...string) []string {
	s.t.Helper()
	code, printed := onTerminal(s.t, nil, s.local(args...)...)
	if code != 0 {
		s.t.Fatalf("%q: exit code %d: %s", args, code, printed)
	}
	return strings.Split(strings.TrimSuffix(printed, "\r\n"), "\r\n")
}

func TestLogsColorsAProcessAsHerokuDoes(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	s := newSystem(t)
	s.must("put", "-a", "shop")
	at := time.Now().Add(-time.Minute).Truncate(time.Second)
	stamp := at.UTC().Format("2006-01-02T15:04:05.000000+00:00")
	var want []string
	for _, line := range []struct{ header, start string }{
		{"app[run.1]:", "\x1b[33m"},
		{"heroku[router]:", "\x1b[32m"},
		{"app[web.1]:", "\x1b[36m"},
		{"heroku[web.12]:", "\x1b[36m"},
		{"app[postgres.3]:", "\x1b[35m"},
		{"app[heroku-postgres]:", "\x1b[34m"},
		{"app[worker.1]:", "\x1b[35;1m"},
		{"app[worker.2]:", "\x1b[35;1m"},
	} {
		s.store(at, line.header+" hello")
		want = append(want, line.start+stamp+" "+line.header)
	}
	var got []string
	for _, line := range s.linesOnTerminal("logs", "-a", "shop") {
		header, text, _ := strings.Cut(line, " hello")
		if !strings.HasSuffix(header, "m") || text != "" {
			t.Errorf("the color goes beyond the header: %q", line)
		}
		header, _, _ = strings.Cut(header, ":\x1b")
		got = append(got, header+":")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestATerminalIsNotObeyedByLines(t *testing.T) {
	t.Setenv("TERM", "xterm")
	s := newSystem(t)
	s.must("put", "-a", "shop")
	const stored = "\x1b[31mred\x1b[0m \x1b[2J"
	s.store(time.Now(), "app[web.1]: "+stored)
	for noColor, want := range map[string]string{"": " \x1b[31mred\x1b[0m ␛[2J\x1b[0m", "1": " red ␛[2J"} {
		t.Setenv("NO_COLOR", noColor)
		line := strings.Join(s.linesOnTerminal("logs", "-a", "shop", "-n", "1"), "\n")
		_, text, _ := strings.Cut(line, "app[web.1]:")
		if noColor == "" {
			_, text, _ = strings.Cut(text, "m") // the end of the header's color
		}
		if diff := cmp.Diff(want, text); diff != "" {
			t.Errorf("NO_COLOR=%q (-want +got):\n%s", noColor, diff)
		}
	}
	if piped := s.must("logs", "-a", "shop").stdout; !strings.HasSuffix(piped, "app[web.1]: "+stored+"\n") {
		t.Errorf("a pipe gets %q", piped)
	}
}

// A text of several rows, such as that of a database's line about a statement, does not look like several lines on a terminal.
func TestALineOfSeveralRowsIsOneLine(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	s := newSystem(t)
	s.must("put", "-a", "shop")
	const forged = "2026-11-20T12:00:00.000000+00:00 heroku[router]: at=error code=H12"
	s.store(time.Now(), "app[postgres.1]: STATEMENT: select '\n\x1b[32m"+forged)
	for _, format := range []string{"full", "short", "raw"} {
		rows := s.linesOnTerminal("logs", "-a", "shop", "--format", format)
		if len(rows) != 2 || !strings.HasPrefix(rows[1], "  ") || !strings.Contains(rows[1], forged) {
			t.Errorf("--format %s shows %q", format, rows)
		}
	}
	if piped := s.must("logs", "-a", "shop").stdout; !strings.Contains(piped, "'\n\x1b[32m"+forged) {
		t.Errorf("a pipe gets %q", piped)
	}
}

func TestRawLogsOnATerminal(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	s.store(time.Now(), "app[web.1]: \x1b[2J \u009b2J")
	line := s.linesOnTerminal("logs", "-a", "shop", "--json")[0]
	wantIn(t, "the terminal", line, `"message":"app[web.1]: \u001b[2J �2J"`)
}

func TestATerminalIsToldThatThereAreNoLines(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	none := []string{"shop has no lines yet. To find out why: `heroku-drains-cli " + strings.Join(s.local(), " ") + " doctor -a shop`"}
	if diff := cmp.Diff(none, s.linesOnTerminal("logs", "-a", "shop")); diff != "" {
		t.Errorf("an empty stream (-want +got):\n%s", diff)
	}
	for _, args := range []string{"--filter x", "--source app", "--since 1h"} {
		got := s.linesOnTerminal(append([]string{"logs", "-a", "shop"}, strings.Fields(args)...)...)
		if diff := cmp.Diff([]string{"No lines match."}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", args, diff)
		}
	}
	if got := s.linesOnTerminal("logs", "-a", "shop", "-n", "0"); got[0] != "" {
		t.Errorf("-n 0 prints %q", got)
	}
}

func TestDoctorOnATerminal(t *testing.T) {
	t.Setenv("TERM", "xterm")
	s := newSystem(t)
	for noColor, start := range map[string]string{"": "\x1b[36mnote\x1b[0m     heroku: ", "1": "note     heroku: "} {
		t.Setenv("NO_COLOR", noColor)
		code, printed := onTerminal(t, nil, s.local("doctor")...)
		if code != 0 || !strings.Contains(printed, start) || strings.Contains(printed, escape) != (noColor == "") {
			t.Errorf("exit code %d, NO_COLOR=%q, printed %q", code, noColor, printed)
		}
	}
}
