package cli

import "heroku-drains/lib/client/rotation"

// rotationView is what is shown of a rotation.
type rotationView struct {
	DryRun bool
	NewKey bool
	Apps   []rotation.App
}

// appView is one app of it.
type appView struct {
	App   string         `json:"app"`
	State rotation.State `json:"state"`
	Error string         `json:"error,omitempty"`
}

// printRotation shows an app per line, or the changes that a rotation would make.
func (s *session) printRotation(v rotationView) error {
	if s.flags.Output == "json" {
		apps := []appView{}
		for _, app := range v.Apps {
			apps = append(apps, appView{app.Name, app.State, errorText(app.Err)})
		}
		data := map[string]any{"new_key": v.NewKey, "apps": apps}
		if v.DryRun {
			return s.PrintJSON(map[string]any{"dry_run": true, "data": data})
		}
		return s.PrintJSON(map[string]any{"data": data})
	}
	if v.DryRun {
		s.Note("Dry run: nothing is changed.")
		if v.NewKey {
			s.Note("There would be a new signing key, and every app below would be moved to its password, but for those that are absent.")
		} else {
			s.Note("There would be no new signing key. The apps below that are behind would be moved to the current one.")
		}
	}
	var rows [][]string
	for _, app := range v.Apps {
		rows = append(rows, []string{app.Name, stateText(app)})
	}
	return s.PrintTable([]string{"APP", "STATE"}, rows)
}

// stateText is an app's state in words, and why it is so.
func stateText(app rotation.App) string {
	text := string(app.State)
	if app.State == rotation.Absent {
		text += ": Heroku does not send to it"
	}
	if app.Err != nil {
		text += ": " + errorText(app.Err)
	}
	return text
}

// errorText is an error for a table or a JSON object.
func errorText(err error) string {
	if err == nil {
		return ""
	}
	return masked(err.Error())
}
