package lines

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Format is the format in which a drain stores lines.
type Format string

// The formats.
const (
	Text Format = "text"
	JSON Format = "json"
)

// Event is what must be stored for a line.
type Event struct {
	// Text is that of the log event. In the JSON format it is canonical: see Canonical.
	Text string
	// Time is that of the log event, in milliseconds since 1970. It is 0 if the line has none that CloudWatch Logs accepts.
	Time int64
	// Messages are the indexes of the messages of the request that the line consists of.
	Messages []int
}

// Expect returns the events that must be stored for the messages of one request, which is sent at about now.
func Expect(format Format, messages [][]byte, now time.Time) []Event {
	var all []*line
	open := map[string]*line{}
	for i, m := range messages {
		l := parse(string(m))
		if first := open[l.key()]; first != nil && !l.malformed {
			first.text += l.text
			first.messages = append(first.messages, i)
			if !l.chunk {
				delete(open, l.key())
			}
			continue
		}
		l.messages = []int{i}
		all = append(all, l)
		if l.chunk {
			open[l.key()] = l
		}
	}
	events := make([]Event, len(all))
	for i, l := range all {
		l.text = repair(l.text)
		at, moved := l.time(now)
		events[i] = Event{Messages: l.messages, Text: l.plain(moved)}
		if format == JSON {
			events[i].Text = l.json(at, moved)
		}
		if !moved && !at.IsZero() {
			events[i].Time = at.UnixMilli()
		}
	}
	return events
}

// line is a message of Logplex: "<PRI>1 TIME HOST APP PROC - TEXT".
type line struct {
	pri, timeText, host, source, process, text string

	malformed bool
	chunk     bool // a later message may continue it
	messages  []int
}

// parse reads a message. White space alone is not sent by this package, so each message is a line.
func parse(message string) *line {
	broken := &line{malformed: true, source: "heroku-drains", process: "malformed", text: message}
	pri, rest, ok := strings.Cut(message, ">1 ")
	if !ok || len(pri) < 2 || pri[0] != '<' {
		return broken
	}
	if _, err := strconv.Atoi(pri[1:]); err != nil {
		return broken
	}
	text, newline := strings.CutSuffix(rest, "\n")
	fields := strings.SplitN(text, " ", 6)
	if len(fields) < 6 || fields[4] != "-" {
		return broken
	}
	l := &line{pri: pri[1:], timeText: fields[0], host: fields[1], source: fields[2], process: fields[3], text: fields[5]}
	// log-shuttle writes a second NILVALUE, which is not part of the text. A dyno's list can begin like that, where the host is Logplex's.
	if l.host != "host" || l.source == "heroku" || strings.HasPrefix(l.process, "heroku-") {
		l.text = strings.TrimPrefix(l.text, "- ")
	}
	l.chunk = len(l.text) == ChunkSize && !newline && l.source == "app" && strings.Contains(l.process, ".") && strings.Contains(l.timeText, ".")
	return l
}

// key is what the chunks of a line share.
func (l *line) key() string {
	return strings.Join([]string{l.timeText, l.host, l.source, l.process}, " ")
}

// time returns the line's time, and whether CloudWatch Logs does not accept it: the log group keeps lines for 7 days, and a line may be up to two
// hours ahead. It is zero if it cannot be read.
func (l *line) time(now time.Time) (at time.Time, moved bool) {
	if l.malformed {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, l.timeText)
	if err != nil {
		return time.Time{}, false
	}
	return at, at.Before(now.Add(-6*24*time.Hour)) || at.After(now.Add(time.Hour))
}

// plain returns the line in the text format.
func (l *line) plain(moved bool) string {
	var b strings.Builder
	b.WriteString(l.source + "[" + l.process + "]: " + l.text)
	if l.malformed {
		return b.String()
	}
	if l.hasHost() {
		b.WriteString(" [host " + l.host + "]")
	}
	if l.severity() == "" {
		b.WriteString(" [priority " + l.pri + "]")
	}
	at, _ := l.time(time.Time{})
	switch {
	case moved:
		b.WriteString(" [original time " + l.timeText + "]")
	case at.IsZero() && l.timeText == "-":
		b.WriteString(" [no readable time]")
	case at.IsZero():
		b.WriteString(" [no readable time: " + l.timeText + "]")
	}
	return b.String()
}

func (l *line) hasHost() bool { return l.host != "host" && l.host != "-" && l.host != "" }

// severity returns the name of the severity, or "" if the priority is out of range.
func (l *line) severity() string {
	n, err := strconv.Atoi(l.pri)
	if err != nil || n > 191 {
		return ""
	}
	return []string{"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"}[n%8]
}

// repair replaces each run of bytes that are not UTF-8 by one U+FFFD.
func repair(text string) string {
	var b strings.Builder
	bad := false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		invalid := r == utf8.RuneError && size == 1
		switch {
		case !invalid:
			b.WriteString(text[i : i+size])
		case !bad:
			b.WriteRune(utf8.RuneError)
		}
		bad = invalid
		i += size
	}
	return b.String()
}
