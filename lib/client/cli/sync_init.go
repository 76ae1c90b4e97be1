package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/drain"
)

// writeFile writes a fleet file of the drains that exist, to a new file or to stdout. It needs no Heroku: what is wanted stands on AWS.
func (c *syncCmd) writeFile(ctx context.Context, s *session) error {
	name, err := c.fileName()
	switch {
	case err != nil:
		return err
	case c.Team != "" || c.Prune || c.KeepLogs || c.MissingApps || c.DryRun:
		return usagef("--init writes a file of all drains: leave out the other flags of sync")
	}
	aws, err := s.AWSOnly(ctx)
	if err != nil {
		return err
	}
	p := s.StartProgress("Listing the drains…")
	defer p.Stop()
	drains, err := aws.API.List(ctx, drain.IncludeSettings)
	p.Stop()
	if err != nil {
		return fmt.Errorf("list the drains: %w", err)
	}
	text := c.heading(s, name) + string(fleet.Write(drains))
	if name == "" || name == stdinFile {
		return s.PrintLine(strings.TrimSuffix(text, "\n"))
	}
	if err := writeNew(name, text); err != nil {
		return err
	}
	s.Note("Wrote %s to %s. To compare: %s", plural.Count(c.written(drains), "drain"), name, s.command("sync %s --dry-run", name))
	return nil
}

// heading is the comment at the top of the file.
func (c *syncCmd) heading(s *session, name string) string {
	if name == "" || name == stdinFile {
		name = "fleet.yaml"
	}
	return fmt.Sprintf("# The apps that have drains, and the settings of these. To compare with what exists:\n#   %s\n", s.commandLine("sync %s --dry-run", name))
}

// written returns how many drains are in the file.
func (*syncCmd) written(drains []drain.Drain) int {
	file, err := fleet.Parse("", fleet.Write(drains))
	if err != nil {
		return 0 // cannot happen: Parse reads what Write writes
	}
	return len(file.Apps)
}

// writeNew writes a file that must not exist yet.
func writeNew(name, text string) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usagef("%s exists: choose another name, or delete it first", name)
	}
	if err != nil {
		return fmt.Errorf("write the fleet file: %w", err)
	}
	_, err = file.WriteString(text)
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write the fleet file: %w", err)
	}
	return nil
}
