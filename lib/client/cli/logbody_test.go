package cli

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/term"
	"heroku-drains/lib/logformat"
)

// marks replace the colors in what tests expect: "<red>503</>".
var marks = strings.NewReplacer(
	"\x1b[2m", "<faint>", "\x1b[31m", "<red>", "\x1b[32m", "<green>", "\x1b[33m", "<yellow>", "\x1b[34m", "<blue>", "\x1b[35m", "<magenta>", "\x1b[36m", "<cyan>",
	"\x1b[92m", "<bright green>", "\x1b[93m", "<bright yellow>", "\x1b[31;1m", "<bold red>", "\x1b[36;1m", "<bold cyan>",
	"\x1b[7m", "<reverse>", "\x1b[31;7m", "<red reverse>", "\x1b[2;7m", "<faint reverse>",
	"\x1b[0m", "</>", "\x1b[22m", "</>", "\x1b[0;22m", "</>", "\x1b[27m", "</>", "\x1b[0;27m", "</>", "\x1b[22;27m", "</>",
)

// onColoredTerminal returns a printer for a terminal with colors.
func onColoredTerminal(t testing.TB) *linePrinter {
	t.Helper()
	pty, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = pty.Close() })
	s := &session{Terminal: &term.Terminal{Stdout: pty, Stderr: &bytes.Buffer{}}}
	if !s.HasColors() {
		t.Skip("a pseudo-terminal is not a terminal here")
	}
	return s.linePrinter()
}

func TestTheTextOfALineIsColoredAsHerokuDoes(t *testing.T) {
	p := onColoredTerminal(t)
	for _, tt := range []struct{ source, process, text, want string }{
		{"heroku", "router", `at=error code=H12 desc="Request timeout" method=GET path="/a b?x=1" dyno=web.1 connect=1ms service=30000ms status=503 bytes=0`,
			`<faint>at=</><red>error</> <faint>code=</><bold red>H12</> <faint>desc=</><faint>"Request timeout"</> <faint>method=</><magenta>GET</> ` +
				`<faint>path=</><green>"/a b?x=1"</> <faint>dyno=</><cyan>web.1</> <faint>connect=</><bright green>1ms</> <faint>service=</><red>30000ms</> ` +
				`<faint>status=</><red>503</> <faint>bytes=</><faint>0</>`},
		{"heroku", "router", "at=info  connect=0ms service=100ms status=201 word", "<faint>at=</><faint>info</>  <faint>connect=</>0ms <faint>service=</><green>100ms</> <faint>status=</><green>201</> <faint>word</>"},
		{"heroku", "router", "service=500ms status=304", "<faint>service=</><yellow>500ms</> <faint>status=</><cyan>304</>"},
		{"heroku", "router", "service=5000ms status=404", "<faint>service=</><bright yellow>5000ms</> <faint>status=</><yellow>404</>"},
		{"heroku", "router", "service= status=1", "<faint>service=</> <faint>status=</>1"},
		{"heroku", "web.1", "State changed from starting to up", "State changed from <bright yellow>starting</> to <green>up</>"},
		{"heroku", "web.1", "State changed from up to crashed", "State changed from <green>up</> to <red>crashed</>"},
		{"heroku", "run.1", "Process exited with status 0", "Process exited with status <green>0</>"},
		{"heroku", "web.1", "Process exited with status 137", "Process exited with status <red>137</>"},
		{"heroku", "web.1", "Starting process with command `bin/web`", "Starting process with command <bold cyan>`bin/web`</>"},
		{"heroku", "web.1", "Stopping all processes with SIGTERM", "<red>Stopping all processes with SIGTERM</>"},
		{"heroku", "web.1", "Restarting", "<yellow>Restarting</>"},
		{"heroku", "web.1", "Error R14 (Memory quota exceeded)", "<bold red>Error R14</> (Memory quota exceeded)"},
		{"heroku", "web.1", "source=web.1 sample#memory_total=384.00MB sample#x=1", "<faint>source=web.1 sample#memory_total=</>384.00MB<faint> sample#x=</>1"},
		{"app", "heroku-postgres", "source=DATABASE sample#db_size=9bytes", "<faint>source=DATABASE sample#db_size=</>9bytes"},
		{"app", "heroku-redis", "source=REDIS sample#hit-rate=0.9 end", "<faint>source=REDIS sample#hit-rate=</>0.9<faint> end</>"},
		{"app", "api", "Release v12 created by user ann@example.com", "Release <magenta>v12</> created by user <green>ann@example.com</>"},
		{"app", "api", "Deploy 4c7a6b0e by user ann@example.com", "Deploy <cyan>4c7a6b0e</> by user <green>ann@example.com</>"},
		{"app", "api", "Build succeeded", "<green>Build succeeded</>"},
		{"app", "api", "Build failed -- check your build output", "<red>Build failed -- check your build output</>"},
		{"app", "web.1", `192.0.2.1 - - [22/Nov/2026:15:17:21 +0000] "GET /a HTTP/1.1" 500 7`,
			`<faint>192.0.2.1 - - [22/Nov/2026:15:17:21 +0000] "</><magenta>GET</> <green>/a</><faint> HTTP/1.1"</> <red>500</> 7`},
		{"app", "web.1", `"POST /b HTTP/1.1" done`, `"<magenta>POST</> <green>/b</> HTTP/1.1" done`},
		{"heroku", "logplex", "Error L10 (output buffer overflow)", "<bold red>Error L10</> (output buffer overflow)"},
		// What a dyno prints is not Heroku's.
		{"app", "web.1", "at=error status=503", "at=error status=503"},
		{"app", "web.1", "State changed from up to crashed", "State changed from up to crashed"},
		// What brings its own colors keeps them.
		{"heroku", "router", "\x1b[32mat=error", "<green>at=error</>"},
	} {
		l := logformat.Line{Source: []byte(tt.source), Process: []byte(tt.process), Message: []byte(tt.text), Time: time.Now()}
		if diff := cmp.Diff(tt.want, marks.Replace(p.body(&l, tt.text))); diff != "" {
			t.Errorf("%s[%s]: %s (-want +got):\n%s", tt.source, tt.process, tt.text, diff)
		}
	}
}

