package message

import (
	"strings"
	"time"

	"heroku-drains/lib/alert"
)

// maxSubject is the length of a subject: SNS takes fewer than 100 characters.
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
const maxSubject = 99

// maxEnd is the length of what a subject says last. What is before it is the same when an alert begins and when it is over, so that pagers can take
// it for the name of the alert.
const maxEnd = 30

// subject returns a subject that fits, in printable ASCII. If the middle part is too long, it is shortened. The first of the ends is taken for which
// there is room.
func subject(start, middle string, ends ...string) string {
	start, middle = ascii(start), ascii(middle)
	const mark = "..."
	if room := maxSubject - len(start) - maxEnd; len(middle) > room {
		middle = strings.TrimSpace(middle[:max(room-len(mark), 0)]) + mark
	}
	var all string
	for _, end := range ends {
		if all = start + middle + ascii(end); len(all) <= maxSubject {
			break
		}
	}
	return all[:min(len(all), maxSubject)]
}

// folded are ASCII characters for others that titles often have.
var folded = strings.NewReplacer(
	"…", "...", "–", "-", "—", "-", "‘", "'", "’", "'", "“", `"`, "”", `"`, "\u00a0", " ", "×", "x", "→", "->", "≥", ">=", "≤", "<=",
	"ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "ß", "ss", "à", "a", "á", "a", "â", "a", "ã", "a", "å", "a", "ç", "c", "è", "e",
	"é", "e", "ê", "e", "ë", "e", "í", "i", "î", "i", "ñ", "n", "ó", "o", "ô", "o", "õ", "o", "ø", "o", "ú", "u", "û", "u",
)

// ascii returns a text in printable ASCII.
func ascii(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, folded.Replace(text))
}

// label names a rule: "H12 Request timeout".
func label(n alert.Notification) string {
	if n.Title == "" || strings.HasPrefix(n.Title, n.Rule) {
		return strings.TrimSpace(n.Rule + strings.TrimPrefix(n.Title, n.Rule))
	}
	return n.Rule + " " + n.Title
}

// summaries say in a few words what is the matter, the first more than the second: "14 in 5 min", "resolved after 12 min, 214 lines".
func summaries(f Facts) (long, short string) {
	lasted := f.Last.Sub(f.Since)
	switch {
	case f.Event == alert.Resolved && f.Rule.Kind != alert.Silence && lasted < time.Second:
		short = "resolved"
	case f.Event == alert.Resolved:
		short = "resolved after " + span(lasted)
	case f.Rule.Kind == alert.Silence:
		short = "none for " + span(f.Time.Sub(f.Since))
	case f.Rule.Kind == alert.Samples || f.Lines == 1:
		short = plural(f.Lines, unit(f.Rule.Kind))
	default:
		short = number(f.Lines) + " in " + span(max(lasted, time.Duration(f.Rule.Window)))
	}
	long = short
	switch {
	case f.Event == alert.Resolved && f.Rule.Kind != alert.Silence:
		long += ", " + plural(f.Lines, unit(f.Rule.Kind))
	case f.Event == alert.Firing && f.Rule.Kind == alert.Samples && len(f.Affected) > 0:
		if len(f.Affected) == 1 && f.Lines <= f.Rule.Threshold && f.Lines > 1 {
			long += " in a row" // of one dyno or data store, no more than begin the alert
		}
		long = strings.ReplaceAll(f.Affected[0].Name, ":", "") + ", " + long
	}
	if f.Late && f.Event == alert.Firing {
		long += ", late"
	}
	if f.Over {
		long, short = long+", over", "over, "+plural(f.Lines, unit(f.Rule.Kind))
	}
	return long, short
}

// unit names what a rule of a kind counts.
func unit(kind alert.Kind) string {
	if kind == alert.Samples {
		return "sample"
	}
	return "line"
}
