package cli

import (
	"errors"
	"fmt"
	"net/http"
	"syscall"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/doctor"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// advice is what to do about a failure of the API that has a usual cure; empty where the error's own text says it all.
func (s *session) advice(err error) string {
	if errors.Is(err, syscall.ECONNREFUSED) && s.flags.Local {
		return fmt.Sprintf("start the system on this machine with `%s local` in another terminal", program)
	}
	for _, kind := range []error{heroku.ErrUnauthorized, heroku.ErrForbidden, heroku.ErrRateLimited, heroku.ErrUnavailable} {
		if errors.Is(err, kind) {
			return "--no-heroku does the AWS side only"
		}
	}
	if finding, denied := doctor.Policy(err); denied {
		return finding.Fix
	}
	var refusal *apiclient.Error
	if !errors.As(err, &refusal) {
		return ""
	}
	switch {
	case refusal.Foreign:
		return "check --api-url, or leave it out: the stack says where its API is"
	case refusal.Code == drain.NotFound:
		return fmt.Sprintf("`%s put -a %s` makes it", program, s.flags.App)
	case refusal.Status == http.StatusForbidden:
		return "your AWS identity needs execute-api:Invoke on this API, and the API's region must be the one in use (--profile, --region)"
	case refusal.Status >= http.StatusInternalServerError && s.flags.Local:
		return fmt.Sprintf("try again; if it stays so, `%s local` says more where it runs", program)
	case refusal.Status >= http.StatusInternalServerError:
		return "try again; if it stays so, look at the function's own logs in CloudWatch"
	}
	return ""
}

// command returns a command line of this program that the user can run as it is, in backticks.
func (s *session) command(format string, args ...any) string {
	line := program
	if s.flags.Local {
		line += " --local"
	}
	return "`" + line + " " + fmt.Sprintf(format, args...) + "`"
}
