package doctor

import (
	"errors"

	"heroku-drains/lib/apiclient"
	"heroku-drains/lib/connect"
)

// API judges why the drains API, or Heroku's, did not list an app's sides; all apps' when app is empty.
func (d Doctor) API(app string, err error) []Finding {
	if connect.IsNotFound(err) {
		return []Finding{{Error, "drain", app, "there is no drain", d.command("put -a "+app) + " makes it"}}
	}
	fix := "see that this machine reaches the network, and the API's address is right"
	var refused *apiclient.Error
	switch answered := errors.As(err, &refused); {
	case d.Local && (!answered || refused.Foreign):
		fix = d.start()
	case !answered:
	case refused.Foreign:
		fix = "give the right address: --api-url, or --stack"
	case refused.Status >= 500:
		fix = "the drains function's log says why"
	}
	return []Finding{failed("api", "ask the drains API", err, fix)}
}
