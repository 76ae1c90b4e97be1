package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/fatih/color"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/term"
	"heroku-drains/lib/logformat"
)

// herokuTime is the layout of the time that `heroku logs` prints before a line.
const herokuTime = "2006-01-02T15:04:05.000000-07:00"

// The values of --format.
const (
	formatFull  = "full"
	formatShort = "short"
	formatRaw   = "raw"
	formatJSON  = "json"
	// formatEvent is --json: the stored event.
	formatEvent = "event"
)

// linePrinter prints lines to stdout.
type linePrinter struct {
	s         *session
	format    string
	zone      *time.Location
	highlight *regexp.Regexp    // what is highlighted; nil: nothing
	of        *appStreams       // nil: lines of one app, whose name is not printed
	prefixes  map[string]string // what is printed before the lines of each app, if there are several
	clean     func(string) string
	lines     *term.Lines // what collects the lines; nil: each is written at once
	plain     bool        // stdout is a pipe or a file
	buffer    []byte
	objects   logs.Objects
}

// linePrinter returns a printer that prints a line as `heroku logs` does.
func (s *session) linePrinter() *linePrinter {
	return &linePrinter{s: s, format: formatFull, zone: time.UTC, clean: s.Cleaner()}
}

// printer returns a printer as the flags choose it.
func (c *logsCmd) printer(s *session, of *appStreams) *linePrinter {
	p := s.linePrinter()
	p.format, p.of, p.highlight, p.lines = c.Format, of, of.streams.Selection.Highlight(), s.Lines()
	p.plain = !term.IsTerminal(s.Stdout)
	if c.localTime() {
		p.zone = time.Local
	}
	if c.JSON || s.flags.Output == "json" && c.Format == formatFull {
		p.format = formatEvent
	}
	p.prefixes = s.appPrefixes(of.apps)
	return p
}

// appPrefixes returns an aligned, colored prefix for the lines of each app, or none if there is only one.
func (s *session) appPrefixes(apps []string) map[string]string {
	if len(apps) < 2 {
		return nil
	}
	width := 0
	for _, app := range apps {
		width = max(width, len(app))
	}
	prefixes := map[string]string{}
	for i, app := range apps {
		prefixes[app] = s.PaintStdout(app, appColors[i%len(appColors)]...) + strings.Repeat(" ", width-len(app)+2)
	}
	return prefixes
}

// event prints an event.
func (p *linePrinter) event(e logs.Event) error {
	if p.plain {
		return p.plainEvent(e)
	}
	text, err := p.text(e)
	if err != nil {
		return err
	}
	if p.lines != nil {
		return p.lines.Print([]byte(text))
	}
	return p.s.PrintLine(text)
}

// plainEvent prints an event into a pipe or a file, which may get the lines of a day.
func (p *linePrinter) plainEvent(e logs.Event) error {
	var err error
	if p.buffer, err = p.appendPlain(p.buffer[:0], e); err != nil {
		return err
	}
	return p.lines.Print(p.buffer)
}

// appendPlain appends what text returns where there are no colors, and nothing is made safe.
func (p *linePrinter) appendPlain(dst []byte, e logs.Event) ([]byte, error) {
	switch p.format {
	case formatEvent:
		text, err := rawEvent(e)
		return append(dst, text...), err
	case formatJSON:
		return p.objects.Append(dst, p.of.app(e), e), nil
	}
	l := logs.ReadLine(e)
	if p.format == formatRaw {
		return append(dst, l.Message...), nil
	}
	if p.prefixes != nil {
		dst = append(dst, p.prefixes[p.of.app(e)]...)
	}
	return l.AppendText(append(p.appendHeader(dst, &l), ' ')), nil
}

func (p *linePrinter) text(e logs.Event) (string, error) {
	switch p.format {
	case formatEvent:
		text, err := rawEvent(e)
		return p.clean(text), err
	case formatJSON:
		return p.clean(string(logs.Object(p.of.app(e), e))), nil
	}
	l := logs.ReadLine(e)
	if p.format == formatRaw {
		return p.body(&l, string(l.Message)), nil
	}
	text := p.line(&l)
	if p.prefixes != nil {
		text = p.prefixes[p.of.app(e)] + text
	}
	return text, nil
}

// line returns a line with its time and its process.
func (p *linePrinter) line(l *logformat.Line) string {
	header := p.s.PaintStdout(p.clean(string(p.appendHeader(nil, l))), processColor(string(l.Process))...)
	return header + " " + p.body(l, string(l.AppendText(nil)))
}

// appendHeader appends what is printed before a line's text: "2026-11-22T15:17:21.123000+00:00 app[web.1]:", as `heroku logs` does, or
// "16:17:21 web.1".
func (p *linePrinter) appendHeader(dst []byte, l *logformat.Line) []byte {
	layout := herokuTime
	if p.format == formatShort {
		layout = time.TimeOnly
	}
	if l.Time.IsZero() {
		dst = append(dst, cmp.Or(string(l.OriginalTime), "no readable time")...)
	} else {
		dst = l.Time.In(p.zone).AppendFormat(dst, layout)
	}
	switch {
	case p.format == formatShort:
		const usual = len("worker.1")
		dst = append(append(dst, ' '), l.Process...)
		for range usual - utf8.RuneCount(l.Process) {
			dst = append(dst, ' ')
		}
		return dst
	case len(l.Source) == 0 && len(l.Process) == 0:
		return dst
	}
	dst = append(append(dst, ' '), l.Source...)
	dst = append(append(dst, '['), l.Process...)
	return append(dst, "]:"...)
}

// body returns a line's text with the colors of `heroku logs`, and with what is highlighted. A text that brings its own colors keeps those.
func (p *linePrinter) body(l *logformat.Line, text string) string {
	if !p.s.HasColors() || strings.Contains(text, "\x1b") {
		return p.clean(text)
	}
	spans := bodySpans(l, text)
	if p.highlight != nil {
		spans = highlighted(spans, p.highlight.FindAllStringIndex(text, -1))
	}
	var b strings.Builder
	at := 0
	for _, span := range spans {
		b.WriteString(p.clean(text[at:span.start]))
		b.WriteString(p.s.PaintStdout(p.clean(text[span.start:span.end]), span.style...))
		at = span.end
	}
	b.WriteString(p.clean(text[at:]))
	return b.String()
}

// style is what a part of a line looks like.
type style []color.Attribute

// rawEvent returns an event as JSON, with the field names of the aws CLI.
func rawEvent(e logs.Event) (string, error) {
	text, err := json.Marshal(struct {
		LogStreamName *string `json:"logStreamName"`
		Timestamp     *int64  `json:"timestamp"`
		Message       *string `json:"message"`
		IngestionTime *int64  `json:"ingestionTime"`
		EventID       *string `json:"eventId"`
	}{e.LogStreamName, e.Timestamp, e.Message, e.IngestionTime, e.EventId})
	if err != nil {
		return "", fmt.Errorf("encode event %s: %w", aws.ToString(e.EventId), err)
	}
	return string(text), nil
}
