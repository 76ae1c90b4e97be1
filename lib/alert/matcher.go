package alert

import (
	"time"

	"heroku-drains/lib/logformat"
)

// Verdict says what becomes of a line.
type Verdict int

// The verdicts.
const (
	Store  Verdict = iota
	DropIt         // a drop rule leaves the line out
)

// maxMatched is how much of a line patterns look at, in bytes, so that a line of a megabyte costs no more than a few others.
const maxMatched = 32 << 10

// Matcher matches the lines of one app, message by message, and collects what matched for a Report. It can be used for any number of batches,
// but not concurrently.
type Matcher struct {
	app   string
	plan  *plan
	token string // of the drain that the current message came through

	hits    hits
	dropped drops
	release *Release
	matched int       // lines since the last report
	newest  time.Time // of all lines
	told    time.Time // the newest that a report had

	// Memory that is used again for each line.
	line     matched
	plain    []byte
	found    bitset // the rules of which a literal is in the text
	anyFound bool
	figures  []figure
}

// Matcher returns a Matcher of the rules in force for an app.
func (s *Set) Matcher(app string) *Matcher {
	p := s.plan(app)
	return &Matcher{
		app: app, plan: p, found: newBitset(len(p.rules)), figures: make([]figure, len(p.figures)),
		hits: newHits(p.rules), dropped: newDrops(p.rules),
	}
}

// Begin starts a message. The identity must be the same for all copies of a message, as far as that is known, and the token that of the drain
// that it came through, or empty.
func (m *Matcher) Begin(identity, token string) {
	m.hits.begin(identity)
	m.dropped.begin(identity)
	m.token = token
}

// Line matches the next line of the message, and says whether to store it. It must have its final time, and its texts must be valid UTF-8 (see
// logformat.Line.Clean). All lines of a message are to be matched, stored before or not.
func (m *Matcher) Line(l *logformat.Line) Verdict {
	if m.newest.Before(l.Time) {
		m.newest = l.Time
	}
	if l.Malformed {
		return Store
	}
	line := &m.line
	line.Line, line.writer, line.routerRead, line.json, line.checked = l, l.Writer(), false, false, false
	line.text, m.plain = logformat.Plain(l.Message, m.plain)
	any := false
	switch line.writer {
	case logformat.ByRouter:
		any = m.matchRouter(line)
	case logformat.ByPlatform:
		any = m.code(line, 'R') || m.samples(line)
	case logformat.ByAddon:
		any = m.samples(line)
	case logformat.ByLogplex, logformat.ByShuttle:
		any = m.code(line, 'L')
	case logformat.ByAPI:
		m.readRelease(line)
	}
	any = m.patterns(line) || any
	if any {
		m.matched++
		return Store
	}
	if len(m.plan.drops) == 0 || isTestLine(l) {
		return Store
	}
	return m.drop(line)
}

// Matched returns how many lines since the last report matched a rule that raises alerts.
func (m *Matcher) Matched() int { return m.matched }

// MaxReport is the size of a Report as JSON, in bytes. SQS accepts a message of 1 MiB, and accepted 256 KiB before.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const MaxReport = 240 << 10

// maxOther is the size of what a Report has besides hits and dropped lines.
const maxOther = 1 << 10

// Report ends the last message, and returns what the lines since the last report matched; nil if there is nothing to tell. A report of more than
// MaxReport bytes becomes several, so call it until it returns nil.
func (m *Matcher) Report() *Report {
	m.Begin("", "")
	m.matched = 0
	r := Report{App: m.app, Release: m.release}
	m.release = nil
	room := MaxReport - maxOther
	r.Dropped = m.dropped.take(room / 2)
	r.Hits = m.hits.take(room - len(r.Dropped)*maxDropped)
	if often := time.Duration(m.plan.silence); often > 0 && m.newest.Sub(m.told) >= often {
		r.LastLine, m.told = m.newest.UTC(), m.newest
	}
	if len(r.Hits) == 0 && len(r.Dropped) == 0 && r.Release == nil && r.LastLine.IsZero() {
		return nil
	}
	return &r
}
