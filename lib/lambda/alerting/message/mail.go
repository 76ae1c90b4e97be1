package message

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"heroku-drains/lib/alert"
)

// mail returns the text of a mail.
func mail(n alert.Notification) string {
	var b strings.Builder
	b.WriteString(headline(n) + "\n\n" + facts(n) + "\n")
	section := func(title string, lines ...string) {
		lines = slices.DeleteFunc(lines, func(line string) bool { return line == "" })
		if len(lines) == 0 {
			return
		}
		b.WriteString("\n" + title + "\n")
		for _, line := range lines {
			b.WriteString("  " + printable(line) + "\n")
		}
	}
	if n.Event == alert.Digest || n.Event == alert.Test {
		section("What it means", n.Description)
	}
	if n.Event == alert.Firing {
		section("What it means", n.Description)
		section("What to look at first", n.Advice)
	}
	section("Alerts", digestLines(n)...)
	section("Lines", sampleLines(n)...)
	section("Lines by minute", minuteLines(n)...)
	section("Most affected", affectedLines(n)...)
	section("Newest release before", releaseLine(n))
	section("Show the lines", n.LogsURL, n.Command)
	fmt.Fprintf(&b, "\nSent by heroku-drains, stack %s. Notification %s.\n", printable(n.Stack), n.ID)
	return b.String()
}

// headline says what a notification is about: "H12 Request timeout on shop, critical".
func headline(n alert.Notification) string {
	switch n.Event {
	case alert.Digest:
		return n.Subject
	case alert.Test:
		return "A test of the alerts of heroku-drains"
	}
	text := printable(label(n)) + " on " + n.App
	switch {
	case n.Event == alert.Resolved:
		text += " is over"
	case n.Level != "":
		text += ", " + string(n.Level)
	}
	return text
}

// facts says how many lines there were and when.
func facts(n alert.Notification) string {
	var text string
	switch {
	case n.Event == alert.Digest:
		return "From " + date(n.Since) + " to " + date(n.Time) + "."
	case n.Event == alert.Test:
		return "Sent at " + date(n.Time) + "."
	case n.Lines == 0 && n.Until.IsZero():
		text = "The last line is of " + date(n.Since) + ", " + span(n.Time.Sub(n.Since)) + " ago."
	case n.Lines == 0:
		text = "No lines from " + date(n.Since) + " to " + date(n.Until) + ", for " + span(n.Until.Sub(n.Since)) + "."
	case n.Until.IsZero():
		text = counted(n) + " since " + date(n.Since) + ", " + span(n.Time.Sub(n.Since)) + " ago."
	default:
		text = counted(n) + " from " + date(n.Since) + " to " + date(n.Until) + ", in " + span(n.Until.Sub(n.Since)) + "."
	}
	if n.Late {
		text += " They arrived late, because of an outage or a backlog."
	}
	if n.Event == alert.Firing && !n.Until.IsZero() {
		text += " The alert was over when it was noticed: its last line was written " + span(n.Time.Sub(n.Until)) + " before this message. No other one says that it is over."
	}
	return text
}

// counted says how many lines there were: "14 lines", "3 samples of DATABASE".
func counted(n alert.Notification) string {
	text := plural(n.Lines, unit(n.Kind))
	if n.Kind == alert.Samples && len(n.Affected) == 1 {
		text += " of " + printable(n.Affected[0].Name)
	}
	return text
}

// digestLines returns a line for each alert of a digest.
func digestLines(n alert.Notification) []string {
	var lines []string
	for _, a := range n.Alerts {
		lines = append(lines, a.Time.UTC().Format("15:04 ")+a.Subject)
	}
	return lines
}

// sampleLines returns the lines that are shown.
func sampleLines(n alert.Notification) []string {
	var lines []string
	for _, l := range n.Samples {
		lines = append(lines, fmt.Sprintf("%s %s[%s]: %s", l.Time.UTC().Format("15:04:05"), l.Source, l.Process, l.Text))
	}
	return lines
}

// maxMinutes is the number of minutes whose counts a mail shows, the newest.
const maxMinutes = 20

// minuteLines returns the counts by minute, with a bar for each.
func minuteLines(n alert.Notification) []string {
	counts := n.PerMinute[max(len(n.PerMinute)-maxMinutes, 0):]
	if len(n.PerMinute) < 2 {
		return nil // the facts say it
	}
	highest := 0
	for _, c := range counts {
		highest = max(highest, c.Lines)
	}
	const width = 30
	var lines []string
	for _, c := range counts {
		bar := strings.Repeat("#", max((c.Lines*width+highest-1)/max(highest, 1), 1))
		lines = append(lines, fmt.Sprintf("%s %7s %s", time.Unix(c.At, 0).UTC().Format("15:04"), number(c.Lines), bar))
	}
	return lines
}

func affectedLines(n alert.Notification) []string {
	var lines []string
	for _, a := range n.Affected {
		lines = append(lines, fmt.Sprintf("%7s %s", number(a.Lines), a.Name))
	}
	return lines
}

// releaseLine says how long before the alert the newest release was: "v12, 3 min before (11:57:01 UTC)".
func releaseLine(n alert.Notification) string {
	if n.Release == nil {
		return ""
	}
	return fmt.Sprintf("Release %s, deployed %s before (%s)", n.Release.Version, span(n.Since.Sub(n.Release.Time)), date(n.Release.Time))
}

// printable returns a text without characters that a mail program may not show as they are.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || r == 0xfeff || r >= 0xfff0 && r <= 0xffff ||
			r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return '?'
		}
		return r
	}, text)
}
