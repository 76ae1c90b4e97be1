package term_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fatih/color"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/term"
)

// piped is a Terminal whose streams are buffers, as those of a pipe.
func piped() (t *term.Terminal, stdout, stderr *bytes.Buffer) {
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	return term.New(strings.NewReader("yes\n"), stdout, stderr), stdout, stderr
}

// print exercises everything that writes to stdout.
func print(t *term.Terminal) error {
	return errors.Join(
		t.PrintLine("a line"),
		t.PrintJSON(map[string]string{"url": "https://x/?a&b"}),
		t.PrintRows([][2]string{{"App", "shop"}, {"Log stream", "[APP]shop"}}),
		t.PrintTable([]string{"APP", "STATE"}, [][]string{{"shop", "active"}, {"my-other-app", "disabled"}}),
		t.PrintTable([]string{"APP"}, nil),
		t.PrintVerdict("note", color.FgCyan, "what", "fix: this"),
		t.PrintFrame(color.FgRed, "title", "text\n\n  more\n"),
	)
}

const printed = `a line
{
  "url": "https://x/?a&b"
}
App         shop
Log stream  [APP]shop
APP           STATE
shop          active
my-other-app  disabled
note     what
         fix: this
┌ title
│ text
│
│   more
└
`

func TestAPipeGetsNoColors(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	terminal, stdout, stderr := piped()
	if err := print(terminal); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(printed, stdout.String()); diff != "" {
		t.Errorf("stdout (-want +got):\n%s", diff)
	}
	for _, text := range []string{terminal.PaintStdout("x", color.Bold), terminal.PaintStderr("x", color.Bold)} {
		if text != "x" {
			t.Errorf("painted %q", text)
		}
	}
	const raw = "\x1b[31mred\x1b[0m \x1b[2J\a"
	if got := terminal.Cleaner()(raw); got != raw {
		t.Errorf("cleaned %q", got)
	}
	if stderr.String() != "" {
		t.Errorf("stderr %q", stderr)
	}
}

// full is a stream that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestAFailedWriteIsAnError(t *testing.T) {
	terminal := term.New(strings.NewReader(""), full{}, full{})
	for name, err := range map[string]error{
		"line":    terminal.PrintLine("x"),
		"JSON":    terminal.PrintJSON("x"),
		"rows":    terminal.PrintRows([][2]string{{"a", "b"}}),
		"table":   terminal.PrintTable([]string{"A"}, [][]string{{"a"}}),
		"verdict": terminal.PrintVerdict("ok", color.FgGreen, "x"),
	} {
		if err == nil || err.Error() != "write to stdout: no space left on device" {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestProgressWithoutATerminalIsALinePerStep(t *testing.T) {
	terminal, stdout, stderr := piped()
	p := terminal.StartProgress("Waiting for %s…", "shop")
	p.Step("Waiting for %s…", "shop")
	p.Detail("Waiting for shop… 3 s")
	for _, left := range []time.Duration{time.Minute, 40 * time.Second} {
		p.Countdown(left, func(left time.Duration) string { return left.String() + " left…" })
	}
	p.Step("Checking…")
	p.Count("Moving apps", 2, nil)
	for _, why := range []string{"shop is busy", "blog is busy", "shop is busy"} {
		p.Waits(time.Minute, why)
	}
	p.Did("%s: moved", "shop")
	p.Did("blog: failed")
	p.Stop()
	p.Stop()
	const want = "Waiting for shop…\n1m0s left…\nChecking…\nMoving apps: 2…\nWaiting 1m0s: shop is busy\nWaiting 1m0s: blog is busy\n1/2 shop: moved\n2/2 blog: failed\n"
	if diff := cmp.Diff(want, stderr.String()); diff != "" || stdout.Len() > 0 {
		t.Errorf("stdout %q, stderr (-want +got):\n%s", stdout, diff)
	}
}

func TestManyCountAtOnce(t *testing.T) {
	terminal, _, stderr := piped()
	p := terminal.StartProgress("Starting…")
	p.Count("Syncing apps", 50, nil)
	var apps sync.WaitGroup
	for range 50 {
		apps.Go(func() { p.Did("done") })
	}
	apps.Wait()
	for n := 1; n <= 50; n++ {
		if !strings.Contains(stderr.String(), fmt.Sprintf("\n%d/50 done\n", n)) {
			t.Errorf("%d/50 was not printed", n)
		}
	}
}

func TestConfirmNeedsATerminal(t *testing.T) {
	terminal, _, stderr := piped()
	if err := terminal.Confirm(t.Context(), "Sure? ", "yes"); !errors.Is(err, term.ErrNoTerminal) || stderr.Len() > 0 {
		t.Errorf("error %v, asked %q", err, stderr)
	}
}

func TestAFrameOnStderr(t *testing.T) {
	terminal, stdout, stderr := piped()
	terminal.NoteFrame(color.FgRed, "[shop] H12 Request timeout", "45 lines\n")
	if want := "┌ [shop] H12 Request timeout\n│ 45 lines\n└\n"; stderr.String() != want || stdout.Len() > 0 {
		t.Errorf("stdout %q, stderr:\n%swant:\n%s", stdout, stderr, want)
	}
}
