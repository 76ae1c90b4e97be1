package doctor

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/cause"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
)

// herokuFix is the fix if Heroku's API fails.
const herokuFix = "fix this, or skip Heroku with --no-heroku"

// api returns the finding for an error of the drains API or of Heroku's API. The error concerns an app's drain, or all drains if app is empty.
func (e examiner) api(app string, err error) []Finding {
	if connect.IsNotFound(err) {
		return []Finding{{
			Severity: Error, Check: CheckDrain, App: app, What: "the app has no drain", Fix: e.Command("put -a %s", app) + " creates it",
		}}
	}
	if _, ok := errors.AsType[*heroku.Error](err); ok {
		return []Finding{{Severity: Error, Check: CheckHeroku, App: app, What: err.Error(), Fix: herokuFix}}
	}
	fix := "check this machine's network and the address of the API"
	switch refused, answered := errors.AsType[*apiclient.Error](err); {
	case e.Local && (!answered || refused.Foreign):
		fix = e.startFix()
	case !answered:
	case refused.Foreign:
		fix = "set the right address with --api-url or --stack"
	case refused.Status == http.StatusForbidden:
		return []Finding{e.forbidden(refused)}
	case refused.Status >= http.StatusInternalServerError:
		fix = "see the log of the drains function"
	}
	return []Finding{e.failed(Finding{Check: CheckAPI, Fix: fix}, "call the drains API", err)}
}

// forbidden returns the finding for API Gateway's response if IAM denies a request, or if the signature of the request is invalid.
func (e examiner) forbidden(refused *apiclient.Error) Finding {
	return Finding{
		Severity: Error, Check: CheckPolicy,
		What: fmt.Sprintf("%s is not authorized to perform execute-api:Invoke on the drains API: %s",
			cmp.Or(e.identity, "this AWS identity"), refused.Message),
		Fix: fmt.Sprintf("allow it (%s in docs/deploy.md); if it is allowed, check the Region and the clock, which are part of the signature (--region, --profile)",
			cause.RoutePolicy(refused.Method, refused.Path)),
	}
}

// startFix returns the fix if nothing is listening at the local system's address.
func (e examiner) startFix() string {
	return fmt.Sprintf("start the local system with %s; if it listens elsewhere, pass --local-api-url and --local-aws-url", e.Start)
}
