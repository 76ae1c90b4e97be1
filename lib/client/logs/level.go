package logs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"heroku-drains/lib/logformat"
)

// Level says how urgent a line is. The zero value is no level.
type Level int

// The levels.
const (
	Debug Level = iota + 1
	Info
	Notice
	Warning
	Error
	Critical
)

// levels are the words and numbers that programs use: those of RFC 5424, of the usual libraries, and of pino and Bunyan.
// https://getpino.io/#/docs/api?id=loggerlevel-string-gettersetter
var levels = map[string]Level{
	"trace": Debug, "debug": Debug, "10": Debug, "20": Debug,
	"info": Info, "information": Info, "informational": Info, "30": Info,
	"notice": Notice,
	"warn":   Warning, "warning": Warning, "40": Warning,
	"err": Error, "error": Error, "severe": Error, "50": Error,
	"crit": Critical, "critical": Critical, "fatal": Critical, "60": Critical, "alert": Critical, "emerg": Critical, "emergency": Critical, "panic": Critical,
}

// ParseLevel reads a level as a person gives it.
func ParseLevel(text string) (Level, error) {
	l, known := levels[strings.ToLower(text)]
	if !known || isDigits(text) {
		return 0, fmt.Errorf("%q is not a level: give debug, info, notice, warning, error or critical", text)
	}
	return l, nil
}

// level words as they are written in lines: each also in capitals, and with a capital.
var (
	criticalWords = []string{"crit", "critical", "fatal", "alert", "emerg", "emergency", "panic"}
	errorWords    = []string{"err", "error", "severe"}
	warningWords  = []string{"warn", "warning"}
)

// texts returns texts of which each line of this level or a more urgent one contains at least one; none if there are none that would exclude
// many lines.
func (l Level) texts() []string {
	var found []string
	add := func(words []string, letter, number string, others ...string) {
		for _, word := range words {
			found = append(found, word, strings.ToUpper(word), capitalized(word))
		}
		// As Ruby's Logger begins a line, and as a number in JSON or in logfmt.
		found = append(found, letter+",", ":"+number, " "+number, "="+number, `"`+number)
		found = append(found, others...)
	}
	switch l {
	case Critical:
		add(criticalWords, "F", "60")
	case Error:
		found = Critical.texts()
		add(errorWords, "E", "50", "status=5", `"status":5`, "crashed", "exited")
	case Warning:
		found = Error.texts()
		add(warningWords, "W", "40")
	}
	return found // a line without a level counts as Info
}

// terms returns a filter pattern for the texts; "" without any.
func (l Level) terms() string {
	var terms []string
	for _, text := range l.texts() {
		terms = append(terms, "?"+quote(text))
	}
	return strings.Join(terms, " ")
}

// expression returns a regular expression for the texts; "" without any.
func (l Level) expression() string {
	var alternatives []string
	for _, text := range l.texts() {
		alternatives = append(alternatives, regexp.QuoteMeta(text))
	}
	return strings.Join(alternatives, "|")
}

func capitalized(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// levelOf returns the level that a word or number in a line stands for; 0 if none: in small letters, in capitals, or with one capital.
func levelOf(text string) Level {
	lower := strings.ToLower(text)
	if text != lower && text != strings.ToUpper(text) && text != capitalized(lower) {
		return 0
	}
	return levels[lower]
}

// LevelOf returns the level of a line: what Heroku's own lines say; what an app's line says as a field level, severity, lvl or levelname of JSON, level, severity or lvl of
// logfmt, or as one of its first words (ERROR, [error], "error:", and "E," as Ruby writes it); or else its syslog severity. Info if nothing is known.
func LevelOf(l *logformat.Line) Level {
	var found Level
	switch l.Writer() {
	case logformat.ByRouter:
		found = routerLevel(logformat.HerokuText(l.Message))
	case logformat.ByPlatform, logformat.ByAPI, logformat.ByLogplex, logformat.ByShuttle:
		found = platformLevel(logformat.HerokuText(l.Message))
	default:
		found = printedLevel(l.Message)
	}
	if found == 0 {
		found = levels[l.Severity]
	}
	if found == 0 {
		found = Info
	}
	return found
}

// routerLevel returns the level of a router line; 0 for requests without a problem.
func routerLevel(message []byte) Level {
	level := string(logformat.RouterLevel(message))
	switch {
	case level == "error", bytes.HasPrefix(logformat.ReadResponse(message).Status, []byte("5")):
		return Error
	case level == "warning":
		return Warning
	}
	return 0
}

// platformLevel returns the level of a line about a dyno or of the log system; 0 if it says nothing bad.
func platformLevel(message []byte) Level {
	status, exited := bytes.CutPrefix(message, []byte("Process exited with status "))
	switch {
	case logformat.ErrorCode(message) != nil, exited && string(status) != "0", bytes.HasSuffix(message, []byte(" to crashed")):
		return Error
	}
	return 0
}

// printedLevel returns the level that a program has written into a line; 0 if there is none.
func printedLevel(message []byte) Level {
	if text := bytes.TrimSpace(message); bytes.HasPrefix(text, []byte("{")) {
		var fields struct{ Level, Severity, Lvl, LevelName any }
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber() // 5e1 is no level
		if decoder.Decode(&fields) == nil {
			for _, value := range []any{fields.Level, fields.Severity, fields.Lvl, fields.LevelName} {
				if level := levelOf(fmt.Sprint(value)); level != 0 {
					return level
				}
			}
			return 0
		}
	}
	if level := firstWords(message); level != 0 {
		return level
	}
	var found Level
	logformat.Pairs(message, func(name, value []byte) {
		switch string(name) {
		case "level", "severity", "lvl":
			if found == 0 {
				found = levelOf(string(value))
			}
		}
	})
	return found
}

const (
	// words is how many words of a line can be its level: there may be a date, a time, a process and a name before it.
	words = 6
	// longestWord is that of a level in brackets, with a colon after it.
	longestWord = len("[informational]:")
)

// firstWords returns the level that is one of a line's first words.
func firstWords(message []byte) Level {
	for i := range words {
		word, rest, more := bytes.Cut(message, []byte(" "))
		if level := wordLevel(word, i); level != 0 {
			return level
		}
		if !more {
			break
		}
		message = rest
	}
	return 0
}

// rubyLevels are those of Ruby's Logger: "E, [2026-11-22T15:17:21.123 #4] ERROR -- : text".
var rubyLevels = map[string]Level{"D,": Debug, "I,": Info, "W,": Warning, "E,": Error, "F,": Critical}

// wordLevel returns the level that a word is, at a position from 0: in capitals, in brackets, or as the first word before a colon.
func wordLevel(word []byte, position int) Level {
	if len(word) > longestWord {
		return 0
	}
	text := string(word)
	if position == 0 && rubyLevels[text] != 0 {
		return rubyLevels[text]
	}
	bare := strings.Trim(text, "[]():|,")
	marked := strings.HasPrefix(text, "[") || strings.HasPrefix(text, "(") || position == 0 && strings.HasSuffix(text, ":")
	if isDigits(bare) || !marked && bare != strings.ToUpper(bare) {
		return 0
	}
	return levelOf(bare)
}

// isDigits reports whether a text begins with a digit: a level of JSON, and no word.
func isDigits(text string) bool { return text != "" && '0' <= text[0] && text[0] <= '9' }
