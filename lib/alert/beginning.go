package alert

import (
	"bytes"
	"strings"
)

// beginning returns a pattern that matches only where a program begins to say something: at the start of a text, or after what loggers and
// languages write before a message. Text further inside a line is often a visitor's, such as the path of a request or what was searched for.
func beginning(pattern string) string {
	return `^(?:(?:` + strings.Join([]string{
		`\[[^\]"'=]*\]:?|\([^)"'=]*\):?`, // [web-1], [2026-11-20T12:00:00], (node:4)
		`[0-9][0-9TZ:.,+/-]*`,            // a time, a process ID
		`[A-Z],`,                         // E, [… #4] ERROR -- : of Ruby
		`(?i:warn|warning|err|error|fail|fatal|crit|critical|severe|panic):?`, // levels that are not calm
		`(?i:warning|error|critical):[\w.]+:`,                                 // ERROR:root: of Python
		`---?|[:|*>-]+`,                                                       // between the parts
		`(?:\w+\.)+[\w$]+ +[:-]`,                                              // com.example.Orders -, of Java
		`(?:pid|tid|jid|bid|class|queue|elapsed)=[\w.:-]+`,                    // Sidekiq
		`sql_error_code = \w+(?: \w+ ?= ?(?:"[^"]*"|\w+))*`,                   // Heroku Postgres
		`PHP [A-Z][a-z]+(?: error)?:`,                                         // PHP Fatal error:
		`Caused by:|Uncaught|runtime error:|Exception in thread "[^"]*"|Postgrex\.Protocol \(#PID<[\d.]+>\) failed to connect:`,
		"[\\w/.-]+:\\d+:in [`'][^']*':", // app.rb:3:in 'call': of Ruby
		`(?:[A-Za-z_][\w.:\\$]*)?(?:Error|Exception|StatementInvalid|Deadlocked|Errno::|PG::)\w*(?::| \()`, // the class of an exception
	}, "|") + `)\s*|\s+)*(?:` + pattern + `)`
}

// messageFields are the fields of JSON lines whose first line says what went wrong; of traceFields, each line can.
var (
	messageFields = [][]string{{"message"}, {"msg"}, {"error"}, {"err"}, {"error", "message"}, {"err", "message"}, {"exception", "message"}}
	traceFields   = [][]string{{"exception"}, {"stack"}, {"stack_trace"}, {"stacktrace"}, {"exc_info"}, {"error", "stack"}, {"err", "stack"}}
)

// saysIt reports whether the program says what a default rule looks for: as the beginning of a line or, in a line of JSON whose level is not a
// calm one, as that of a field for messages.
func (c *compiled) saysIt(l *matched, text []byte) bool {
	if trimmed := bytes.TrimSpace(l.text); len(trimmed) == 0 || trimmed[0] != '{' || !l.isJSON() {
		return c.pattern().Match(text)
	}
	for _, name := range levelFields {
		if level, found := l.field(name); found && isCalm(severityOf(level)) {
			return false
		}
	}
	for _, name := range messageFields {
		if value, found := l.field(name); found {
			if line, _, _ := bytes.Cut(value, []byte("\n")); c.pattern().Match(line) {
				return true
			}
		}
	}
	for _, name := range traceFields {
		value, _ := l.field(name)
		for line := range bytes.Lines(value) {
			if c.pattern().Match(bytes.TrimRight(line, "\r\n")) {
				return true
			}
		}
	}
	return false
}

// isCalm reports whether a level says that nothing is wrong.
func isCalm(severity string) bool {
	return severity == "debug" || severity == "info" || severity == "notice"
}
