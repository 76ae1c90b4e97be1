package cli

import (
	"fmt"

	"heroku-drains/lib/stack"
)

// explain says on stderr how to use the system that has just started, which these flags point to, and whose page has this
// address.
func (c *localCmd) explain(s *session, flags globals, page string) {
	app, simulated := "shop", "create a drain, and send it test traffic"
	if c.Demo {
		app, simulated = demoApp, "send more test traffic"
	}
	addresses := "" // the system does not listen at the default addresses
	if flags.LocalAPIURL != stack.LocalAPIURL || flags.LocalAWSURL != stack.LocalAWSURL {
		addresses = fmt.Sprintf("\n  export %[1]s_LOCAL_API_URL=%[2]s %[1]s_LOCAL_AWS_URL=%[3]s", variables, flags.LocalAPIURL, flags.LocalAWSURL)
	}
	s.Note(`
The system runs until Ctrl-C. To see it, and to send it test traffic, open %[10]s in a browser.

Or in another terminal:
%[2]s
  %[1]s --local simulate -a %[3]s --lines 500            # %[4]s
  %[1]s --local logs -a %[3]s --tail                     # show its lines as they are stored
  %[1]s --local simulate -a %[3]s --scenario h12-storm   # raise an alert, which is shown here
  %[1]s --local alerts list                             # show all alerts
  %[1]s --local list                                    # show all drains

Or with the aws CLI:

  export AWS_ACCESS_KEY_ID=%[5]s AWS_SECRET_ACCESS_KEY=%[5]s AWS_DEFAULT_REGION=%[6]s
  aws --endpoint-url %[7]s logs get-log-events --log-group-name %[8]s --log-stream-name '%[9]s%[3]s'
  aws --endpoint-url %[7]s sqs list-queues
`, s.name, addresses, app, simulated, stack.LocalAccessKey, stack.LocalRegion, flags.LocalAWSURL, stack.DefaultLogGroup, stack.DefaultStreamPrefix,
		page)
}
