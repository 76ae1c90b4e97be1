package cli

import (
	"fmt"
	"strings"
	"sync"
)

// barLength is in characters.
const barLength = 20

// bar tells on stderr how far something is that is done app by app: with a bar on a terminal, elsewhere with a line for each app.
type bar struct {
	progress *progress
	title    string
	total    int

	mu   sync.Mutex
	done int
}

// bar begins at nothing done.
func (s *session) bar(p *progress, title string, total int) *bar {
	p.Step("%s: %d…", title, total)
	return &bar{progress: p, title: title, total: total}
}

// did tells of one app's end.
func (b *bar) did(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done++
	full := barLength * b.done / b.total
	b.progress.Detail("%s %s%s %d/%d, %s", b.title, strings.Repeat("█", full), strings.Repeat("░", barLength-full), b.done, b.total,
		fmt.Sprintf(format, args...))
	if b.progress.spinner == nil {
		b.progress.console.note("%d/%d %s", b.done, b.total, fmt.Sprintf(format, args...))
	}
}
