package cli

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/fatih/color"

	"heroku-drains/lib/logformat"
)

// The styles of `heroku logs`: https://github.com/heroku/cli/blob/main/packages/cli/src/lib/run/colorize.ts
var (
	faint   = style{color.Faint}
	green   = style{color.FgGreen}
	red     = style{color.FgRed}
	yellow  = style{color.FgYellow}
	cyan    = style{color.FgCyan}
	magenta = style{color.FgMagenta}
	command = style{color.FgCyan, color.Bold}
	alarm   = style{color.FgRed, color.Bold}
)

// bodySpans returns the styles of the parts of a line's text, which begins with its message. They depend on who wrote the line: a dyno can
// print what looks like Heroku's.
func bodySpans(l *logformat.Line, text string) []span {
	s := &spans{text: text}
	switch l.Writer() {
	case logformat.ByRouter:
		s.router()
	case logformat.ByPlatform:
		if !s.figures() {
			s.dyno()
		}
	case logformat.ByAPI:
		s.api()
	case logformat.ByAddon:
		if !s.figures() {
			s.match(createTable, faint, magenta, cyan)
		}
	case logformat.ByDyno:
		if !s.match(accessLog, faint, magenta, green, faint) {
			s.match(requestLine, magenta, green)
		} else if code := accessStatus.FindStringSubmatchIndex(text); code != nil {
			s.add(code[2], code[3], statusStyle(text[code[2]:code[3]])...)
		}
	case logformat.ByLogplex, logformat.ByShuttle:
		s.match(errorLine, alarm)
	}
	return s.all
}

// pair matches a pair of a router line, or another word.
var pair = regexp.MustCompile(`([a-z_]+=)("(?:[^"\\]|\\.)*"|[^ ]*)|[^ ]+`)

// router styles each pair: its name is faint, and so are the values of no interest.
func (s *spans) router() {
	for _, m := range pair.FindAllStringSubmatchIndex(s.text, -1) {
		if m[2] < 0 {
			s.add(m[0], m[1], faint...)
			continue
		}
		s.add(m[2], m[3], faint...)
		name, value := strings.TrimSuffix(s.text[m[2]:m[3]], "="), s.text[m[4]:m[5]]
		s.add(m[4], m[5], pairStyle(name, value)...)
	}
}

func pairStyle(name, value string) style {
	switch name {
	case "at":
		if value == "error" {
			return red
		}
	case "code":
		return alarm
	case "method":
		return magenta
	case "path":
		return green
	case "dyno":
		return processColor(value)
	case "status":
		return statusStyle(value)
	case "connect", "service":
		return timeStyle(value)
	}
	return faint
}

// statusStyle returns the style of an HTTP status, which depends on its class.
func statusStyle(status string) style {
	switch {
	case strings.HasPrefix(status, "2"):
		return green
	case strings.HasPrefix(status, "3"):
		return cyan
	case strings.HasPrefix(status, "4"):
		return yellow
	case strings.HasPrefix(status, "5"):
		return red
	}
	return nil
}

// timeStyle returns the style of a time such as "18ms", with the limits of `heroku logs`.
func timeStyle(text string) style {
	took, err := strconv.Atoi(strings.TrimSuffix(text, "ms"))
	switch {
	case err != nil || took <= 0:
		return nil
	case took < 100:
		return style{color.FgHiGreen}
	case took < 500:
		return green
	case took < 5000:
		return yellow
	case took < 10_000:
		return style{color.FgHiYellow}
	}
	return red
}

var (
	stateChange = regexp.MustCompile(`^State changed from (\w+) to (\w+)$`)
	exited      = regexp.MustCompile(`^Process exited with status (\d+)$`)
	starting    = regexp.MustCompile("^Starting process with command (`.+`)(?: by user (.*))?")
	calm        = regexp.MustCompile(`^(Unidling|Idling|Restarting|Cycling)$`)
	stopping    = regexp.MustCompile(`^(Stopping all processes with SIG\w+)$`)
	errorLine   = regexp.MustCompile(`^(Error [A-Z]\d\d)[ :]`)

	built     = regexp.MustCompile(`^(Build succeeded)$`)
	notBuilt  = regexp.MustCompile(`^(Build failed.*)`)
	building  = regexp.MustCompile(`^Build started by user (.+)$`)
	deployed  = regexp.MustCompile(`^Deploy (\w+) by user (.+)$`)
	released  = regexp.MustCompile(`^Release (v\d+) created by (?:user )?(.+)$`)
	scaledBy  = regexp.MustCompile(`^Scaled to (.+) by user (.+)$`)
	configSet = regexp.MustCompile(`^Set (.+) config vars by user (.+)$`)

	createTable  = regexp.MustCompile(`^(\[DATABASE\].*)(CREATE TABLE)(.*)$`)
	accessLog    = regexp.MustCompile(`^(\S+ [^"]{0,200}")([A-Z]{3,10}) ([^ ]+)( HTTP/\d(?:\.\d)?")`)
	accessStatus = regexp.MustCompile(`^[^"]*"[^"]*" (\d{3})\b`)
	requestLine  = regexp.MustCompile(`"([A-Z]{3,10}) ([^ ]+) HTTP/\d(?:\.\d)?"`)
)

// match adds the groups of a match, and reports whether there is one.
func (s *spans) match(expression *regexp.Regexp, looks ...style) bool {
	m := expression.FindStringSubmatchIndex(s.text)
	s.groups(m, looks...)
	return m != nil
}

// dyno styles what the platform says of a dyno.
func (s *spans) dyno() {
	if m := stateChange.FindStringSubmatchIndex(s.text); m != nil {
		s.groups(m, stateStyle(s.text[m[2]:m[3]]), stateStyle(s.text[m[4]:m[5]]))
		return
	}
	if m := exited.FindStringSubmatchIndex(s.text); m != nil {
		look := red
		if s.text[m[2]:m[3]] == "0" {
			look = green
		}
		s.groups(m, look)
		return
	}
	_ = s.match(starting, command, green) || s.match(calm, yellow) || s.match(stopping, red) || s.match(errorLine, alarm)
}

func stateStyle(state string) style {
	switch state {
	case "up", "complete":
		return green
	case "down", "crashed":
		return red
	case "starting":
		return style{color.FgHiYellow}
	}
	return nil
}

// api styles builds, deployments, releases and changes of the app.
func (s *spans) api() {
	_ = s.match(released, magenta, green) || s.match(deployed, cyan, green) || s.match(built, green) || s.match(notBuilt, red) ||
		s.match(building, green) || s.match(scaledBy, cyan, green) || s.match(configSet, cyan, green) || s.match(starting, command, green)
}

// figure matches a figure of a line of metrics.
var figure = regexp.MustCompile(`sample#[^= ]+=([^ ]+)`)

// figures makes a line of metrics faint, except for its figures. It reports whether the text is one.
func (s *spans) figures() bool {
	if !strings.HasPrefix(s.text, "source=") || !strings.Contains(s.text, "sample#") {
		return false
	}
	at := 0
	for _, m := range figure.FindAllStringSubmatchIndex(s.text, -1) {
		s.add(at, m[2], faint...)
		at = m[3]
	}
	s.add(at, len(s.text), faint...)
	return true
}
