package cli

import (
	"context"
	"errors"

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
	api, err := s.API(ctx)
	if err != nil {
		return ""
	}
	drains, err := api.List(ctx)
	if err != nil {
		return ""
	}
	similar := nearest(missing.app, appsOfDrains(drains))
	if similar == "" {
		return ""
	}
	if errors.Is(missing, errNothingToDelete) { // nobody should delete another drain, unasked, by pasting a command
		return "Did you mean " + similar + "?"
	}
	return s.didYouMean(missing.app, similar)
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
