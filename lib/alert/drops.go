package alert

import (
	"encoding/binary"
	"encoding/hex"
	"hash/fnv"
	"strings"
	"time"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/logformat"
)

// drop applies the first drop rule that the line fits.
func (m *Matcher) drop(l *matched) Verdict {
	for _, n := range m.plan.drops {
		r := m.plan.rules[n]
		if r.pattern != nil && r.searched() && !m.found.has(int(n)) || !r.drops(l) {
			continue
		}
		sum := lineHash(l)
		kept := r.Keep > 0 && share(sum) < r.Keep
		m.dropped.add(n, l.Time, sum, kept)
		if kept {
			return Store
		}
		return DropIt
	}
	return Store
}

// isTestLine reports whether a line is the one by which `put` and `doctor` see whether the drain stores lines.
func isTestLine(l *logformat.Line) bool {
	return string(l.Source) == drain.TestLineSource && string(l.Process) == drain.TestLineProcess
}

// drops reports whether a line is one that the rule leaves out.
func (c *compiled) drops(l *matched) bool {
	if c.Source != "" && c.Source != string(l.Source) || !c.processIs(l.Process) {
		return false
	}
	if c.Method != "" || c.Status != "" || c.path != nil {
		if l.writer != logformat.ByRouter {
			return false
		}
		r := l.readRouter()
		if c.Method != "" && !strings.EqualFold(c.Method, string(r.Method)) ||
			c.Status != "" && !c.statusIs(r.Status) || c.path != nil && !c.path().Match(l.path()) {
			return false
		}
	}
	if c.Severity != "" && !l.hasSeverity(c.severity) {
		return false
	}
	return c.pattern == nil || c.patternIs(l, l.text[:min(len(l.text), maxMatched)])
}

// lineHash returns a hash of a line, the same in every process.
func lineHash(l *matched) uint64 {
	h := fnv.New64a()
	for _, part := range [][]byte{l.OriginalTime, l.Source, l.Process, l.text} {
		_, _ = h.Write(part)      // never fails
		_, _ = h.Write([]byte{0}) // never fails
	}
	return mix(h.Sum64())
}

// mix makes each bit of a hash depend on all: FNV's last bytes change only a few. It is the finalizer of MurmurHash3.
func mix(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// share returns a hash as a number from 0 to below 1.
func share(hash uint64) float64 { return float64(hash>>11) / (1 << 53) }

// drops counts the lines of messages that drop rules applied to.
type drops struct {
	rules    []*compiled
	identity string
	current  map[dropKey]*dropCount // of the current message
	order    []dropKey
	done     []Dropped
}

type dropKey struct {
	rule uint16
	day  int64 // its start, in seconds since 1970
}

type dropCount struct {
	lines, kept int
	sum         uint64 // of the lines' hashes
}

func newDrops(rules []*compiled) drops {
	return drops{rules: rules, current: make(map[dropKey]*dropCount)}
}

func (d *drops) begin(identity string) {
	for _, key := range d.order {
		c := d.current[key]
		var sum [8]byte
		binary.BigEndian.PutUint64(sum[:], mix(c.sum^hashOf(d.identity, d.rules[key.rule].Name)))
		d.done = append(d.done, Dropped{
			Rule: d.rules[key.rule].Name, ID: hex.EncodeToString(sum[:]), Day: time.Unix(key.day, 0).UTC(), Lines: c.lines, Kept: c.kept,
		})
	}
	clear(d.current)
	d.order, d.identity = d.order[:0], identity
}

// maxDropped is the size of the longest Dropped as JSON, in bytes.
const maxDropped = 200

// take returns what messages before the current one dropped, as far as its JSON is at most room bytes long, and removes it.
func (d *drops) take(room int) []Dropped {
	n := min(len(d.done), room/maxDropped)
	taken := d.done[:n:n]
	if d.done = d.done[n:]; len(d.done) == 0 {
		d.done = nil
	}
	return taken
}

func (d *drops) add(n uint16, at time.Time, sum uint64, kept bool) {
	key := dropKey{rule: n, day: at.UTC().Truncate(time.Duration(day)).Unix()}
	c := d.current[key]
	if c == nil {
		c = &dropCount{}
		d.current[key] = c
		d.order = append(d.order, key)
	}
	c.sum = mix(c.sum + sum)
	if kept {
		c.kept++
	} else {
		c.lines++
	}
}

func hashOf(texts ...string) uint64 {
	h := fnv.New64a()
	for _, text := range texts {
		_, _ = h.Write([]byte(text)) // never fails
		_, _ = h.Write([]byte{0})    // never fails
	}
	return h.Sum64()
}
