package term

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// barLength is the length of a progress bar in characters.
const barLength = 20

const (
	// An estimate of the time that is left needs so many items, and so much time: the first items of a run are no measure of the others.
	estimateItems = 5
	estimateAfter = 10 * time.Second
	// notable is how long a run must take at least to say so before it begins.
	notable = 2 * time.Minute
)

// count is a step of many items.
type count struct {
	title       string
	done, total int
	began       time.Time
	least       func(items int) time.Duration // nil: unknown
}

// announced returns the text before any item has ended.
func (c count) announced() string {
	if c.least != nil {
		if least := c.least(c.total); least >= notable {
			return fmt.Sprintf("%s: %d, which takes at least %s…", c.title, c.total, Words(least))
		}
	}
	return fmt.Sprintf("%s: %d…", c.title, c.total)
}

// bar returns the text after an item has ended.
func (c count) bar() string {
	full := barLength * c.done / max(c.done, c.total)
	return fmt.Sprintf("%s %s%s %d/%d%s", c.title, strings.Repeat("█", full), strings.Repeat("░", barLength-full), c.done, c.total, c.left())
}

// left returns about how long the rest takes, as soon as that can be known: at the pace until now, and no less than what is known beforehand,
// because a rate limit that makes the run slow may not have been reached yet.
func (c count) left() string {
	items, elapsed := c.total-c.done, time.Since(c.began)
	if items <= 0 || c.done < estimateItems || elapsed < estimateAfter {
		return ""
	}
	left := elapsed / time.Duration(c.done) * time.Duration(items)
	if c.least != nil {
		left = max(left, c.least(items))
	}
	if left < time.Minute {
		return ", less than a minute left"
	}
	return ", about " + Words(left+30*time.Second) + " left"
}

// Words returns a time of at least a minute in words, rounded down: "1 minute", "45 minutes", "3 hours", "2 days".
func Words(d time.Duration) string {
	n, unit := d/time.Minute, "minute"
	switch {
	case d >= 48*time.Hour:
		n, unit = d/(24*time.Hour), "day"
	case d >= 2*time.Hour:
		n, unit = d/time.Hour, "hour"
	}
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// Count begins a step of total items, of which Did counts one at a time. least returns how long a number of them takes at least; nil: unknown.
// With it, the step says beforehand how long it takes. Next to a spinner, Did also says about how long the rest takes.
func (p *Progress) Count(title string, total int, least func(items int) time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count = count{title: title, total: total, began: time.Now(), least: least}
	p.step(p.count.announced())
}

// Did says how one of the items of Count ended: next to a spinner as a bar with the latest item, otherwise as a line per item.
func (p *Progress) Did(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count.done++
	item := fmt.Sprintf(format, args...)
	if p.spinner == nil {
		p.terminal.Note("%d/%d %s", p.count.done, p.count.total, item)
		return
	}
	p.text, p.words = p.count.bar()+", "+item, nil
}

// Waits says that one of the items of Count or Tally has to wait, how long, and why: next to a spinner as a countdown after the count, otherwise
// as a line per reason. Others may go on in the meantime.
func (p *Progress) Waits(left time.Duration, why string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.spinner == nil {
		if !slices.Contains(p.reasons, why) {
			p.reasons = append(p.reasons, why)
			p.terminal.Note("Waiting %s: %s", left, why)
		}
		return
	}
	counted := p.count.announced()
	if p.count.done > 0 {
		counted = p.count.bar()
	}
	p.ends = time.Now().Add(left)
	p.words = func(left time.Duration) string {
		if left <= 0 {
			return counted
		}
		return fmt.Sprintf("%s Waiting %s: %s", counted, left, why)
	}
}

// Tally begins to count items that are not worth a line each, of which Tick counts one at a time. Without a spinner, neither prints anything.
func (p *Progress) Tally(title string, total int, least func(items int) time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count = count{title: title, total: total, began: time.Now(), least: least}
}

// Tick says that one of the items of Tally has ended.
func (p *Progress) Tick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count.done++
	if p.spinner != nil {
		p.text, p.words = p.count.bar(), nil
	}
}
