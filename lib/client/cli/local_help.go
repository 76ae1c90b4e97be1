package cli

import (
	"fmt"

	"heroku-drains/lib/stack"
)

// explain tells on stderr what can be done with the system that has just started.
func (s *session) explain(demo bool) {
	app, simulated := "shop", "makes a drain, and sends it what Heroku would send"
	if demo {
		app, simulated = demoApp, "sends more of what Heroku would send"
	}
	s.Note(`
The whole system runs on this machine, until Ctrl-C. In another terminal (%[1]s may be "go run ./cmd/%[1]s"):
%[2]s
  %[1]s --local simulate -a %[3]s --lines 500   # %[4]s
  %[1]s --local logs -a %[3]s --tail            # shows its lines as they are stored
  %[1]s --local list                           # shows all drains

Or with the aws CLI:

  export AWS_ACCESS_KEY_ID=%[5]s AWS_SECRET_ACCESS_KEY=%[5]s AWS_DEFAULT_REGION=%[6]s
  aws --endpoint-url %[7]s logs get-log-events --log-group-name %[8]s --log-stream-name '%[9]s%[3]s'
  aws --endpoint-url %[7]s sqs list-queues
`, program, s.addresses(), app, simulated, stack.LocalAccessKey, stack.LocalRegion, s.flags.LocalAWSURL, stack.DefaultLogGroup, stack.DefaultStreamPrefix)
}

// addresses tells --local where the system is, if that is not where it looks by itself.
func (s *session) addresses() string {
	if s.flags.LocalAPIURL == localAPIURL && s.flags.LocalAWSURL == localAWSURL {
		return ""
	}
	return fmt.Sprintf("\n  export %[1]s_LOCAL_API_URL=%[2]s %[1]s_LOCAL_AWS_URL=%[3]s", variables, s.flags.LocalAPIURL, s.flags.LocalAWSURL)
}
