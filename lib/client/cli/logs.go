package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/term"
)

// defaultLines is how many lines are shown without --num and --since, as by `heroku logs`.
const defaultLines = 100

// requestAge is how far back the lines of a request are looked for without --num and --since.
const requestAge = 24 * time.Hour

// patternPage explains filter patterns.
const patternPage = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html"

type logsCmd struct {
	appArg

	All        bool          `help:"Show the lines of all apps."`
	Num        *int          `short:"n" placeholder:"N" help:"Show only the last N lines. Without --since: 100."`
	Since      moment        `placeholder:"WHEN" help:"Start time: an age (90s, 15m, 2h, 7d, 1w), a time of day (14:30), a day (yesterday, monday, 2026-11-22), or RFC 3339."`
	Until      moment        `placeholder:"WHEN" help:"End time, in the same form."`
	Source     string        `short:"s" placeholder:"NAME" help:"Show only lines of this source: app or heroku."`
	Process    string        `short:"p" aliases:"d,dyno-name,dyno,process-type,ps" placeholder:"NAME" help:"Show only lines of this process: web.1, web for all of its dynos, router."`
	Filter     string        `placeholder:"PATTERN" help:"Show only lines that match a CloudWatch Logs filter pattern."`
	Status     string        `placeholder:"CODES" help:"Show only requests with one of these statuses: 503, 5xx, or 404,5xx."`
	SlowerThan time.Duration `placeholder:"DURATION" help:"Show only requests that took this long or longer: 1s, 500ms."`
	RequestID  string        `name:"request-id" placeholder:"ID" help:"Show only lines that contain this request ID; without -a, those of all apps."`
	Level      string        `placeholder:"LEVEL" help:"Show only lines of this level or a more urgent one: debug, info, notice, warning, error or critical."`
	Duplicates bool          `help:"Show the duplicates of lines that are stored more than once."`
	Tail       bool          `short:"t" aliases:"f,follow" help:"Keep following new lines."`
	Format     string        `enum:"full,short,raw,json" default:"full" env:"HEROKU_DRAINS_LOGS_FORMAT" help:"How to print a line: full, short (local time, process, message), raw (the message), or json (an object with its fields)."`
	LocalTime  bool          `help:"Show and read times in the local time zone instead of UTC."`
	JSON       bool          `name:"json" help:"Print the stored events unchanged, one JSON object per line. --format json has the fields of each line."`
}

// Help is the verb's long help.
func (logsCmd) Help() string {
	return `Reads the lines from CloudWatch Logs, oldest first, in either storage format. -a can be repeated and can be a pattern ('shop*'); the
lines of several apps are merged in the order of their times, and begin with the app's name.

--filter takes words ("timeout"), exclusions ("-healthcheck"; write --filter=-healthcheck if it comes first), and fields of JSON lines
({ $.status >= 500 }). Put text with anything but letters and digits in double quotes ('"heroku-postgres"'):
` + patternPage + `

--status, --slower-than, --request-id and --level work in both storage formats. The level of a line is what the app wrote into it (a field
level of JSON or logfmt, or a first word such as ERROR), what Heroku says in it (at=error, Error R14), or else its syslog severity, which
the text format does not keep. Without
--since, --request-id searches the last 24 hours. 'trace' shows the whole story of a request.

A time or a day without a zone is in the zone that the lines are shown in: UTC, or local time with --local-time or --format short. A time of
day is the newest one, a day its beginning.

A log group of the class Infrequent Access can be read only with queries of CloudWatch Logs Insights. AWS charges for the data that they
scan, so use --since. New lines appear there a few seconds later, and --filter takes words and exclusions, but not fields.

The flags of 'heroku logs' work, too: --dyno-name (-d) and --process-type for --process.

On a terminal, lines have the colors of 'heroku logs', words of --filter are highlighted, and control characters are shown as symbols. A pipe
gets the lines without colors added, and with control characters unchanged.

Delivery is at least once, so a line can be stored more than once. Duplicates are hidden, and a note at the end says how many; --duplicates
shows them. A line that is stored as JSON has an ID, which its duplicates share. Text lines are compared: those of a millisecond that were stored
in one call are duplicates if the same lines were stored in another call. If an app prints the same text twice within a millisecond, in rare
cases one of the two lines is hidden.

With --tail, lines that are stored up to 10 minutes late are still shown, once. If the connection is lost, it tries again until it has all
lines of the meantime. Ctrl-C stops it with exit code 0.

Examples:

    heroku-drains-cli logs -a shop
    heroku-drains-cli logs -a shop --tail --source app --process web
    heroku-drains-cli logs -a shop --since 1h --slower-than 1s
    heroku-drains-cli logs -a 'shop*' -a blog --since yesterday --status 5xx
    heroku-drains-cli logs --all --tail --level error
    heroku-drains-cli logs --request-id 4c7a6b0e-1b0f-4a52-9a3e-2f7d8c6b5a41 --since 2h
    heroku-drains-cli logs -a shop --since 2h --filter '"code=H12"'
    heroku-drains-cli logs -a shop --since "yesterday 14:30" --until "yesterday 15:00" --local-time
    heroku-drains-cli logs -a shop --since 1d --format json | jq 'select(.service > 1000) | .path'`
}

