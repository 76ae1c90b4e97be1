package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/client/trace"
)

type traceCmd struct {
	RequestID string `arg:"" name:"request-id" env:"-" help:"The request's ID: request_id in a router line, X-Request-ID in the app; or its first 8 or more characters."`
	Since     moment `default:"24h" placeholder:"WHEN" help:"Where to begin: an age, a time of day, a day, or RFC 3339, as for logs."`
	Until     moment `placeholder:"WHEN" help:"Where to end, in the same form."`
	LocalTime bool   `help:"Show and read times in the local time zone instead of UTC."`
}

// Help is the verb's long help.
func (traceCmd) Help() string {
	return `Finds all lines that contain the request's ID, of all apps or of those that -a names, and shows what the router said about the request
(status, error code, service time), the release that answered it, and what happened to its dyno from 10 minutes before to 2 minutes after it.

The first 8 or more characters of an ID that Heroku generated are enough, if no other request has them.

The lines of an app contain the ID if the app logs the header X-Request-ID: https://devcenter.heroku.com/articles/http-request-id

In a log group of the class Infrequent Access, this takes up to three queries of CloudWatch Logs Insights (four for the beginning of an ID), and
AWS charges for what they scan: all apps since --since, and the request's app for up to 7 days before the request, to find its release. -a and
--since make that less.

Examples:

    heroku-drains-cli trace 4c7a6b0e-1b0f-4a52-9a3e-2f7d8c6b5a41
    heroku-drains-cli trace 4c7a6b0e-1b0f-4a52-9a3e-2f7d8c6b5a41 -a shop --since 7d
    heroku-drains-cli trace 4c7a6b0e-1b0f-4a52-9a3e-2f7d8c6b5a41 --output json | jq '.data.requests'`
}

// Run shows the story of the request.
func (c *traceCmd) Run(ctx context.Context, s *session) error {
	id, err := logs.ParseRequestID(c.RequestID)
	if err != nil {
		return usagef("%v", err)
	}
	zone := time.UTC
	if c.LocalTime {
		zone = time.Local
	}
	now := time.Now().In(zone)
	since, until := c.Since.at(now), now
	if !c.Until.IsZero() {
		until = c.Until.at(now)
	}
	if until.Before(since) {
		return reversed(c.Since, c.Until, now)
	}
	of, err := s.appStreams(ctx, len(s.flags.App) == 0, logs.Selection{})
	if err != nil {
		return err
	}
	p := s.StartProgress("Searching %s since %s…", of.name(), since.Format(minuteTime))
	story, err := trace.Find(ctx, trace.Query{
		Client: of.streams.Client, Group: of.streams.Group, Apps: of.byName, RequestID: id, Since: since, Until: until,
	})
	p.Stop()
	switch {
	case isAmbiguous(err):
		return usagef("%v", err)
	case err != nil:
		return readError(of.name(), err)
	case len(story.Lines) == 0:
		return notFound(s, of, id, since)
	case s.flags.Output == "json":
		return s.PrintJSON(map[string]trace.Story{"data": story})
	}
	t := &storyPrinter{linePrinter: s.linePrinter(), story: &story}
	t.zone, t.highlight = zone, logs.Selection{RequestID: story.RequestID}.Highlight()
	t.prefixes = s.appPrefixes(appsIn(story.Lines))
	if err := t.print(); err != nil {
		return err
	}
	s.Note("Searched %s from %s to %s.", of.name(), since.Format(minuteTime), until.Format(minuteTime))
	return nil
}

// minuteTime is the layout of the times of a search.
const minuteTime = "2006-01-02 15:04 MST"

// isAmbiguous reports whether more than one request ID begins with what was given.
func isAmbiguous(err error) bool {
	_, ok := errors.AsType[*trace.AmbiguousError](err)
	return ok
}

// notFound returns the error if no line contains the ID.
func notFound(s *session, of *appStreams, id string, since time.Time) error {
	further := "7d"
	if time.Since(since) >= 7*24*time.Hour {
		further = "30d"
	}
	format, args := "trace %s", []any{id}
	for _, app := range s.flags.App {
		format += " -a %s"
		args = append(args, app)
	}
	return fmt.Errorf("no line of %s since %s contains the request ID %s. Lines are stored some seconds after the request. To search further back: %s",
		of.name(), since.Format(minuteTime), id, s.command(format+" --since %s", append(args, further)...))
}

