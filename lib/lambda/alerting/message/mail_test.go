package message_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/message"
)

const firingMail = `H12 Request timeout on shop, critical

14 lines since 2026-11-27 12:00:03 UTC, 3 min ago.

What it means
  The app did not begin its response within 30 seconds, so Heroku answered with 503.

What to look at first
  Look at the affected paths, and at the load and the locks of the database.

Lines
  12:00:03 heroku[router]: at=error code=H12 desc="Request timeout" method=POST path="/checkout" dyno=web.1 service=30001ms status=503
  12:00:09 heroku[router]: at=error code=H12 desc="Request timeout" method=GET path="/cart?id=…" dyno=web.2 service=30000ms status=503

Lines by minute
  12:00       2 ######
  12:01      10 ##############################
  12:02       2 ######

Most affected
       12 /checkout
        2 /cart

Newest release before
  Release v12, deployed 3 min before (2026-11-27 11:57:03 UTC)

Show the lines
  URL
  heroku-drains-cli logs -a shop --since 2026-11-27T12:00:00Z --until 2026-11-27T12:03:00Z

Sent by heroku-drains, stack HerokuDrains. Notification b9a22be43989166ed896-firing.
`

const resolvedMail = `H12 Request timeout on shop is over

214 lines from 2026-11-27 12:00:03 UTC to 2026-11-27 12:12:00 UTC, in 12 min.

Lines by minute
  12:00       2 ######
  12:01      10 ##############################
  12:02       2 ######

Most affected
       12 /checkout
        2 /cart

Show the lines
  URL
  heroku-drains-cli logs -a shop --since 2026-11-27T12:00:00Z --until 2026-11-27T12:13:00Z

Sent by heroku-drains, stack HerokuDrains. Notification b9a22be43989166ed896-resolved.
`

func TestMail(t *testing.T) {
	for want, facts := range map[string]message.Facts{firingMail: firing(), resolvedMail: resolved()} {
		n := composer.Alert(facts)
		got := strings.Replace(texts(t, n)["default"], n.LogsURL, "URL", 1)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", n.Subject, diff)
		}
	}
}

// What cannot be in a mail does not get into it, wherever it comes from.
func TestMailIsPrintable(t *testing.T) {
	const bad = "a\x1b[31mb\x00c\r\nd\u2028e\u202ef\x85g"
	f := firing()
	f.Rule.Title, f.Rule.Description, f.Rule.Advice = bad, bad, bad
	f.Samples = []alert.Line{{Time: noon, Source: bad, Process: bad, Text: bad}}
	f.Affected = []alert.Affected{{Name: bad, Lines: 1}}
	f.Release = &alert.Release{Version: bad, Time: noon}
	for protocol, text := range texts(t, composer.Alert(f)) {
		if protocol != "default" && protocol != "sms" {
			continue
		}
		if i := strings.IndexAny(text, "\x1b\x00\r\u2028\u202e\u0085"); i >= 0 {
			t.Errorf("%s: %q", protocol, text[i:])
		}
	}
}

// The sentence about when says what a person wants to know, for each kind of alert.
func TestFacts(t *testing.T) {
	silent := message.Facts{
		Event: alert.Firing, Time: noon, App: "shop", Since: noon.Add(-33 * time.Minute), Last: noon.Add(-33 * time.Minute),
		Rule: alert.Rule{Name: "no-lines", Title: "No log lines", Kind: alert.Silence},
	}
	back := silent
	back.Event, back.Time, back.Last = alert.Resolved, noon.Add(9*time.Minute), noon.Add(9*time.Minute)
	late := firing()
	late.Late, late.Over, late.Time = true, true, noon.Add(3*time.Hour)
	database := firing()
	database.Rule = alert.Rule{Name: "postgres-connections", Title: "Postgres connections nearly used up", Kind: alert.Samples, Threshold: 3}
	database.Lines, database.Affected = 3, []alert.Affected{{Name: "DATABASE", Lines: 3}}
	over := firing()
	over.Over, over.Time = true, noon.Add(6*time.Minute)
	for want, facts := range map[string]message.Facts{
		"3 samples of DATABASE since 2026-11-27 12:00:03 UTC, 3 min ago.\n":                                                                         database,
		"The last line is of 2026-11-27 11:27:00 UTC, 33 min ago.":                                                                                  silent,
		"No lines from 2026-11-27 11:27:00 UTC to 2026-11-27 12:09:00 UTC, for 42 min.":                                                             back,
		"They arrived late, because of an outage or a backlog. The alert was over when it was noticed: its last line was written 2 h 58 min before": late,
		"in 3 min. The alert was over when it was noticed: its last line was written 4 min before this message. No other one says":                  over,
		"14 lines from 2026-11-27 12:00:03 UTC to 2026-11-27 12:02:04 UTC, in 3 min. They ":                                                         late,
	} {
		if got := texts(t, composer.Alert(facts))["default"]; !strings.Contains(got, want) {
			t.Errorf("%q is missing in:\n%s", want, got)
		}
	}
}