// Run shows the lines.
func (c *logsCmd) Run(ctx context.Context, s *session) error {
	selection, err := c.selection()
	if err != nil {
		return err
	}
	lines, err := c.lines(time.Now())
	if err != nil {
		return err
	}
	of, err := s.appStreams(ctx, c.All || c.RequestID != "" && len(s.flags.App) == 0, selection)
	if err != nil {
		return err
	}
	c.explainZone(s)
	if !c.Duplicates {
		of.streams.Duplicates = &logs.Duplicates{}
		defer s.explainDuplicates(of.streams.Duplicates)
	}
	printed := 0
	printer := c.printer(s, of)
	of.streams.Idle = func() { _ = printer.lines.Flush() } // the next line returns the error, too
	show := func(e logs.Event) error {
		printed++
		return printer.event(e)
	}
	caughtUp := func() {
		if printed == 0 {
			c.explainNone(s, of, selection)
		}
	}
	if c.Tail {
		err = of.streams.Follow(ctx, lines, s.wait, s.watch(logs.Watcher{Line: show, CaughtUp: caughtUp}))
		if ctx.Err() != nil {
			return nil // Ctrl-C is how a tail is meant to end
		}
	} else if err = of.streams.Read(ctx, lines, show); err == nil {
		err = printer.lines.Flush()
		caughtUp()
	}
	return readError(of.name(), err)
}

// lines returns which of the stored lines to show.
func (c *logsCmd) lines(now time.Time) (logs.Range, error) {
	if c.localTime() {
		now = now.Local()
	} else {
		now = now.UTC()
	}
	r := logs.Range{Since: c.Since.at(now), Until: c.Until.at(now), Last: c.Num}
	switch {
	case c.Tail && !r.Until.IsZero():
		return r, usagef("--tail and --until cannot be used together")
	case c.Num != nil && *c.Num < 0:
		return r, usagef("--num must be 0 or more")
	case !r.Until.IsZero() && !r.Since.IsZero() && r.Until.Before(r.Since):
		return r, reversed(c.Since, c.Until, now)
	case c.JSON && c.Format != formatFull:
		return r, usagef("--json and --format %s cannot be used together", c.Format)
	}
	switch {
	case r.Last != nil || !r.Since.IsZero():
	case c.RequestID != "": // the lines of a request are few, and a search for more of them would read everything that is stored
		r.Since = now.Add(-requestAge)
		if !r.Until.IsZero() {
			r.Since = r.Until.Add(-requestAge)
		}
	default:
		r.Last = new(defaultLines)
	}
	return r, nil
}

// localTime reports whether times are shown and read in the local zone.
func (c *logsCmd) localTime() bool { return c.LocalTime || c.Format == formatShort }

// selection returns the lines that the flags select, apart from the time range.
func (c *logsCmd) selection() (logs.Selection, error) {
	selection := logs.Selection{Pattern: c.Filter, Source: c.Source, Process: c.Process, RequestID: c.RequestID, SlowerThan: c.SlowerThan}
	var err error
	if c.Status != "" {
		if selection.Status, err = logs.ParseStatuses(c.Status); err != nil {
			return selection, usagef("--status: %v", err)
		}
	}
	if c.Level != "" {
		if selection.Level, err = logs.ParseLevel(c.Level); err != nil {
			return selection, usagef("--level: %v", err)
		}
	}
	if c.RequestID != "" {
		if selection.RequestID, err = logs.ParseRequestID(c.RequestID); err != nil {
			return selection, usagef("--request-id: %v", err)
		}
	}
	switch {
	case c.SlowerThan < 0:
		return selection, usagef("--slower-than must not be negative")
	case selection.OfRequests() && (c.Source != "" && c.Source != "heroku" || c.Process != "" && c.Process != "router"):
		return selection, usagef("--status and --slower-than select lines of the router, so no other --source or --process can be used with them")
	}
	return selection, nil
}

// explainZone says on a terminal in which zone a time was read, if that may not be the one that the user meant.
func (c *logsCmd) explainZone(s *session) {
	for _, given := range []moment{c.Since, c.Until} {
		if !c.localTime() && given.isZoned(time.Now()) && term.IsTerminal(s.Stderr) {
			s.Note("%s is read as UTC, as the lines show it. For local time, add --local-time.", given)
			return
		}
	}
}

// readError says which logs could not be read, and how to write a filter that CloudWatch Logs accepts. It returns nil for nil.
func readError(app string, err error) error {
	rejected, ok := errors.AsType[*logs.PatternError](err)
	switch {
	case err == nil:
		return nil
	case !ok:
		return fmt.Errorf("read the logs of %s: %w", app, err)
	}
	example := `put a term with anything but letters and digits in double quotes, as in --filter '"code=H12"'`
	switch {
	case rejected.Selection.ByField() && rejected.Err == nil:
		example = `look for the text of the line, as in --filter '"status=503"'`
	case rejected.Selection.ByField():
		example = "a condition looks like --filter '{ $.status >= 500 }'"
	}
	return usagef("read the logs of %s: %v; %s; see %s", app, rejected, example, patternPage)
}

// explainNone says on a terminal that there was nothing to print, because no output could look like a failure.
func (c *logsCmd) explainNone(s *session, of *appStreams, selection logs.Selection) {
	if !term.IsTerminal(s.Stderr) || c.Num != nil && *c.Num == 0 {
		return
	}
	text := fmt.Sprintf("%s has no lines yet. To find out why: %s", of.name(), s.command("doctor -a %s", of.name()))
	switch {
	case !selection.IsZero() || !c.Since.IsZero() || !c.Until.IsZero():
		text = "No lines match."
		if c.RequestID != "" && c.Since.IsZero() && c.Num == nil {
			text = "No lines of the last 24 hours match. To search further back, add --since 7d."
		}
	case len(of.apps) != 1:
		text = fmt.Sprintf("There are no lines of %s yet. To find out why: %s", of.name(), s.command("doctor"))
	}
	if c.Tail {
		text += " Waiting for new lines; press Ctrl-C to stop…"
	}
	s.Note("%s", text)
}
