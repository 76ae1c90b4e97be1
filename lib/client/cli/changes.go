package cli

import (
	"fmt"

	"heroku-drains/lib/client/connect"
)

// printChanges shows what a verb would do, for --dry-run. app is empty for verbs that work on several apps.
func (s *session) printChanges(app string, changes []string) error {
	if s.flags.Output == "json" {
		data := map[string]any{"changes": changes}
		if app != "" {
			data["app"] = app
		}
		return s.PrintJSON(map[string]any{"dry_run": true, "data": data})
	}
	s.Note("Dry run: nothing was changed.")
	if len(changes) == 0 {
		changes = []string{"nothing to change"}
	}
	for _, change := range changes {
		if err := s.PrintLine(change); err != nil {
			return err
		}
	}
	return nil
}

// errNoDrain means that the app has no drain. Its text omits the API's advice, which is for programs.
type errNoDrain struct {
	app   string
	cause error
}

func (e *errNoDrain) Error() string { return e.app + " has no drain" }
func (e *errNoDrain) Unwrap() error { return e.cause }

// noDrain returns the error for a failed lookup of the app's drain.
func noDrain(app string, err error) error {
	if connect.IsNotFound(err) {
		return &errNoDrain{app: app, cause: err}
	}
	return fmt.Errorf("get the drain for %s: %w", app, err)
}
