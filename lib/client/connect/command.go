package connect

import "fmt"

// CommandLine returns a command line of this program in backticks, for errors.
func (c *Connector) CommandLine(format string, args ...any) string {
	if c.Command != nil {
		return c.Command(format, args...)
	}
	return "`heroku-drains-cli " + fmt.Sprintf(format, args...) + "`"
}

// PutCommand returns the command line that creates or repairs the drain for app, in backticks, for errors.
func (c *Connector) PutCommand(app string) string { return c.CommandLine("put -a %s", app) }

// DeleteCommand returns the command line that deletes a drain with the same options, like PutCommand.
func (c *Connector) DeleteCommand(app string, opts DeleteOptions) string {
	format := "delete -a %s"
	for _, option := range []struct {
		flag  string
		given bool
	}{{"--keep-logs", opts.KeepLogs}, {"--force", opts.Force}} {
		if option.given {
			format += " " + option.flag
		}
	}
	return c.CommandLine(format, app)
}
