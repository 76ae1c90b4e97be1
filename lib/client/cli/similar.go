package cli

import (
	"context"
	"errors"
	"slices"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/drain"
)

// errNothingToDelete is the cause of an errNoDrain for which nobody wants to create a drain.
var errNothingToDelete = errors.New("nothing to delete")

// similarDrain returns which app the user may have meant, and how to run the verb for it, if err says that an app has no drain. If no drain has a
// similar name, or the drains cannot be listed, it returns "".
func (s *session) similarDrain(ctx context.Context, err error) string {
	missing, ok := errors.AsType[*errNoDrain](err)
	if !ok {
		return ""
	}
	similar := s.similarApp(ctx, missing.app)
	if similar == "" {
		return ""
	}
	if errors.Is(missing, errNothingToDelete) { // nobody should delete another drain, unasked, by pasting a command
		return "Did you mean " + similar + "?"
	}
	return s.didYouMean(missing.app, similar)
}

// similarApp returns an app with a drain whose name is similar to app, or "": also if app itself has a drain, or the drains cannot be listed.
func (s *session) similarApp(ctx context.Context, app string) string {
	api, err := s.API(ctx)
	if err != nil {
		return ""
	}
	drains, err := api.List(ctx)
	if apps := appsOfDrains(drains); err == nil && !slices.Contains(apps, app) {
		return nearest(app, apps)
	}
	return ""
}

// noteSimilar says on stderr if an app has no drain, but one with a similar name has, in a verb that creates drains.
func (s *session) noteSimilar(ctx context.Context, app string) {
	api, err := s.API(ctx)
	if err != nil {
		return
	}
	if _, err := api.Get(ctx, app); !connect.IsNotFound(err) {
		return
	}
	if similar := s.similarApp(ctx, app); similar != "" {
		s.Note("%s has no drain yet. %s", app, s.didYouMean(app, similar))
	}
}

// didYouMean asks whether another app was meant, and says how to run the verb for it, unless the app comes from the environment.
func (s *session) didYouMean(app, other string) string {
	again := s.againWith(app, other)
	if again == s.again() {
		return "Did you mean " + other + "?"
	}
	return "Did you mean " + other + "? Run " + again
}

// againWith returns the command line that the user gave, in backticks, with another app.
func (s *session) againWith(app, other string) string {
	changed := *s
	changed.args = make([]string, len(s.args))
	for i, arg := range s.args {
		switch arg {
		case app:
			arg = other
		case "-a" + app:
			arg = "-a" + other
		case "--app=" + app:
			arg = "--app=" + other
		}
		changed.args[i] = arg
	}
	return changed.again()
}

// appsOfDrains returns the names of the drains' apps.
func appsOfDrains(drains []drain.Drain) []string {
	names := make([]string, len(drains))
	for i, d := range drains {
		names[i] = d.App
	}
	return names
}
