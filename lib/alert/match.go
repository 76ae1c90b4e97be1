package alert

import (
	"bytes"
	"strings"

	"heroku-drains/lib/logformat"
)

// matchRouter matches a line of the router. One with an error code is the code's alone: Heroku wrote the response, or the client went away, so it says
// nothing about the app's responses.
func (m *Matcher) matchRouter(l *matched) bool {
	text := logformat.HerokuText(l.text)
	if code := logformat.RouterCode(text); code != nil {
		n, known := m.plan.ruleOf(code, 'H')
		if !known {
			return false
		}
		m.hits.add(n, l, nil)
		return true
	}
	if len(m.plan.slow)+len(m.plan.status) == 0 {
		return false
	}
	response := logformat.ReadResponse(text)
	any := false
	if status, ok := status3(response.Status); ok {
		for _, n := range m.plan.status {
			if r := m.plan.rules[n]; r.low <= status && status <= r.high && r.pathIs(l.path()) {
				m.hits.add(n, l, nil)
				any = true
			}
		}
	}
	if len(m.plan.slow) > 0 && len(response.Service) >= m.plan.slowest && string(response.Status) != switchingProtocols {
		service, _, ok := logformat.Number(response.Service)
		for _, n := range m.plan.slow {
			if r := m.plan.rules[n]; ok && service > *r.Over && r.pathIs(l.path()) {
				m.hits.add(n, l, nil)
				any = true
			}
		}
	}
	return any
}

// switchingProtocols is the status of a WebSocket connection, which lasts as long as the client stays.
const switchingProtocols = "101"

// code matches a line that reports one of Heroku's errors, of dynos (R) or of logs (L).
func (m *Matcher) code(l *matched, letter byte) bool {
	text := logformat.HerokuText(l.text)
	code := logformat.ErrorCode(text)
	if code == nil {
		return false
	}
	n, known := m.plan.ruleOf(code, letter)
	if !known || logformat.NamesOtherDrain(text, m.token) {
		return false
	}
	m.hits.add(n, l, nil)
	return true
}

// samples matches a line of metrics.
func (m *Matcher) samples(l *matched) bool {
	if len(m.plan.samples) == 0 {
		return false
	}
	text := logformat.HerokuText(l.text)
	subject := m.plan.readFigures(text, m.figures)
	if subject == nil {
		return false
	}
	defer clear(m.figures)
	any := false
	for _, n := range m.plan.samples {
		if r := m.plan.rules[n]; m.plan.breaches(r, m.figures) && r.processIs(l.Process) {
			m.hits.add(n, l, m.plan.sampleOf(r, subject, text, m.figures))
			any = true
		}
	}
	return any
}

// patterns matches the text of a line against errors and regexps, and finds the literals of drop rules.
func (m *Matcher) patterns(l *matched) bool {
	texts := m.plan.textsOf(l)
	text := l.text[:min(len(l.text), maxMatched)]
	if m.anyFound {
		clear(m.found)
	}
	m.anyFound = texts.find(text, m.found)
	any := false
	for _, n := range texts.always {
		if m.pattern(n, l, text) {
			any = true
		}
	}
	if !m.anyFound {
		return any
	}
	for n, r := range m.plan.rules {
		if m.found.has(n) && r.Kind != Drop && m.pattern(uint16(n), l, text) {
			any = true
		}
	}
	return any
}

// pattern matches one rule.
func (m *Matcher) pattern(n uint16, l *matched, text []byte) bool {
	r := m.plan.rules[n]
	if !r.processIs(l.Process) {
		return false
	}
	if !r.patternIs(l, text) {
		return false
	}
	m.hits.add(n, l, nil)
	return true
}

// patternIs reports whether the rule's pattern matches the text, or the rule's field of a JSON line.
func (c *compiled) patternIs(l *matched, text []byte) bool {
	if c.atBeginning {
		return c.saysIt(l, text)
	}
	if c.field == nil {
		return c.pattern().Match(text)
	}
	value, found := l.field(c.field)
	return found && c.pattern().Match(value) && l.isJSON()
}

// processIs reports whether a process is one that the rule is about.
func (c *compiled) processIs(process []byte) bool {
	return c.Process == "" || matchGlob(c.Process, process)
}

// readRelease reads a line such as "Release v12 created by user@example.com".
func (m *Matcher) readRelease(l *matched) {
	rest, found := bytes.CutPrefix(l.text, []byte("Release v"))
	version, rest, _ := bytes.Cut(rest, []byte(" "))
	if !found || !bytes.HasPrefix(rest, []byte("created by ")) || len(version) == 0 || len(version) > 9 || strings.Trim(string(version), "0123456789") != "" {
		return
	}
	if m.release == nil || m.release.Time.Before(l.Time) {
		m.release = &Release{Version: "v" + string(version), Time: l.Time}
	}
}
