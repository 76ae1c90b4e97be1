package cli

import (
	"fmt"

	"heroku-drains/lib/client/connect"
)

// printChanges shows what a verb would do, for --dry-run. app is empty for verbs that work on several apps.
func (s *session) printChanges(app string, changes []string) error {
	if s.flags.Output == "json" {
		answer := map[string]any{"dry_run": true, "changes": changes}
		if app != "" {
			answer["app"] = app
		}
		return s.PrintJSON(answer)
	}
	s.Note("Dry run: nothing is changed.")
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

// errNoDrain is the API's answer for an app without a drain, without the API's advice for programs.
type errNoDrain struct {
	app   string
	cause error
}

func (e *errNoDrain) Error() string { return e.app + " has no drain" }
func (e *errNoDrain) Unwrap() error { return e.cause }

// noDrain says which drain could not be looked up.
func noDrain(app string, err error) error {
	if connect.IsNotFound(err) {
		return &errNoDrain{app: app, cause: err}
	}
	return fmt.Errorf("get the drain of %s: %w", app, err)
}
