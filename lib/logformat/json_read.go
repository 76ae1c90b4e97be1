package logformat

import (
	"encoding/json"
	"strings"
	"time"

	"heroku-drains/lib/logplex"
)

// jsonStart is how an event in the JSON format begins, and oldStart how one of a version does that wrote the time first, and every line with its
// message.
const (
	jsonStart = `{"source":"`
	oldStart  = `{"time":"`
)

// usualFields is how many members most events have at most.
const usualFields = 24

// readJSON reads an event in the JSON format. It reports false for any other text.
func readJSON(text string, eventTime time.Time) (Line, bool) {
	if !strings.HasPrefix(text, jsonStart) {
		return readOldJSON(text)
	}
	event := []byte(text)
	o := object{members: make([]member, 0, usualFields)}
	if !o.read(event) {
		return Line{}, false
	}
	var h jsonHead
	fields := o.members
	for len(fields) > 0 {
		m := fields[0]
		own, ok := h.member(string(m.name(event)), m.value(event))
		if !ok {
			return Line{}, false
		}
		if !own {
			break
		}
		fields = fields[1:]
	}
	l := h.line
	switch {
	case l.Source == nil, l.Process == nil:
		return Line{}, false
	case !h.timed && l.ID == 0, l.Message == nil && (l.ID == 0 || len(fields) == 0):
		return Line{}, false
	}
	if !h.timed {
		l.Time = l.ID.time(eventTime.UnixMilli())
	}
	if !h.severity {
		l.Severity = l.impliedSeverity()
	}
	if l.Message == nil {
		l.Message = rebuild(&l, event, fields)
	}
	return l, true
}

// jsonHead is what an event in the JSON format says before the fields.
type jsonHead struct {
	line            Line
	timed, severity bool // they are stated
}

// member reads a member. It reports whether its name is one of those that come before the fields, and whether its value is possible.
func (h *jsonHead) member(name string, value []byte) (own, ok bool) {
	l := &h.line
	text := func(dst *[]byte) (own, ok bool) {
		if value[0] == '"' {
			*dst = unquoted(value)
		}
		return true, value[0] == '"'
	}
	var word []byte
	switch name {
	case `"source"`:
		return text(&l.Source)
	case `"process"`:
		return text(&l.Process)
	case `"severity"`:
		_, ok = text(&word)
		l.Severity, h.severity = string(word), ok
	case `"syslog_priority"`:
		return text(&l.Priority)
	case `"syslog_host"`:
		return text(&l.Host)
	case `"time"`:
		if _, ok = text(&word); ok {
			l.Time, ok = logplex.ParseTime(word)
		}
		h.timed = ok
	case `"original_time"`:
		if _, ok = text(&l.OriginalTime); ok {
			_, l.Moved = logplex.ParseTime(l.OriginalTime)
			l.NoTime = !l.Moved
		}
	case `"malformed"`:
		l.Malformed = string(value) == "true"
		l.NoTime, ok = l.Malformed, l.Malformed
	case `"continued"`:
		l.Continued = string(value) == "true"
		ok = l.Continued
	case `"id"`:
		if _, ok = text(&word); ok {
			l.ID, ok = parseID(string(word))
		}
	case `"message"`:
		return text(&l.Message)
	default:
		return false, true
	}
	return true, ok
}

// ReadID returns the ID of the line in an event in the JSON format. It reports false for other events, for those of versions before the ID, and
// for a field "id" of the line itself, which is never in this place.
func ReadID(text string) (ID, bool) {
	if strings.HasPrefix(text, oldStart) {
		return readOldID(text)
	}
	if !strings.HasPrefix(text, jsonStart) {
		return 0, false
	}
	rest, ok := text[1:], true
	for ok {
		var name, value string
		if name, value, ok = strings.Cut(rest, `:`); !ok {
			break
		}
		end := 0
		switch name {
		case `"source"`, `"process"`, `"severity"`, `"syslog_priority"`, `"syslog_host"`, `"time"`, `"original_time"`, `"id"`:
			end = stringLength(value)
		case `"malformed"`, `"continued"`:
			end = len("true")
		}
		if end < len(`""`) || end >= len(value) {
			break
		}
		if name == `"id"` {
			return parseID(value[1 : end-1])
		}
		rest, ok = strings.CutPrefix(value[end:], ",")
	}
	return 0, false
}

// stringLength returns the length of the JSON string that a text begins with; 0 if there is none.
func stringLength(text string) int {
	if !strings.HasPrefix(text, `"`) {
		return 0
	}
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}

// readOldJSON reads an event of a version that wrote every line with its time and message.
func readOldJSON(text string) (Line, bool) {
	// Not a struct, which would confuse "Message", a field of the line, with "message".
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &members) != nil {
		return Line{}, false
	}
	var (
		l                                                Line
		at, source, process, severity, message, original string
		host, priority                                   string
	)
	for _, m := range []struct {
		name     string
		value    any
		required bool
	}{
		{name: "time", value: &at, required: true},
		{name: "source", value: &source, required: true},
		{name: "process", value: &process, required: true},
		{name: "severity", value: &severity},
		{name: "syslog_priority", value: &priority},
		{name: "syslog_host", value: &host},
		{name: "original_time", value: &original},
		{name: "malformed", value: &l.Malformed},
		{name: "continued", value: &l.Continued},
		{name: "message", value: &message, required: true},
	} {
		raw, found := members[m.name]
		if !found && !m.required {
			continue
		}
		if !found || json.Unmarshal(raw, m.value) != nil {
			return Line{}, false
		}
	}
	var readable bool
	if l.Time, readable = logplex.ParseTime([]byte(at)); !readable {
		return Line{}, false
	}
	l.Source, l.Process, l.Severity, l.Message = []byte(source), []byte(process), severity, []byte(message)
	l.Host, l.Priority = []byte(host), []byte(priority)
	l.NoTime = l.Malformed
	if _, found := members["original_time"]; found {
		l.OriginalTime = []byte(original)
		_, l.Moved = logplex.ParseTime(l.OriginalTime)
		l.NoTime = !l.Moved
	}
	l.ID, _ = readOldID(text)
	return l, true
}

// readOldID is ReadID for an event that readOldJSON reads.
func readOldID(text string) (ID, bool) {
	// Quotes in the texts before the message are escaped, so this is the beginning of the message and not a part of them.
	head, _, found := strings.Cut(text, `,"message":"`)
	if !found || !strings.HasPrefix(head, oldStart) {
		return 0, false
	}
	head, closed := strings.CutSuffix(head, `"`)
	if !closed || len(head) < idLength {
		return 0, false
	}
	before, value := head[:len(head)-idLength], head[len(head)-idLength:]
	if !strings.HasSuffix(before, `,"id":"`) {
		return 0, false
	}
	return parseID(value)
}
