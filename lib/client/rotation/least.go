package rotation

import (
	"cmp"
	"time"

	"heroku-drains/lib/client/connect"
)

// The requests that a rotation makes at Heroku for each app.
const (
	SurveyRequests = 1 // to list its log drains, before anything is changed
	MoveRequests   = 3 // to list them again, to add the new one, and to remove the old one
)

// Least returns how long it takes at least to move a number of apps: because of Heroku's rate limit, and of LeastMoving.
func (r *Rotator) Least(apps int) time.Duration {
	return max(r.Connector.Heroku.Least(apps*MoveRequests), leastMoving(apps, cmp.Or(r.MaxParallel, defaultParallel)))
}

// leastSurvey returns how long it takes at least to look at a number of apps.
func (r *Rotator) leastSurvey(apps int) time.Duration {
	return max(r.Connector.Heroku.Least(apps*SurveyRequests), LeastSurvey(apps))
}

// LeastSurvey returns how long it takes at least to look at a number of apps without a rate limit of Heroku's, because of the pace at which the
// drains API is called.
func LeastSurvey(apps int) time.Duration { return connect.LeastCalls(apps) }

// LeastMoving returns how long it takes at least to move a number of apps without a rate limit of Heroku's: each has both of its log drains for a
// while, and only some have so at a time.
func LeastMoving(apps int) time.Duration { return leastMoving(apps, defaultParallel) }

func leastMoving(apps, parallel int) time.Duration {
	return max(connect.LeastCalls(apps), overlapTime*time.Duration(apps)/time.Duration(parallel))
}
