package cli

import (
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/briandowns/spinner"
)

// progress tells on stderr what is being waited for: with a spinner on a terminal, elsewhere by one line for each step.
type progress struct {
	console *console
	spinner *spinner.Spinner // nil: lines
	text    atomic.Value     // string
}

// spinnerPeriod lets the spinner turn calmly, and a countdown be right.
const spinnerPeriod = 120 * time.Millisecond

// progress starts with a first step. The caller ends it with stop before anything else is printed.
func (c *console) progress(format string, args ...any) *progress {
	p := &progress{console: c}
	if f, ok := c.err.(*os.File); ok && isTerminal(f) && !c.noColor {
		p.spinner = spinner.New(spinner.CharSets[14], spinnerPeriod, spinner.WithWriterFile(f))
		p.spinner.PreUpdate = func(s *spinner.Spinner) { s.Suffix = " " + p.text.Load().(string) }
	}
	p.Step(format, args...)
	if p.spinner != nil {
		p.spinner.Start()
	}
	return p
}

// Step tells of something new that is waited for. The same words again are nothing new.
func (p *progress) Step(format string, args ...any) {
	before := p.text.Load()
	p.Detail(format, args...)
	if p.spinner == nil && before != p.text.Load() {
		p.console.note(format, args...)
	}
}

// Detail changes the words of the present step on a terminal: a countdown, a count.
func (p *progress) Detail(format string, args ...any) {
	p.text.Store(fmt.Sprintf(format, args...))
}

// stop takes the spinner away. Stopping twice does no harm.
func (p *progress) stop() {
	if p.spinner != nil {
		p.spinner.Stop()
	}
}
