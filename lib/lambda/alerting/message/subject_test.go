package message_test

import (
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/message"
)

func TestSubjects(t *testing.T) {
	with := func(f message.Facts, change func(*message.Facts)) message.Facts {
		change(&f)
		return f
	}
	memory := alert.Rule{Name: "dyno-memory", Title: "Dyno memory nearly full", Kind: alert.Samples}
	for want, facts := range map[string]message.Facts{
		"[shop] H12 Request timeout: 14 in 5 min":                           firing(),
		"[shop] H12 Request timeout: resolved after 12 min, 214 lines":      resolved(),
		"[shop] H12 Request timeout: 12,345 in 3 h 20 min":                  with(firing(), func(f *message.Facts) { f.Lines, f.Last = 12345, f.Since.Add(200*time.Minute) }),
		"[shop] H12 Request timeout: 14 in 5 min, late":                     with(firing(), func(f *message.Facts) { f.Late = true }),
		"[shop] H12 Request timeout: 14 in 5 min, late, over":               with(firing(), func(f *message.Facts) { f.Late, f.Over = true, true }),
		"[shop] H12 Request timeout: 14 in 5 min, over":                     with(firing(), func(f *message.Facts) { f.Over = true }),
		"[shop] H12 Request timeout: 1 line":                                with(firing(), func(f *message.Facts) { f.Lines = 1 }),
		"[shop] H12 Request timeout: resolved, 1 line":                      with(resolved(), func(f *message.Facts) { f.Lines, f.Last = 1, f.Since }),
		"[shop] dyno-memory Dyno memory nearly full: /checkout, 14 samples": with(firing(), func(f *message.Facts) { f.Rule = memory }),
		"[shop] postgres-connections Postgres connections nearly used up: DATABASE, 3 samples in a row": with(firing(), func(f *message.Facts) {
			f.Rule = alert.Rule{Name: "postgres-connections", Title: "Postgres connections nearly used up", Kind: alert.Samples, Threshold: 3}
			f.Lines, f.Affected = 3, []alert.Affected{{Name: "DATABASE", Lines: 3}}
		}),
		"[shop] payments: 14 in 5 min":                               with(firing(), func(f *message.Facts) { f.Rule.Name, f.Rule.Title = "payments", "" }),
		"[shop] H12: 14 in 5 min":                                    with(firing(), func(f *message.Facts) { f.Rule.Title = "H12" }),
		"[shop] H12 Zahlung laeuft nicht - ?: 14 in 5 min":           with(firing(), func(f *message.Facts) { f.Rule.Title = "Zahlung läuft nicht – 支" }),
		"[shop] H12 " + strings.Repeat("x", 55) + "...: 14 in 5 min": with(firing(), func(f *message.Facts) { f.Rule.Title = strings.Repeat("x", 300) }),
	} {
		if n := composer.Alert(facts); n.Subject != want {
			t.Errorf("subject %q, want %q", n.Subject, want)
		}
	}
}

// Pagers take what is before the last colon for the name of an alert.
func TestTheSubjectNamesTheAlert(t *testing.T) {
	all := alert.Defaults().All()
	for _, d := range alert.Catalogue() {
		all = append(all, d.Rule) // also those that are off: alerts.yaml can turn them on
	}
	for _, rule := range append(all, alert.Rule{Name: strings.Repeat("r", 40), Title: strings.Repeat("x: ", 40), Kind: alert.Regexps}) {
		for _, app := range []string{"shop", strings.Repeat("a", 30)} {
			names := map[string]bool{}
			for _, f := range []message.Facts{firing(), resolved()} {
				for _, lines := range []int{1, 14, 1_234_567} {
					for _, lasted := range []time.Duration{0, time.Minute, 23*time.Hour + 59*time.Minute, 400 * 24 * time.Hour} {
						for variant := range 4 {
							f.App, f.Rule, f.Lines, f.Last = app, rule, lines, f.Since.Add(lasted)
							f.Late, f.Over = variant&1 > 0, variant&2 > 0 && f.Event == alert.Firing
							f.Affected = []alert.Affected{{Name: "HEROKU_POSTGRESQL_AMBER: x"}}
							subject := composer.Alert(f).Subject
							names[subject[:strings.LastIndex(subject, ":")]] = true
							if cut := strings.HasSuffix(subject, " "); cut || !short(subject) || f.Over != (strings.HasSuffix(subject, ", over") || strings.Contains(subject, ": over, ")) || f.Event == alert.Resolved != strings.Contains(subject, ": resolved") {
								t.Errorf("subject %q", subject)
							}
						}
					}
				}
			}
			if len(names) != 1 {
				t.Errorf("an alert of %s has the names %v", rule.Name, names)
			}
		}
	}
}

func FuzzSubject(f *testing.F) {
	f.Add("shop", "H12", "Request timeout", 14, int64(300), true)
	f.Add(strings.Repeat("a", 30), strings.Repeat("r", 40), "Zahlung läuft nicht\n…", 1<<40, int64(-5), false)
	f.Fuzz(func(t *testing.T, app, rule, title string, lines int, lasted int64, ended bool) {
		facts := firing()
		facts.App, facts.Rule.Name, facts.Rule.Title, facts.Lines = app, rule, title, lines
		facts.Last = facts.Since.Add(time.Duration(lasted))
		if ended {
			facts.Event = alert.Resolved
		}
		subject := composer.Alert(facts).Subject
		if !short(subject) {
			t.Errorf("%d characters: %q", len(subject), subject)
		}
	})
}

// short reports whether SNS takes a subject: it has fewer than 100 characters of printable ASCII.
func short(subject string) bool {
	return len(subject) > 0 && len(subject) < 100 && !strings.ContainsFunc(subject, func(r rune) bool { return r < ' ' || r > '~' })
}
