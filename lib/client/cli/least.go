package cli

import (
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/client/term"
)

// notable is how long a run must take at least for a verb to say so before it begins.
const notable = 2 * time.Minute

// leastText returns how long a run takes at least, and why, or "" if it is short. heroku is what Heroku's rate limit alone makes it take.
func leastText(least, heroku time.Duration) string {
	if least < notable {
		return ""
	}
	text := "at least " + term.Words(least)
	if heroku >= least {
		text += ", because Heroku allows an account 75 requests a minute once its 4,500 are used up"
	}
	return text
}

// leastText is leastText of a plan.
func (c *syncCmd) leastText(connector *connect.Connector, plan fleet.Plan) string {
	least := plan.Least(connector, c.options())
	var heroku time.Duration
	if connector.Heroku != nil {
		heroku = connector.Heroku.Least(plan.Requests(c.options()))
	}
	return leastText(least, heroku)
}

// tallies is a Progress of a Connector that only shows how many apps were looked at.
type tallies struct{ *term.Progress }

func (tallies) Step(string, ...any) {}

func (tallies) Detail(string, ...any) {}

func (tallies) Countdown(time.Duration, func(time.Duration) string) {}
