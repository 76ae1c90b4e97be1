package alert

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"

	"heroku-drains/lib/logformat"
)

const (
	maxName   = 100 // bytes of a path, dyno, source or process in a report
	maxCounts = 300 // seconds of a hit: a message with lines of more becomes several

	// maxNames is how many paths and dynos the hits of one rule have together, in all messages of a report.
	maxNames = 10 * MaxAffected
)

// hits collects what the lines of messages matched.
type hits struct {
	rules    []*compiled
	identity string
	current  []*open // of the current message
	done     []Hit
	shown    []int       // by rule: how many lines the hits since the last report have
	named    []int       // likewise, paths and dynos
	free     []hash.Hash // for later messages
}

// open is a hit whose message is not at its end.
type open struct {
	rule    uint16
	subject string
	sum     hash.Hash
	hit     Hit
}

func newHits(rules []*compiled) hits {
	return hits{rules: rules, shown: make([]int, len(rules)), named: make([]int, len(rules))}
}

// begin ends the current message, and starts the next one.
func (h *hits) begin(identity string) {
	for _, o := range h.current {
		h.close(o)
	}
	h.current, h.identity = h.current[:0], identity
}

func (h *hits) close(o *open) {
	o.hit.ID = hex.EncodeToString(o.sum.Sum(nil)[:8])
	h.done = append(h.done, o.hit)
	h.free = append(h.free, o.sum)
}

// add counts a line that matched a rule. The sample is nil for lines without figures.
func (h *hits) add(n uint16, l *matched, of *sample) {
	var subject []byte
	if of != nil {
		subject = of.subject
	}
	o := h.find(n, subject)
	for _, part := range [][]byte{l.OriginalTime, l.Source, l.Process, l.text} {
		_, _ = o.sum.Write(part)      // never fails
		_, _ = o.sum.Write([]byte{0}) // never fails
	}
	o.hit.Counts = count(o.hit.Counts, l.Time.Unix())
	if h.shown[n] < MaxSamples {
		h.shown[n]++
		line := show(l)
		if of != nil {
			line.Text = display([]byte(of.text), MaxLine)
		}
		o.hit.Lines = append(o.hit.Lines, line)
	}
	name := l.name()
	if of != nil {
		name = of.owner
	}
	h.affect(n, o, name)
}

// take returns the first hits whose JSON is at most room bytes long, and removes them.
func (h *hits) take(room int) []Hit {
	n := 0
	for n < len(h.done) {
		text, err := json.Marshal(h.done[n])
		if err != nil {
			panic(err) // texts and numbers
		}
		if room -= len(text) + 1; room < 0 {
			break
		}
		n++
	}
	taken := h.done[:n:n]
	if h.done = h.done[n:]; len(h.done) == 0 {
		h.done = nil
		clear(h.shown)
		clear(h.named)
	}
	return taken
}

// affect counts a line under its path, dyno or data store.
func (h *hits) affect(n uint16, o *open, of []byte) {
	name := display(of, maxName)
	if _, known := o.hit.Affected[name]; !known {
		if name == "" || len(o.hit.Affected) >= MaxAffected || h.named[n] >= maxNames {
			return
		}
		h.named[n]++
	}
	if o.hit.Affected == nil {
		o.hit.Affected = make(map[string]int)
	}
	o.hit.Affected[name]++
}

// find returns the open hit of a rule and subject.
func (h *hits) find(n uint16, subject []byte) *open {
	for i, o := range h.current {
		if o.rule != n || o.subject != string(subject) {
			continue
		}
		if len(o.hit.Counts) < maxCounts {
			return o
		}
		h.close(o)
		h.current = append(h.current[:i], h.current[i+1:]...)
		break
	}
	o := &open{rule: n, subject: string(subject), hit: Hit{Rule: h.rules[n].Name, Subject: display(subject, maxName)}}
	if last := len(h.free) - 1; last >= 0 {
		o.sum, h.free = h.free[last], h.free[:last]
		o.sum.Reset()
	} else {
		o.sum = sha256.New()
	}
	for _, text := range []string{h.identity, o.hit.Rule, o.subject} {
		_, _ = o.sum.Write([]byte(text)) // never fails
		_, _ = o.sum.Write([]byte{0})    // never fails
	}
	h.current = append(h.current, o)
	return o
}

// count adds a line of a second to counts, which stay in order of time.
func count(counts []Count, at int64) []Count {
	i := len(counts)
	for i > 0 && counts[i-1].At > at {
		i--
	}
	if i > 0 && counts[i-1].At == at {
		counts[i-1].Lines++
		return counts
	}
	counts = append(counts, Count{})
	copy(counts[i+1:], counts[i:])
	counts[i] = Count{At: at, Lines: 1}
	return counts
}

// show returns a line for people to read.
func show(l *matched) Line {
	line := Line{Time: l.Time.UTC(), Source: display(l.Source, maxName), Process: display(l.Process, maxName)}
	text := l.text
	if l.writer == logformat.ByRouter || l.writer == logformat.ByPlatform {
		text = logformat.HerokuText(text)
	}
	line.Text = display(mask(text[:min(len(text), maxShown)]), MaxLine)
	return line
}

// maxShown is how much of a line is looked at for the part that is shown, in bytes.
const maxShown = 8 * MaxLine
