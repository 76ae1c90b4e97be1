package cli

import (
	"fmt"
	"strings"

	"heroku-drains/lib/stack"
)

// explain says on stderr how to use the system that has just started, which these flags point to, whose page has this address, and which has this
// Heroku beside it.
func (c *localCmd) explain(s *session, flags globals, page string, heroku runningHeroku) {
	addresses := "" // the system does not listen at the default addresses
	if flags.LocalAPIURL != stack.LocalAPIURL || flags.LocalAWSURL != stack.LocalAWSURL {
		addresses = fmt.Sprintf("\n  export %[1]s_LOCAL_API_URL=%[2]s %[1]s_LOCAL_AWS_URL=%[3]s", variables, flags.LocalAPIURL, flags.LocalAWSURL)
	}
	app, about, commands := c.commands(heroku)
	width := 0
	for _, command := range commands {
		width = max(width, len(command[0]))
	}
	var lines strings.Builder
	for _, command := range commands {
		fmt.Fprintf(&lines, "  %s --local %-*s   # %s\n", s.name, width, command[0], command[1])
	}
	s.Note(`
The system runs until Ctrl-C. To see it, and to send it test traffic, open %[1]s in a browser.%[2]s

Or in another terminal:
%[3]s
%[4]s
Or with the aws CLI:

  export AWS_ACCESS_KEY_ID=%[5]s AWS_SECRET_ACCESS_KEY=%[5]s AWS_DEFAULT_REGION=%[6]s
  aws --endpoint-url %[7]s logs get-log-events --log-group-name %[8]s --log-stream-name '%[9]s%[10]s'
  aws --endpoint-url %[7]s sqs list-queues
`, page, about, addresses, lines.String(), stack.LocalAccessKey, stack.LocalRegion, flags.LocalAWSURL, stack.DefaultLogGroup, stack.DefaultStreamPrefix, app)
}

// commands returns what to try: the app, what there is to know about it, and commands with what they do.
func (c *localCmd) commands(heroku runningHeroku) (app, about string, commands [][2]string) {
	app, simulated := "shop", "create a drain, and send it test traffic"
	if heroku.url != "" {
		app = c.Heroku[0]
		about = fmt.Sprintf("\nThe fake Heroku at %s has these apps in the team %s: %s. An app sends lines as soon as it has a log drain.",
			heroku.url, herokuTeam, strings.Join(c.Heroku, ", "))
		return app, about, [][2]string{
			{"put -a " + app, "connect an app, at Heroku and on AWS"},
			{"logs -a " + app + " --tail", "show its lines as they are stored"},
			{"sync --team " + herokuTeam, "connect all apps"},
			{"rotate", "give all apps new passwords"},
			{"list", "show all drains"},
		}
	}
	if c.Demo {
		app, simulated = demoApp, "send more test traffic"
	}
	return app, "", [][2]string{
		{"simulate -a " + app + " --lines 500", simulated},
		{"logs -a " + app + " --tail", "show its lines as they are stored"},
		{"simulate -a " + app + " --scenario h12-storm", "raise an alert, which is shown here"},
		{"alerts list", "show all alerts"},
		{"list", "show all drains"},
	}
}