func TestWhatWasLookedForIsHighlighted(t *testing.T) {
	p := onColoredTerminal(t)
	for _, tt := range []struct {
		selection  logs.Selection
		text, want string
	}{
		{logs.Selection{Pattern: "time -out"}, "a time out", "a <reverse>time</> out"},
		{logs.Selection{Pattern: `?"b c" ?x`}, "a b c x", "a <reverse>b c</> <reverse>x</>"},
		{logs.Selection{Pattern: `%[0-9]+ms%`}, "12ms 3ms", "<reverse>12ms</> <reverse>3ms</>"},
		{logs.Selection{Pattern: `{ $.a = 1 }`}, "a 1", "a 1"},
		{logs.Selection{Pattern: `%(%`}, "(", "("},
		{logs.Selection{RequestID: "a-b-c", Pattern: "x"}, "x=a-b-c", "<reverse>x</>=<reverse>a-b-c</>"},
	} {
		p.highlight = tt.selection.Highlight()
		l := logformat.Line{Source: []byte("app"), Process: []byte("web.1"), Message: []byte(tt.text)}
		if diff := cmp.Diff(tt.want, marks.Replace(p.body(&l, tt.text))); diff != "" {
			t.Errorf("%+v: %s (-want +got):\n%s", tt.selection, tt.text, diff)
		}
	}
	p.highlight = logs.Selection{Pattern: `"tus=50"`}.Highlight()
	l := logformat.Line{Source: []byte("heroku"), Process: []byte("router"), Message: []byte("status=503")}
	if got := marks.Replace(p.body(&l, "status=503")); got != "<faint>sta</><faint reverse>tus=</><red reverse>50</><red>3</>" {
		t.Errorf("a match over two colors: %s", got)
	}
}

// colors matches what a printer adds.
var colors = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// Whatever a line says, colors change nothing but its looks, and nothing but colors reaches the terminal.
func FuzzBody(f *testing.F) {
	for _, text := range []string{
		`at=error code=H12 path="/a" b" status=503`, "State changed from up to crashed", "source=web.1 sample#a=1MB", "Release v1 created by x", "\x1b]0;title\a", "\u202e\u009b2J", "\xff\xfe", `x "GET / HTTP/1.1" 200`, "=", `="`,
	} {
		f.Add("heroku", "router", text, "status")
		f.Add("heroku", "web.1", text, "%.%")
		f.Add("app", "web.1", text, `?"a" -b`)
		f.Add("app", "api", text, "")
	}
	p := onColoredTerminal(f)
	f.Fuzz(func(t *testing.T, source, process, text, pattern string) {
		p.highlight = logs.Selection{Pattern: pattern}.Highlight()
		l := logformat.Line{Source: []byte(source), Process: []byte(process), Message: []byte(text)}
		plain := p.clean(text)
		got := p.body(&l, text)
		if strings.Contains(text, "\x1b") {
			if got != plain {
				t.Errorf("%q is printed as %q", text, got)
			}
			return
		}
		if stripped := colors.ReplaceAllString(got, ""); strings.ReplaceAll(stripped, "\ufffd", "") != strings.ReplaceAll(plain, "\ufffd", "") {
			t.Errorf("%q is printed as %q, not as %q", text, stripped, plain)
		}
	})
}
