package term

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/briandowns/spinner"
	xterm "golang.org/x/term"
)

// spinnerPeriod is slow enough to look calm, and fast enough for a countdown of seconds.
const spinnerPeriod = 120 * time.Millisecond

// Progress shows on stderr what the program is waiting for. It is safe for concurrent use.
type Progress struct {
	terminal *Terminal
	spinner  *spinner.Spinner // nil: a line per step

	mu    sync.Mutex
	text  string    // of the current step
	ends  time.Time // end of the countdown; zero: the step is not a countdown
	words func(left time.Duration) string
	count count // the current one

	reasons []string // those that Waits has printed
}

// StartProgress starts a Progress with a first step. The caller must call Stop before it prints anything else.
func (t *Terminal) StartProgress(format string, args ...any) *Progress {
	p := &Progress{terminal: t}
	if f, ok := t.Stderr.(*os.File); ok && t.colored(f) {
		p.spinner = spinner.New(spinner.CharSets[14], spinnerPeriod, spinner.WithWriterFile(f))
		p.spinner.PreUpdate = func(s *spinner.Spinner) {
			p.mu.Lock()
			defer p.mu.Unlock()
			s.Suffix = " " + p.terminal.safe(f, cut(strings.ReplaceAll(p.current(), "\n", " "), f))
		}
	}
	p.Step(format, args...)
	if p.spinner != nil {
		p.spinner.Start()
	}
	return p
}

// spinnerColumns is the width of a spinner and the space after it, and of the cursor.
const spinnerColumns = 3

// cut shortens a text to what fits next to a spinner on one row of a terminal: a spinner of several rows would flicker.
func cut(text string, terminal *os.File) string {
	columns, _, err := xterm.GetSize(int(terminal.Fd()))
	runes := []rune(text)
	if err != nil || columns <= spinnerColumns+1 || len(runes) <= columns-spinnerColumns {
		return text // a terminal without a size has 0 columns
	}
	return string(runes[:columns-spinnerColumns-1]) + "…"
}

// Step says what the program is waiting for now. Repeating the current step does nothing.
func (p *Progress) Step(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.step(fmt.Sprintf(format, args...))
}

func (p *Progress) step(text string) {
	if p.spinner == nil && text != p.text {
		p.terminal.Note("%s", text)
	}
	p.text, p.words = text, nil
}

// Countdown starts a step that ends after some time. Next to a spinner, it shows the time that is left.
func (p *Progress) Countdown(left time.Duration, words func(left time.Duration) string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.spinner == nil {
		if p.words == nil {
			p.step(words(left))
		}
		p.words = words
		return
	}
	p.ends, p.words = time.Now().Add(left), words
}

// current returns the current text. The Progress must be locked.
func (p *Progress) current() string {
	if p.words == nil {
		return p.text
	}
	return p.words(max(time.Until(p.ends), 0).Round(time.Second))
}

// Detail rewords the current step next to a spinner, for example for a countdown. Without a spinner, it prints nothing.
func (p *Progress) Detail(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text, p.words = fmt.Sprintf(format, args...), nil
}

// Stop removes the spinner. Further calls do nothing.
func (p *Progress) Stop() {
	if p.spinner != nil {
		p.spinner.Stop()
	}
}
