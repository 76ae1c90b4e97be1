package message

import (
	"cmp"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/stack"
)

// program returns the CLI with the flags that select this system.
func (c Composer) program() string {
	const name = "heroku-drains-cli"
	switch {
	case c.Account == stack.LocalAccountID:
		return cmp.Or(c.Program, name+" "+stack.LocalFlags("", ""))
	case c.Stack != stack.DefaultName:
		return name + " --stack " + c.Stack
	}
	return name
}

// logsCommand returns the command that shows an app's lines between two times.
func (c Composer) logsCommand(app string, rule alert.Rule, from, to time.Time) string {
	text := c.program() + " logs -a " + app + " --since " + from.Format(time.RFC3339) + " --until " + to.Format(time.RFC3339)
	if rule.Kind == alert.Slow || rule.Kind == alert.Status {
		text += " --process router"
	}
	return text
}
