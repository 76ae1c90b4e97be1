package term_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/fatih/color"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/term"
	"heroku-drains/lib/client/term/termtest"
)

func onTerminal(t *testing.T) (*term.Terminal, *termtest.Terminal) {
	pty := termtest.Open(t)
	return term.New(pty.Program, pty.Program, pty.Program), pty
}

func TestATerminalGetsColors(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	terminal, pty := onTerminal(t)
	if err := print(terminal); err != nil {
		t.Fatal(err)
	}
	terminal.Note("%s", terminal.PaintStderr("error", color.FgRed))
	terminal.NoteFrame(color.FgGreen, "over", "a\x1b]0;b\n")
	got := pty.Finish()
	for _, want := range []string{"\x1b[32;1m┌ over\x1b[0;22m\r\n\x1b[32m│\x1b[0m a␛]0;b\r\n\x1b[32m└\x1b[0m\r\n", "\x1b[1mAPP           STATE\x1b[22m\r\nshop          active\r\n", "\x1b[36mnote\x1b[0m     what\r\n         fix: this\r\n",
		"\x1b[31merror\x1b[0m\r\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not have %q", got, want)
		}
	}
}

func TestATerminalThatWantsNoColors(t *testing.T) {
	for name, tt := range map[string]struct {
		noColor, term string
		flag          bool
	}{
		"NO_COLOR":                {noColor: "1", term: "xterm"},
		"NO_COLOR with any value": {noColor: "no", term: "xterm"},
		"TERM":                    {term: "dumb"},
		"NoColor":                 {term: "xterm", flag: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("NO_COLOR", tt.noColor)
			t.Setenv("TERM", tt.term)
			terminal, pty := onTerminal(t)
			terminal.NoColor = terminal.NoColor || tt.flag
			p := terminal.StartProgress("Waiting…")
			p.Stop()
			if err := print(terminal); err != nil {
				t.Fatal(err)
			}
			terminal.Note("%s", terminal.PaintStderr("error", color.FgRed))
			want := "Waiting…\n" + printed + "error\n"
			if diff := cmp.Diff(want, strings.ReplaceAll(pty.Finish(), "\r\n", "\n")); diff != "" {
				t.Errorf("printed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestATerminalGetsASpinner(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	terminal, pty := onTerminal(t)
	p := terminal.StartProgress("Waiting for %s…", "shop")
	pty.Await(" Waiting for shop…")
	p.Detail("Waiting for shop… 3 s")
	pty.Await(" Waiting for shop… 3 s")
	var shown []time.Duration
	p.Countdown(time.Second, func(left time.Duration) string {
		shown = append(shown, left)
		return left.String() + " left…"
	})
	pty.Await(" 0s left…")
	p.Step("Checking…")
	pty.Await(" Checking…")
	p.Count("Syncing apps", 4, nil)
	pty.Await(" Syncing apps: 4…")
	p.Waits(time.Hour, "the queue was deleted")
	pty.Await(" Syncing apps: 4… Waiting 1h0m0s: the queue was deleted")
	p.Waits(time.Nanosecond, "the queue was deleted")
	pty.Await(" Syncing apps: 4…")
	p.Did("shop: created")
	pty.Await(" Syncing apps █████░░░░░░░░░░░░░░░ 1/4, shop: created")
	p.Stop()
	p.Stop()
	if got := pty.Finish(); strings.Contains(got, "\n") {
		t.Errorf("the spinner left its line: %q", got)
	}
	shown = slices.Compact(shown) // a busy machine may turn the spinner so late that it shows only the end
	if end := len(shown) - 1; end > 1 || shown[end] != 0 || end == 1 && shown[0] != time.Second {
		t.Errorf("the countdown showed %v", shown)
	}
}

func TestASpinnerHasOneRow(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	terminal, pty := onTerminal(t)
	pty.Resize(30, 24)
	p := terminal.StartProgress("Waiting for the queue of größer to be empty…")
	pty.Await(" Waiting for the queue of g…")
	p.Step("Waiting for the queue of gr")
	pty.Await(" Waiting for the queue of gr")
	p.Stop()
	terminal.Note("Done.")
	if got := termtest.Text(pty.Finish(), 30); got != "Done.\n" {
		t.Errorf("left %q", got)
	}
}

func TestWhatATerminalIsNotToObeyIsShown(t *testing.T) {
	t.Setenv("TERM", "xterm")
	for text, want := range map[string][2]string{ // with colors, and without
		"\x1b[31mred\x1b[0m":                       {"\x1b[31mred\x1b[0m\x1b[0m", "red"},
		"\x1b[38;5;12mblue":                        {"\x1b[38;5;12mblue\x1b[0m", "blue"},
		"\x1b[38:2::1:2:3mfine\x1b[m":              {"\x1b[38:2::1:2:3mfine\x1b[m\x1b[0m", "fine"},
		"GET /\x1b[2J\x1b[H":                       {"GET /␛[2J␛[H", "GET /␛[2J␛[H"},
		"\x1b]0;title\a\x1b]52;c;eA==\x1b\\":       {"␛]0;title␇␛]52;c;eA==␛\\", "␛]0;title␇␛]52;c;eA==␛\\"},
		"over\rwritten\b\v\f":                      {"over␍written␈␋␌", "over␍written␈␋␌"},
		"c1 \u009b2J \u009d0;x\u009c":              {"c1 �2J �0;x�", "c1 �2J �0;x�"},
		"del\x7f tab\t":                            {"del␡ tab\t", "del␡ tab\t"},
		"\x1b[?1049h\x1bc\x1b[1;31":                {"␛[?1049h␛c␛[1;31", "␛[?1049h␛c␛[1;31"},
		"größer ☕":                                 {"größer ☕", "größer ☕"},
		"a\u202egnp.exe \u202a\u202b\u202c\u202d":  {"a�gnp.exe ����", "a�gnp.exe ����"},
		"\u2066x\u2069 \u2067y\u2068 \u200fשלום":   {"�x� �y� \u200fשלום", "�x� �y� \u200fשלום"},
		"sh\u200bop \u2060\ufeffx\u00ad":           {"sh�op ��x�", "sh�op ��x�"},
		"hid\U000e0068\U000e0069den \u2028row":     {"hid��den �row", "hid��den �row"},
		"ن\u200cم 👩\u200d🚒 \u200eabc":              {"ن\u200cم 👩\u200d🚒 \u200eabc", "ن\u200cم 👩\u200d🚒 \u200eabc"},
		"\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\": {"␛]8;;http://x␛\\link␛]8;;␛\\", "␛]8;;http://x␛\\link␛]8;;␛\\"},
		"a line\nthat looks like two\n":            {"a line\n  that looks like two\n  ", "a line\n  that looks like two\n  "},
		"c1 \x9b31m \x80\x9f \xc2 \xe2\x80":        {"c1 �31m � � �", "c1 �31m � � �"},
	} {
		for i, noColor := range []string{"", "1"} {
			t.Setenv("NO_COLOR", noColor)
			terminal, _ := onTerminal(t)
			if diff := cmp.Diff(want[i], terminal.Cleaner()(text)); diff != "" {
				t.Errorf("%q, NO_COLOR=%q (-want +got):\n%s", text, noColor, diff)
			}
		}
	}
}

// Nothing that writes to a terminal passes control characters on, on either stream.
func TestNothingMakesATerminalObey(t *testing.T) {
	const evil = "\x1b]0;title\a \u202egnp \x9b2J \u009b2J \r over"
	for _, noColor := range []string{"", "1"} {
		t.Setenv("TERM", "xterm")
		t.Setenv("NO_COLOR", noColor)
		terminal, pty := onTerminal(t)
		p := terminal.StartProgress("waiting %s\n%s", evil, evil)
		if noColor == "" {
			pty.Await("waiting ␛]0;title␇ �gnp �2J �2J ␍ over ␛]0;title␇")
		}
		p.Count("counting "+evil, 1, nil)
		p.Did("done %s", evil)
		p.Stop()
		terminal.Note("note %s", evil)
		pty.Type("x\n")
		_ = terminal.Confirm(t.Context(), "question "+evil+"? ", "x")
		if err := errors.Join(
			terminal.PrintLine("line "+evil), terminal.PrintJSON(map[string]string{"json": "\u202egnp \u009b2J \x7f"}),
			terminal.PrintRows([][2]string{{"rows", evil}}), terminal.PrintTable([]string{"HEADING " + evil}, [][]string{{"table " + evil}}),
			terminal.PrintVerdict("ok", color.FgGreen, "verdict "+evil),
		); err != nil {
			t.Fatal(err)
		}
		got := pty.Finish()
		for _, bad := range []string{"\x1b]", "\a", "\u202e", "\u009b", "\x7f", "\r over"} {
			if strings.Contains(got, bad) || !utf8.ValidString(got) {
				t.Errorf("NO_COLOR=%q: %q, or bytes that are not UTF-8, in %q", noColor, bad, got)
			}
		}
	}
}

// The colors of a text from elsewhere end with it.
func TestColorsEnd(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	terminal, pty := onTerminal(t)
	terminal.Note("\x1b[31mred")
	terminal.Note("\x1b[1mbold\x1b[22m and \x1b[31;1mboth\x1b[0;22m")
	if err := terminal.PrintLine("\x1b[32mgreen\x1b[0m"); err != nil {
		t.Fatal(err)
	}
	want := "\x1b[31mred\x1b[0m\r\n\x1b[1mbold\x1b[22m and \x1b[31;1mboth\x1b[0;22m\r\n\x1b[32mgreen\x1b[0m\r\n"
	if diff := cmp.Diff(want, pty.Finish()); diff != "" {
		t.Errorf("printed (-want +got):\n%s", diff)
	}
}

func TestConfirm(t *testing.T) {
	for typed, want := range map[string]error{
		"shop\n":       nil,
		"  shop \n":    nil,
		"shopping\n":   term.ErrWrongAnswer,
		"\n":           term.ErrWrongAnswer,
		"y\n":          term.ErrWrongAnswer,
		"Shop\nshop\n": term.ErrWrongAnswer,
	} {
		terminal, pty := onTerminal(t)
		pty.Type(typed)
		err := terminal.Confirm(t.Context(), "Type shop: ", "shop")
		if !errors.Is(err, want) {
			t.Errorf("%q: error %v, want %v", typed, err, want)
		}
		if got := pty.Finish(); !strings.Contains(got, "Type shop: ") {
			t.Errorf("asked %q", got)
		}
	}
}

func TestConfirmReadsNoFurtherThanItsLine(t *testing.T) {
	terminal, pty := onTerminal(t)
	pty.Type("shop\nblog\n")
	for _, name := range []string{"shop", "blog"} {
		if err := terminal.Confirm(t.Context(), "? ", name); err != nil {
			t.Error(err)
		}
	}
}

func TestConfirmEndsWithItsContext(t *testing.T) {
	terminal, _ := onTerminal(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	interrupted := errors.New("interrupted")
	cancel(interrupted)
	if err := terminal.Confirm(ctx, "? ", "shop"); !errors.Is(err, interrupted) {
		t.Errorf("error %v", err)
	}
}
