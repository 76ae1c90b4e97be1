package message

import (
	"strings"
	"time"

	"heroku-drains/lib/alert"
)

// maxSubject is the length of a subject: SNS takes less than 100 characters.
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
const maxSubject = 99

// subject returns a subject that fits, in printable ASCII. If it is too long, the middle part is shortened.
func subject(start, middle, end string) string {
	start, middle, end = ascii(start), ascii(middle), ascii(end)
	const mark = "..."
	if room := maxSubject - len(start) - len(end); len(middle) > room {
		middle = strings.TrimSpace(middle[:max(room-len(mark), 0)]) + mark
	}
	all := start + middle + end
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

// summary says in a few words what is the matter: "14 in 5 min", "resolved after 12 min, 214 lines".
func summary(f Facts) string {
	lasted := f.Last.Sub(f.Since)
	switch {
	case f.Event == alert.Resolved && f.Rule.Kind == alert.Silence:
		return "resolved after " + span(lasted)
	case f.Event == alert.Resolved && lasted < time.Second:
		return "resolved, " + plural(f.Lines, unit(f))
	case f.Event == alert.Resolved:
		return "resolved after " + span(lasted) + ", " + plural(f.Lines, unit(f))
	case f.Rule.Kind == alert.Silence:
		return "none for " + span(f.Time.Sub(f.Since))
	}
	var text string
	switch {
	case f.Rule.Kind == alert.Samples:
		text = plural(f.Lines, unit(f))
		if len(f.Affected) > 0 {
			text = f.Affected[0].Name + ", " + text
		}
	case f.Lines == 1:
		text = plural(f.Lines, unit(f))
	default:
		text = number(f.Lines) + " in " + span(max(lasted, time.Duration(f.Rule.Window)))
	}
	switch {
	case f.Over:
		text += ", late, over"
	case f.Late:
		text += ", late"
	}
	return text
}

// unit names what a rule counts.
func unit(f Facts) string {
	if f.Rule.Kind == alert.Samples {
		return "sample"
	}
	return "line"
}
