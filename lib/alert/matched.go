package alert

import (
	"bytes"
	"encoding/json"
	"strings"

	"heroku-drains/lib/logformat"
)

// matched is a line that is being matched. What is read of it is read once, when a rule needs it.
type matched struct {
	*logformat.Line
	writer logformat.Writer
	text   []byte // the message without colors

	router     logformat.Router
	routerRead bool
	object     map[string]any // the members of a JSON line
	objectRead bool
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

// readObject returns the members of a line that is a JSON object; nil if it is not.
func (l *matched) readObject() map[string]any {
	if l.objectRead {
		return l.object
	}
	l.objectRead = true
	text := bytes.TrimSpace(l.text)
	if bytes.HasPrefix(text, []byte("{")) && bytes.HasSuffix(text, []byte("}")) {
		_ = json.Unmarshal(text, &l.object) // a line that is not JSON leaves no members
	}
	return l.object
}

// field returns the text of a member of a JSON line, which can be one of an object in it.
func (l *matched) field(path []string) (string, bool) {
	if !bytes.HasPrefix(bytes.TrimLeft(l.text, " \t"), []byte("{")) || !bytes.Contains(l.text, []byte(path[0])) {
		return "", false // the usual case
	}
	var value any = l.readObject()
	for _, name := range path {
		object, ok := value.(map[string]any)
		if !ok {
			return "", false
		}
		if value, ok = object[name]; !ok {
			return "", false
		}
	}
	return textOf(value), true
}

// textOf returns a value of JSON as the text that patterns apply to.
func textOf(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

// severity returns how urgent a line is, as its own level says, or else its syslog severity: RFC 5424's words.
func (l *matched) severity() string {
	for _, name := range []string{"level", "severity"} {
		if level, ok := l.field([]string{name}); ok {
			return severityOf(level)
		}
	}
	return severityOf(l.Severity)
}

// severityOf returns RFC 5424's word for a level. A level that it does not know stays as it is, in lower case.
// Numbers are those of pino and Bunyan: https://getpino.io/#/docs/api?id=loggerlevel-string-gettersetter
func severityOf(level string) string {
	switch level = strings.ToLower(level); level {
	case "trace", "10", "20":
		return "debug"
	case "information", "informational", "30":
		return "info"
	case "warn", "40":
		return "warning"
	case "error", "50":
		return "err"
	case "critical", "fatal", "60":
		return "crit"
	case "panic", "emergency":
		return "emerg"
	}
	return level
}
