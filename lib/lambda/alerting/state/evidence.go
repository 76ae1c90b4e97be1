package state

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"heroku-drains/lib/alert"
)

const (
	maxAffected = 20 // different paths or dynos
	maxName     = 60 // bytes of the name of one of them
	minute      = 60
)

// Evidence is what a notification shows of lines: some of them, and what they affect.
type Evidence struct {
	Samples  []alert.Line       `json:"samples,omitempty"`  // by time
	Affected map[string]Seconds `json:"affected,omitempty"` // lines by minute
}

// IsZero reports whether there is none. JSON then leaves it out.
func (e Evidence) IsZero() bool { return len(e.Samples) == 0 && len(e.Affected) == 0 }

// add adds the evidence of a hit whose newest line is of that time.
func (e *Evidence) add(hit alert.Hit, at int64) {
	for _, line := range hit.Lines {
		e.Samples = append(e.Samples, clean(line))
	}
	slices.SortStableFunc(e.Samples, func(a, b alert.Line) int { return a.Time.Compare(b.Time) })
	affected := hit.Affected
	if hit.Subject != "" { // the process of such lines may be that of all data stores
		affected = map[string]int{hit.Subject: lines(hit)}
	}
	for _, name := range slices.Sorted(maps.Keys(affected)) {
		e.affect(cut(name, maxName), floor(at, minute), affected[name])
	}
}

// affect adds lines to a name. If there are too many names, it forgets the one with the fewest lines.
func (e *Evidence) affect(name string, at int64, lines int) {
	if e.Affected == nil {
		e.Affected = map[string]Seconds{}
	}
	counts := e.Affected[name]
	counts.add(at, lines)
	e.Affected[name] = counts
	if len(e.Affected) > maxAffected {
		delete(e.Affected, leastOf(e.Affected))
	}
}

// leastOf returns the name with the fewest lines.
func leastOf(all map[string]Seconds) string {
	return slices.MinFunc(slices.Sorted(maps.Keys(all)), func(a, b string) int { return cmp.Compare(all[a].lines(), all[b].lines()) })
}

// since returns the evidence of lines since a time.
func (e Evidence) since(at int64) Evidence {
	var kept Evidence
	for _, line := range e.Samples {
		if line.Time.Unix() >= at {
			kept.Samples = append(kept.Samples, line)
		}
	}
	for name, counts := range e.Affected {
		if counts = counts.from(floor(at, minute)); len(counts) > 0 {
			if kept.Affected == nil {
				kept.Affected = map[string]Seconds{}
			}
			kept.Affected[name] = counts
		}
	}
	return kept
}

// totals returns the evidence with one count for each name, whatever the minute.
func (e Evidence) totals() Evidence {
	total := Evidence{Samples: e.Samples}
	for name, counts := range e.Affected {
		if total.Affected == nil {
			total.Affected = map[string]Seconds{}
		}
		total.Affected[name] = Seconds{{Lines: counts.lines()}}
	}
	return total
}

// newest keeps the newest samples.
func (e *Evidence) newest() {
	e.Samples = e.Samples[max(len(e.Samples)-alert.MaxSamples, 0):]
}

// oldest keeps the oldest samples.
func (e *Evidence) oldest() {
	e.Samples = e.Samples[:min(len(e.Samples), alert.MaxSamples)]
}

// shrink keeps one of n samples and names.
func (e *Evidence) shrink(n int) {
	e.Samples = e.Samples[:min(len(e.Samples), alert.MaxSamples/n)]
	for len(e.Affected) > maxAffected/n {
		delete(e.Affected, leastOf(e.Affected))
	}
}

// ranked returns the names, those with most lines first.
func (e Evidence) ranked() []alert.Affected {
	var all []alert.Affected
	for _, name := range slices.Sorted(maps.Keys(e.Affected)) {
		all = append(all, alert.Affected{Name: name, Lines: e.Affected[name].lines()})
	}
	slices.SortStableFunc(all, func(a, b alert.Affected) int { return cmp.Compare(b.Lines, a.Lines) })
	return all
}

// lines returns the number of lines of a hit.
func lines(hit alert.Hit) int {
	n := 0
	for _, c := range hit.Counts {
		n += c.Lines
	}
	return n
}

// clean returns a line in the form that alert.Line promises, whoever sent it: the size of the state depends on it.
func clean(line alert.Line) alert.Line {
	line.Source, line.Process, line.Text = cut(line.Source, maxName), cut(line.Process, maxName), cut(line.Text, alert.MaxLine)
	if year := line.Time.Year(); year < 1 || year > 9999 {
		line.Time = time.Time{} // JSON has no such years
	}
	line.Time = line.Time.UTC()
	return line
}

// cut returns at most limit bytes of a text, as valid UTF-8 without control characters.
func cut(text string, limit int) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text[:min(len(text), 4*limit)], "?"))
	for len(text) > limit {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}
