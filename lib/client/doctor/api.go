package doctor

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
)

// API judges why the drains API, or Heroku's, did not tell of an app's drain; of all drains when app is empty.
func (d Doctor) API(app string, err error) []Finding {
	if connect.IsNotFound(err) {
		return []Finding{{Error, "drain", app, "there is no drain", d.command("put -a "+app) + " makes it"}}
	}
	if silent := (*heroku.Error)(nil); errors.As(err, &silent) {
		return []Finding{{Error, "heroku", app, err.Error(), "mend that, or give --no-heroku"}}
	}
	fix := "see that this machine reaches the network, and the API's address is right"
	var refused *apiclient.Error
	switch answered := errors.As(err, &refused); {
	case d.Local && (!answered || refused.Foreign):
		fix = d.start()
	case !answered:
	case refused.Foreign:
		fix = "give the right address: --api-url, or --stack"
	case refused.Status == http.StatusForbidden:
		return []Finding{d.forbidden(refused)}
	case refused.Status >= http.StatusInternalServerError:
		fix = "the drains function's log says why"
	}
	return []Finding{failed("api", "ask the drains API", err, fix)}
}

// forbidden is what the gateway says to whom IAM does not let in, and to whose signature it cannot make out.
func (d Doctor) forbidden(refused *apiclient.Error) Finding {
	return Finding{
		Severity: Error, Check: "policy",
		What: fmt.Sprintf("%s may not do execute-api:Invoke on the drains API: %s", cmp.Or(d.Who, "this AWS identity"), refused.Message),
		Fix:  "allow it in IAM; if it is allowed, the region or the clock is wrong, by which requests are signed (--region, --profile)",
	}
}
