package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/client/term"
	"heroku-drains/lib/drain"
)

// fileName returns the name of the fleet file: the argument, or --file. It may be empty.
func (c *syncCmd) fileName() (string, error) {
	if c.Path != "" && c.File != "" && c.File != os.Getenv(variables+"_FILE") {
		return "", usagef("two fleet files given, %s and %s: give one", c.Path, c.File)
	}
	return cmp.Or(c.Path, c.File), nil
}

// file returns the fleet file, with the flags applied.
func (c *syncCmd) file(s *session) (fleet.File, error) {
	name, err := c.fileName()
	switch {
	case err != nil:
		return fleet.File{}, err
	case name == "" && c.Team == "":
		return fleet.File{}, usagef("no apps given: give a fleet file or --team; %s writes a file of the drains that exist", s.command("sync --init fleet.yaml"))
	case c.KeepLogs && !c.Prune:
		return fleet.File{}, usagef("--keep-logs needs --prune")
	case c.MissingApps && !c.Prune:
		return fleet.File{}, usagef("--missing-apps needs --prune")
	}
	var text []byte
	if name != "" {
		if text, err = readFleet(s, name); err != nil {
			return fleet.File{}, err
		}
	}
	shown := name
	if name == stdinFile {
		shown = "stdin"
	}
	file, err := fleet.Parse(shown, text)
	if mistakes, ok := errors.AsType[fleet.Mistakes](err); ok {
		if len(mistakes) == 1 {
			return fleet.File{}, usagef("%v", err)
		}
		return fleet.File{}, usagef("%s has %s:\n%v", shown, plural.Count(len(mistakes), "mistake"), err)
	}
	if err != nil {
		return fleet.File{}, err
	}
	file.Team = cmp.Or(c.Team, file.Team)
	if file.Team == "" && len(file.Apps) == 0 {
		text := fmt.Sprintf("%s names neither apps nor a team: add a line such as apps: [shop, blog]", shown)
		if c.Prune {
			text += ". " + deleteAll(s)
		}
		return fleet.File{}, usagef("%s", text)
	}
	return file, nil
}

// checkPrune rejects --prune for a fleet without apps: it would delete every drain, because of an empty team or a pattern that excludes too much.
func (c *syncCmd) checkPrune(s *session, file fleet.File, found fleet.Fleet) error {
	if !c.Prune {
		return nil
	}
	for app := range found.Wanted {
		if !file.Excluded(app) {
			return nil
		}
	}
	lacking := "the fleet has no apps, because exclude matches all of them"
	if file.Team != "" && len(found.Wanted) == 0 {
		lacking = fmt.Sprintf("the fleet has no apps, because the team %s has none", file.Team)
	}
	return usagef("%s. --prune would delete every drain, so nothing was done. %s", lacking, deleteAll(s))
}

// deleteAll says how to delete all drains.
func deleteAll(s *session) string { return "To delete all drains: " + s.command("delete --all") }

// readFleet reads the fleet file of that name, or stdin.
func readFleet(s *session, name string) ([]byte, error) {
	if name != stdinFile {
		text, err := os.ReadFile(name)
		switch {
		case errors.Is(err, fs.ErrNotExist) && drain.ValidateApp(name) == nil:
			return nil, usagef("there is no fleet file %s; to connect the app %[1]s: %[2]s", name, s.command("put -a %s", name))
		case errors.Is(err, fs.ErrNotExist):
			return nil, usagef("there is no fleet file %s; to write one of the drains that exist: %s", name, s.command("sync --init %s", name))
		case err != nil:
			return nil, usagef("read the fleet file: %v", err)
		}
		return text, nil
	}
	if term.IsTerminal(s.Stdin) {
		return nil, usagef("no fleet file on stdin: pipe it in, or give the file's name")
	}
	text, err := io.ReadAll(s.Stdin)
	if err != nil {
		return nil, fmt.Errorf("read the fleet file from stdin: %w", err)
	}
	return text, nil
}
