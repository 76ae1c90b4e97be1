package alert

import (
	"bytes"
	"encoding/json"

	"heroku-drains/lib/logformat"
)

// matched is a line that is being matched. What is read of it is read once, when a rule needs it.
type matched struct {
	*logformat.Line
	writer logformat.Writer
	text   []byte // the message without colors

	router     logformat.Router
	routerRead bool
	json       bool // the text is JSON
	checked    bool // json is set
}

// readRouter returns the fields of a router line.
func (l *matched) readRouter() *logformat.Router {
	if !l.routerRead {
		l.router, l.routerRead = logformat.ReadRouter(logformat.HerokuText(l.text)), true
	}
	return &l.router
}

// path returns the path of a router line without its query.
func (l *matched) path() []byte {
	path, _, _ := bytes.Cut(l.readRouter().Path, []byte("?"))
	return path
}

// name returns what a line is counted under: the path of a request, or else the dyno.
func (l *matched) name() []byte {
	if l.writer == logformat.ByRouter {
		return l.path()
	}
	return l.Process
}

// field returns the text of a member of a JSON line, which can be one of an object in it. Whether the line is JSON remains to be checked: see
// isJSON.
func (l *matched) field(path []string) (text []byte, found bool) {
	value := bytes.TrimSpace(l.text)
	if len(value) == 0 || value[0] != '{' || value[len(value)-1] != '}' {
		return nil, false
	}
	for _, name := range path {
		if value, found = member(value, name); !found {
			return nil, false
		}
	}
	return textOf(value), true
}

// isJSON reports whether the line is JSON.
func (l *matched) isJSON() bool {
	if !l.checked {
		l.checked, l.json = true, json.Valid(l.text)
	}
	return l.json
}

var levelFields = [][]string{{"level"}, {"severity"}}

// hasSeverity reports whether a line is as urgent as a word of RFC 5424's says: by its own level, or else by its syslog severity.
func (l *matched) hasSeverity(word string) bool {
	for _, name := range levelFields {
		if level, found := l.field(name); found {
			if severityOf(level) != word {
				return false
			}
			if l.isJSON() {
				return true
			}
		}
	}
	return severityOf([]byte(l.Severity)) == word
}

// severities are the words that programs use for RFC 5424's, and the numbers of pino and Bunyan.
// https://getpino.io/#/docs/api?id=loggerlevel-string-gettersetter
var severities = map[string]string{
	"debug": "debug", "trace": "debug", "10": "debug", "20": "debug",
	"info": "info", "information": "info", "informational": "info", "30": "info",
	"notice": "notice", "warning": "warning", "warn": "warning", "40": "warning",
	"err": "err", "error": "err", "50": "err",
	"crit": "crit", "critical": "crit", "fatal": "crit", "60": "crit",
	"alert": "alert", "emerg": "emerg", "panic": "emerg", "emergency": "emerg",
}

// severityOf returns RFC 5424's word for a level; "" for one that it does not know.
func severityOf(level []byte) string {
	var lower [len("informational")]byte
	if len(level) > len(lower) {
		return ""
	}
	for i, c := range level {
		if lower[i] = c; 'A' <= c && c <= 'Z' {
			lower[i] |= 0x20
		}
	}
	return severities[string(lower[:len(level)])]
}
