package fleet_test

import (
	"testing"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/fleet"
)

// slowHeroku is a Heroku whose requests take a second each.
type slowHeroku struct{ connect.Heroku }

func (slowHeroku) Least(requests int) time.Duration { return time.Duration(requests) * time.Second }

func TestLeast(t *testing.T) {
	prune := fleet.Options{Prune: true}
	onAWS, both, local := &connect.Connector{}, &connect.Connector{Heroku: slowHeroku{}}, &connect.Connector{ExactCounts: true}
	for name, tt := range map[string]struct {
		steps []fleet.Step
		opts  fleet.Options
		c     *connect.Connector
		want  time.Duration
	}{
		"nothing":                    {nil, prune, both, 0},
		"the pace of the API":        {steps(fleet.Create, 1000), prune, onAWS, 500 * time.Second},
		"Heroku's rate limit":        {steps(fleet.Create, 1000), prune, both, 2000 * time.Second},
		"changes":                    {steps(fleet.Change, 1000), prune, both, 1000 * time.Second},
		"one queue looks empty":      {steps(fleet.Orphan, 1), prune, onAWS, 3 * time.Minute},
		"a hundred at the same time": {steps(fleet.Orphan, 101), prune, onAWS, 6 * time.Minute},
		"a thousand are read slowly": {steps(fleet.Orphan, 1000), prune, onAWS, 2500 * time.Second},
		"exact counts":               {steps(fleet.Orphan, 1), prune, local, 2500 * time.Millisecond},
		"orphans stay":               {steps(fleet.Orphan, 1000), fleet.Options{}, both, 0},
		"skipped":                    {steps(fleet.Skip, 1000), prune, both, 0},
	} {
		plan := fleet.Plan{Steps: tt.steps}
		if got := plan.Least(tt.c, tt.opts); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// steps returns steps of an action.
func steps(action fleet.Action, n int) []fleet.Step {
	all := make([]fleet.Step, n)
	for i := range all {
		all[i].Action = action
	}
	return all
}
