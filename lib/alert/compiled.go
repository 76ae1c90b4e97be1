package alert

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// compiled is a rule that is ready to match.
type compiled struct {
	Rule
	path, pattern pattern // of Path and Pattern, or nil
	exclude       []pattern
	literals      []string // every match of pattern contains one of these; empty: unknown
	low, high     int      // of Status
	metric, per   string   // Metric is metric, or metric / per
	field         []string // Field's path
	severity      string   // RFC 5424's word for Severity
	atBeginning   bool     // pattern is that of a default rule, which matches only where a program begins to say something
}

// The limits of values.
const (
	maxThreshold = 100_000
	maxText      = 500 // bytes of title, description and advice
	maxPattern   = 1_000
	maxProgram   = 1_000 // instructions of a compiled pattern: a character takes up to as many steps
)

// sources are those of the lines that drains deliver.
var sources = []string{"app", "heroku"}

// processLetters are the characters of the names of processes, and *.
const processLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-*"

// minSilence is the shortest silence: logs come in batches, a few seconds late.
const minSilence = minute

// compile checks a rule, and prepares it for matching. The default is the pattern that the rule has without alerts.yaml, if it is one that apps
// print.
func compile(r Rule, defaultPattern string) (*compiled, Problems) {
	c := &compiler{compiled: &compiled{Rule: r}}
	c.checkCommon()
	switch r.Kind {
	case Slow:
		c.need("over", r.Over != nil, "the milliseconds that a request may take")
	case Status:
		c.need("status", r.Status != "", "a status such as 429 or 5xx")
	case Samples:
		c.compileMetric()
	case Errors, Regexps:
		c.need("pattern", r.Pattern != "", "a regular expression in RE2's syntax")
	case Silence:
		c.need("after", r.After > 0, "how long there was no line")
	case Drop:
		if r.Path+r.Method+r.Status+r.Source+r.Process+r.Severity+r.Pattern == "" {
			c.bad("", "it says nothing about the lines: give path, method, status, source, process, severity or pattern")
		}
	}
	if r.Source != "" && !slices.Contains(sources, r.Source) {
		c.bad("source", "%q is not a source: give app, for dynos and add-ons, or heroku, for the platform; process is the field for others, such as router", r.Source)
	}
	if strings.Trim(r.Process, processLetters) != "" {
		c.bad("process", "%q is not a process: give its name, in which * stands for any characters, such as web.* or router", r.Process)
	}
	if r.Status != "" {
		c.compileStatus()
	}
	if r.Field != "" {
		c.need("pattern", r.Pattern != "", "the regular expression for the field")
		c.field = strings.Split(r.Field, ".")
		if slices.Contains(c.field, "") {
			c.bad("field", "%q is not the name of a field", r.Field)
		}
	}
	if c.Severity != "" {
		if c.severity = severityOf([]byte(c.Severity)); c.severity == "" {
			c.bad("severity", "%q is not a level: give debug, info, notice, warning, error, critical, alert or emergency", c.Severity)
		}
	}
	c.path, _ = c.regexp("path", r.Path)
	if literals, known := defaultLiterals(r.Pattern); known {
		c.pattern, c.literals = newPattern(r.Pattern), literals
	} else {
		c.pattern, c.literals = c.regexp("pattern", r.Pattern)
	}
	if r.Kind == Drop && c.pattern != nil && c.pattern().MatchString("") && r.Path+r.Method+r.Status+r.Source+r.Process+r.Severity == "" {
		c.bad("pattern", "it matches every line, so nothing would be stored: say which lines are meant, or add other fields")
	}
	if c.pattern != nil && r.Pattern == defaultPattern && r.Field == "" {
		c.pattern, c.atBeginning = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(beginning(r.Pattern)) }), true
	}
	for _, path := range r.ExcludePaths {
		if exclude, _ := c.regexp("exclude_paths", path); exclude != nil {
			c.exclude = append(c.exclude, exclude)
		}
	}
	return c.compiled, c.problems
}

// compiler compiles one rule.
type compiler struct {
	*compiled
	problems Problems
}

func (c *compiler) bad(field, format string, args ...any) {
	c.problems = append(c.problems, Problem{Kind: c.Kind, Rule: c.Name, Field: field, Reason: fmt.Sprintf(format, args...)})
}

func (c *compiler) need(field string, given bool, what string) {
	if !given {
		c.bad("", "%s is missing: %s", field, what)
	}
}

// compileMetric reads "name" or "name / name".
func (c *compiler) compileMetric() {
	c.need("metric", c.Metric != "", "a figure's name without sample#, such as memory_total, or two with a slash between them")
	c.need("over or under", c.Over != nil || c.Under != nil, "the limit of the figure")
	var ratio bool
	c.metric, c.per, ratio = strings.Cut(c.Metric, "/")
	c.metric, c.per = strings.TrimSpace(c.metric), strings.TrimSpace(c.per)
	if c.Metric != "" && (strings.ContainsAny(c.metric+c.per, " /=#\"") || c.metric == "" || ratio && c.per == "") {
		c.bad("metric", "%q is not a figure's name, or two with a slash between them", c.Metric)
	}
}

var statusPattern = newPattern(`^[1-5]([0-9]{2}|xx)$`)

// compileStatus reads "429" or "5xx".
func (c *compiler) compileStatus() {
	if !statusPattern().MatchString(c.Status) {
		c.bad("status", "%q is not a status: give one such as 429, or 5xx", c.Status)
		return
	}
	c.low, _ = status3([]byte(strings.ReplaceAll(c.Status, "x", "0")))
	c.high, _ = status3([]byte(strings.ReplaceAll(c.Status, "x", "9")))
}

// regexp checks a pattern, if there is one, and returns it with the texts of which every match contains one.
func (c *compiler) regexp(field, text string) (pattern, []string) {
	if text == "" {
		return nil, nil
	}
	if len(text) > maxPattern {
		c.bad(field, "the regular expression has %d bytes: the limit is %d", len(text), maxPattern)
		return nil, nil
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		c.bad(field, "not a regular expression in RE2's syntax: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return nil, nil
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(program.Inst) > maxProgram {
		c.bad(field, "the regular expression is too large: repeat less, or split it into several rules")
		return nil, nil
	}
	return newPattern(text), required(parsed)
}

// costly reports whether the rule's pattern must be matched against the whole text of every line.
func (c *compiled) costly() bool {
	return !c.Off && c.pattern != nil && c.field == nil && len(c.literals) == 0
}

// searched reports whether a search for the pattern's literals tells which lines it can match. In a JSON line, characters of a field can be
// escaped.
func (c *compiled) searched() bool { return len(c.literals) > 0 && c.field == nil }

// statusIs reports whether a router line has a status of the rule's.
func (c *compiled) statusIs(status []byte) bool {
	n, ok := status3(status)
	return ok && c.low <= n && n <= c.high
}

// pathIs reports whether a path is one that the rule is about.
func (c *compiled) pathIs(path []byte) bool {
	if c.path != nil && !c.path().Match(path) {
		return false
	}
	return !slices.ContainsFunc(c.exclude, func(excluded pattern) bool { return excluded().Match(path) })
}

// status3 returns the number of a status.
func status3(status []byte) (int, bool) {
	if len(status) != 3 {
		return 0, false
	}
	n := 0
	for _, c := range status {
		if c < '0' || '9' < c {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}
