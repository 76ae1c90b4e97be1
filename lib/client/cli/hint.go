package cli

import (
	"errors"
	"fmt"
	"net/http"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/cause"
	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/client/reach"
	"heroku-drains/lib/drain"
)

// hint returns what to do about an error, or "" if the error itself says so.
func (s *session) hint(err error) string {
	if hint := s.herokuHint(err); hint != "" {
		return hint
	}
	if unreachable, ok := reach.Find(err); ok && s.flags.Local && unreachable.Why == reach.Refused {
		return "Start the local system in another terminal: " + s.localCommand()
	}
	if hint := s.installationHint(err); hint != "" {
		return hint
	}
	if noQueue, ok := errors.AsType[*deadletters.NoQueueError](err); ok {
		return "Create it: " + s.command("put -a %s", noQueue.App)
	}
	if _, older := errors.AsType[*apiclient.NoAlertsError](err); older {
		return s.noAlertsHint()
	}
	if refused, ok := errors.AsType[*apiclient.Error](err); ok {
		return s.refusalHint(refused, err)
	}
	return ""
}

// herokuHint says what to do if Heroku is the cause.
func (s *session) herokuHint(err error) string {
	if errors.Is(err, heroku.ErrNoKey) && s.needsHeroku {
		return ""
	}
	if errors.Is(err, heroku.ErrNoKey) {
		return "Or skip Heroku with --no-heroku"
	}
	for _, kind := range []error{heroku.ErrUnauthorized, heroku.ErrForbidden, heroku.ErrRateLimited, heroku.ErrUnavailable} {
		if errors.Is(err, kind) {
			return "To skip Heroku, add --no-heroku"
		}
	}
	return ""
}

// noAlertsHint says what to do if the API has no alerts.
func (s *session) noAlertsHint() string {
	hint := "Deploy this version with `npx aws-cdk deploy`"
	if s.flags.APIURL != "" {
		hint += ", or check --api-url"
	}
	return hint
}

// installationHint says what to do if the system was not found.
func (s *session) installationHint(err error) string {
	switch {
	case errors.Is(err, installation.ErrNoRegion):
		return "Add --region, or set AWS_REGION (--local needs none)"
	}
	if denial, denied := cause.FindDenial(err); denied {
		return denial.Fix()
	}
	if found := cause.Of(err); !s.flags.Local && found.Kind != cause.Other {
		return found.Fix(s.flags.Profile)
	}
	if missing, ok := errors.AsType[*installation.StackError](err); ok {
		switch {
		case missing.Missing:
			return "Deploy it with `npx aws-cdk deploy`, or choose another one with --stack, --region or --profile"
		case missing.Output != "":
			return "Deploy this version with `npx aws-cdk deploy`; if it is not a heroku-drains stack, choose another one with --stack"
		}
		return "Or pass --api-url"
	}
	return ""
}

// refusalHint says what to do about err, which an error response of the API caused.
func (s *session) refusalHint(refused *apiclient.Error, err error) string {
	function := "drains"
	_, ofAlerts := errors.AsType[*alertsError](err)
	if ofAlerts {
		function = "alerts"
	}
	switch {
	case refused.Foreign:
		return "Check --api-url, or omit it to use the stack's API"
	case refused.Code == drain.NoSuchRule && len(s.flags.App) == 1:
		return "The rules: " + s.command("alerts rules -a %s", s.flags.App[0])
	case refused.Code == drain.NotFound && len(s.flags.App) == 1:
		return "Create one: " + s.command("put -a %s", s.flags.App[0])
	case refused.Status == http.StatusForbidden:
		return fmt.Sprintf("Allow execute-api:Invoke on %s /%s of this API (%s in docs/deploy.md); if it is allowed, check that --region is the API's",
			refused.Method, refused.Path, cause.RoutePolicy(refused.Method, refused.Path))
	case refused.Status >= http.StatusInternalServerError && s.flags.Local:
		return "Try again; if it persists, see the output of " + s.localCommand()
	case refused.Status >= http.StatusInternalServerError:
		return "Try again; if it persists, see the log of the " + function + " function in CloudWatch Logs"
	}
	return ""
}

// foreignProgram returns the error to show if another program answered in place of the local system, or nil if err has another cause.
func (s *session) foreignProgram(err error) error {
	const text = "expected the local system's %s at %s, but another program answers there. " +
		"Start the local system on a free port (%s), and pass the address that it prints with %s"
	if foreign, ok := errors.AsType[*installation.ForeignError](err); ok {
		return fmt.Errorf(text, "AWS endpoint", foreign.URL, s.command("local --aws-addr 127.0.0.1:0"), "--local-aws-url")
	}
	if refused, ok := errors.AsType[*apiclient.Error](err); ok && s.flags.Local && refused.Foreign {
		return fmt.Errorf(text, "API", s.flags.LocalAPIURL, s.command("local --api-addr 127.0.0.1:0"), "--local-api-url")
	}
	return nil
}