// appsIn returns the apps of lines, each once, in the order of their first lines.
func appsIn(lines []trace.Line) []string {
	var apps []string
	seen := map[string]bool{}
	for _, line := range lines {
		if !seen[line.App] {
			seen[line.App] = true
			apps = append(apps, line.App)
		}
	}
	return apps
}

// storyPrinter prints a story.
type storyPrinter struct {
	*linePrinter
	story *trace.Story
}

func (t *storyPrinter) print() error {
	rows := [][2]string{{"Request ID", t.story.RequestID}}
	for _, r := range t.story.Requests {
		rows = append(rows, t.request(r)...)
	}
	if len(t.story.Requests) == 0 {
		rows = append(rows, [2]string{"Router", "no line of the router: the app logged the ID, but the router's line is missing or outside the time range"})
	}
	if t.story.Dyno != "" && len(t.story.Requests) == 0 {
		rows = append(rows, [2]string{"Dyno", t.clean(t.story.Dyno)})
	}
	rows = append(rows, [2]string{"Release", t.release()})
	var errs []error
	errs = append(errs, t.s.PrintRows(rows))
	if t.story.Dyno != "" {
		errs = append(errs, t.lines("Heroku about "+t.story.Dyno+" around that time", t.story.DynoLines, nil))
	}
	heading := plural.Count(len(t.story.Lines), "line") + " with this ID"
	if t.story.More {
		heading = "The first " + heading
	}
	if t.story.Duplicates > 0 {
		heading += ", without " + plural.Count(t.story.Duplicates, "duplicate")
	}
	return errors.Join(append(errs, t.lines(heading, t.story.Lines, t.prefixes))...)
}

// request returns the rows about a request.
func (t *storyPrinter) request(r trace.Request) [][2]string {
	answer := "no status"
	if r.Status != 0 {
		answer = t.s.PaintStdout(strconv.Itoa(r.Status), statusStyle(strconv.Itoa(r.Status))...)
	}
	if r.Code != "" {
		answer += ", " + t.s.PaintStdout(t.clean(r.Code), alarm...) + " " + t.clean(r.Reason)
	}
	if r.Bytes != nil {
		answer += ", " + plural.Count(int(*r.Bytes), "byte")
	}
	rows := [][2]string{
		{"App", r.App},
		{"Request", t.clean(strings.TrimSpace(r.Method + " " + r.Host + r.Path))},
		{"Response", answer},
		{"Began", r.StartedAt.In(t.zone).Format(herokuTime)},
	}
	switch {
	case r.ServiceMS != nil && r.ConnectMS != nil:
		rows = append(rows, [2]string{"Took", milliseconds(*r.ServiceMS) + " in the app (service), after " + milliseconds(*r.ConnectMS) + " to connect to the dyno"})
	case r.ServiceMS != nil:
		rows = append(rows, [2]string{"Took", milliseconds(*r.ServiceMS) + " (service)"})
	}
	if r.Dyno == "" {
		return append(rows, [2]string{"Dyno", "none: the request reached no dyno"})
	}
	return append(rows, [2]string{"Dyno", t.clean(r.Dyno)})
}

// milliseconds writes a time of a router line.
func milliseconds(ms float64) string {
	took := time.Duration(ms * float64(time.Millisecond))
	if took < time.Second {
		return strconv.FormatFloat(ms, 'f', -1, 64) + " ms"
	}
	return took.Round(time.Millisecond).String()
}

func (t *storyPrinter) release() string {
	r := t.story.Release
	if r == nil {
		return "unknown: no line about a release in the 7 days before the request"
	}
	return fmt.Sprintf("%s, created by %s at %s", r.Version, t.clean(r.By), r.At.In(t.zone).Format(herokuTime))
}

// lines prints lines under a heading.
func (t *storyPrinter) lines(heading string, lines []trace.Line, prefixes map[string]string) error {
	if len(lines) == 0 {
		return t.s.PrintLine("\n" + t.clean(heading) + ": nothing but metrics")
	}
	if err := t.s.PrintLine("\n" + t.clean(heading) + ":"); err != nil {
		return err
	}
	for _, line := range lines {
		l := logs.ReadLine(line.Event)
		if err := t.s.PrintLine(prefixes[line.App] + t.line(&l)); err != nil {
			return err
		}
	}
	return nil
}
