package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/awscall/logscall"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/client/logpages"
	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/drain"
)

// appStreams are the log streams of the apps that a command line names.
type appStreams struct {
	streams *logs.Streams
	apps    []string
	byName  map[string]string // app by the stream's name
}

// name returns what messages call the apps.
func (a *appStreams) name() string {
	const few = 3
	if len(a.apps) > few {
		return plural.Count(len(a.apps), "app")
	}
	return strings.Join(a.apps, ", ")
}

// app returns the app of an event.
func (a *appStreams) app(e logs.Event) string {
	if e.LogStreamName == nil {
		return ""
	}
	return a.byName[*e.LogStreamName]
}

// appStreams asks the API where the lines of the apps are: of those that -a names, or of every app. It warns if the selection cannot match any
// new line of a drain.
func (s *session) appStreams(ctx context.Context, every bool, selection logs.Selection) (*appStreams, error) {
	apps, err := s.apps(nameOrPattern)
	switch {
	case err != nil:
		return nil, err
	case every:
		apps = nil
	case len(apps) == 0:
		return nil, usagef("no app given: add its name, -a NAME, or --all")
	}
	var include []drain.Detail
	if selection.ByField() { // which finds no lines of drains with text
		include = append(include, drain.IncludeSettings)
	}
	drains, err := s.drainsWithLines(ctx, apps, include...)
	if err != nil {
		return nil, err
	}
	s.explainFilter(selection, drains)
	return streamsOf(ctx, s.Installation, drains, selection)
}

// drainsWithLines returns the drains of some apps that have a log stream, in the order of their names; without apps, all of them.
func (s *session) drainsWithLines(ctx context.Context, apps []string, include ...drain.Detail) ([]drain.Drain, error) {
	api, err := s.API(ctx)
	if err != nil {
		return nil, err
	}
	var drains []drain.Drain
	if len(apps) == 1 && exactName(apps[0]) == nil {
		d, err := api.Get(ctx, apps[0])
		if err != nil {
			return nil, noDrain(apps[0], err)
		}
		drains = []drain.Drain{d}
	} else if drains, err = api.List(ctx, include...); err != nil {
		return nil, fmt.Errorf("list the drains: %w", err)
	}
	for _, app := range apps {
		isExact := exactName(app) == nil
		at := slices.IndexFunc(drains, func(d drain.Drain) bool { return isAmong([]string{app}, d.App) })
		switch {
		case at < 0 && isExact:
			if similar := nearest(app, appsOfDrains(drains)); similar != "" {
				return nil, fmt.Errorf("%s has no drain. %s", app, s.didYouMean(app, similar))
			}
			return nil, fmt.Errorf("%s has no drain. Create one: %s", app, s.command("put -a %s", app))
		case at < 0:
			return nil, fmt.Errorf("no drain is for an app whose name matches %s. All drains: %s", app, s.command("list"))
		case isExact && drains[at].LogStream == "":
			return nil, fmt.Errorf("the drain for %s has no log stream. Create it: %s", app, s.command("put -a %s", app))
		}
	}
	drains = slices.DeleteFunc(drains, func(d drain.Drain) bool { return !isAmong(apps, d.App) || d.LogStream == "" })
	if len(drains) == 0 {
		return nil, fmt.Errorf("there are no drains. %s", s.firstDrain())
	}
	slices.SortStableFunc(drains, func(a, b drain.Drain) int { return strings.Compare(a.App, b.App) })
	return drains, nil
}

// explainFilter warns of a filter that does not find what the user may mean.
func (s *session) explainFilter(selection logs.Selection, drains []drain.Drain) {
	if word := selection.Joined(); word != "" {
		terms := strings.NewReplacer("-", " -", "?", " ?").Replace(word)
		s.Note("CloudWatch Logs reads %s in a filter as the terms %s, and a term with - excludes lines. To find the text itself, put it in double quotes: "+
			"--filter '\"%s\"'", word, terms, word)
	}
	if !selection.ByField() {
		return
	}
	if member := selection.Sometimes(); member != "" {
		s.Note("Not every JSON line has %s: it is left out where the rest of the event says the same. To look for text, give words: --filter '\"code=H12\"'", member)
	}
	var texts []string
	for _, d := range drains {
		if d.Settings.Format == drain.FormatText {
			texts = append(texts, d.App)
		}
	}
	switch {
	case len(texts) == 1:
		s.Note("A filter in braces matches only JSON lines, but the lines of %s are stored as text. To store new lines as JSON: %s",
			texts[0], s.command("put -a %s --format json", texts[0]))
	case len(texts) > 1:
		s.Note("A filter in braces matches only JSON lines, but the lines of %s are stored as text. To store new lines of one of them as JSON: %s",
			(&appStreams{apps: texts}).name(), s.command("put -a %s --format json", texts[0]))
	}
}

// streamsOf returns the lines of one or more drains.
func streamsOf(ctx context.Context, at *installation.Installation, drains []drain.Drain, selection logs.Selection) (*appStreams, error) {
	cfg, err := at.AWS(ctx)
	if err != nil {
		return nil, err
	}
	found := &appStreams{
		streams: &logs.Streams{Client: logscall.New(cloudwatchlogs.NewFromConfig(cfg, logpages.ReadFast)), Group: drains[0].LogGroup, Selection: selection},
		byName:  map[string]string{},
	}
	for _, d := range drains {
		found.apps = append(found.apps, d.App)
		found.byName[d.LogStream] = d.App
		found.streams.Names = append(found.streams.Names, d.LogStream)
	}
	return found, nil
}
