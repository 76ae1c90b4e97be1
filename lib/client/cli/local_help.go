package cli

import (
	"fmt"

	"heroku-drains/lib/stack"
)

// explain says on stderr how to use the system that has just started.
func (s *session) explain(demo bool) {
	app, simulated := "shop", "create a drain, and send it test traffic"
	if demo {
		app, simulated = demoApp, "send more test traffic"
	}
	s.Note(`
The system runs until Ctrl-C. In another terminal (%[1]s may be "go run ./cmd/%[1]s"):
%[2]s
  %[1]s --local simulate -a %[3]s --lines 500   # %[4]s
  %[1]s --local logs -a %[3]s --tail            # show its lines as they are stored
  %[1]s --local list                           # show all drains

Or with the aws CLI:

  export AWS_ACCESS_KEY_ID=%[5]s AWS_SECRET_ACCESS_KEY=%[5]s AWS_DEFAULT_REGION=%[6]s
  aws --endpoint-url %[7]s logs get-log-events --log-group-name %[8]s --log-stream-name '%[9]s%[3]s'
  aws --endpoint-url %[7]s sqs list-queues
`, program, s.addresses(), app, simulated, stack.LocalAccessKey, stack.LocalRegion, s.flags.LocalAWSURL, stack.DefaultLogGroup, stack.DefaultStreamPrefix)
}

// addresses returns the command that points --local to the system; empty if it listens at the default addresses.
func (s *session) addresses() string {
	if s.flags.LocalAPIURL == localAPIURL && s.flags.LocalAWSURL == localAWSURL {
		return ""
	}
	return fmt.Sprintf("\n  export %[1]s_LOCAL_API_URL=%[2]s %[1]s_LOCAL_AWS_URL=%[3]s", variables, s.flags.LocalAPIURL, s.flags.LocalAWSURL)
}
