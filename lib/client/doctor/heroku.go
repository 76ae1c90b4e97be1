package doctor

import (
	"fmt"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/drain"
)

// Heroku judges the Heroku side of a drain; nothing when it was left out.
func (d Doctor) Heroku(c connect.Connection) []Finding {
	if c.Heroku == nil || c.State == drain.None {
		return nil
	}
	put := d.command("put -a " + c.App)
	f := Finding{Severity: Error, Check: "heroku", App: c.App}
	if c.Archived() {
		if len(c.Heroku.Ours) == 0 {
			return nil
		}
		f.What = "Heroku sends to a drain whose queue is gone: its lines are lost"
		f.Fix = put + " makes the drain again; " + d.command("delete -a "+c.App) + " tells Heroku to stop"
		return []Finding{f}
	}
	switch c.Heroku.State {
	case connect.Missing:
		f.What, f.Fix = "Heroku does not send the app's lines here", put+" tells it to"
	case connect.Stale:
		f.What = "the password in the drain URL at Heroku is no longer good: Heroku's lines are refused, and lost"
		f.Fix = put + " gives Heroku a new one"
	case connect.NoApp:
		f.Severity = Warning
		f.What = "the app is gone, or this Heroku account has no access to it"
		f.Fix = "use the key of an account that has; if the app is gone, " + d.command("delete -a "+c.App)
	case connect.Unknown:
		f.Severity = Warning
		f.What, f.Fix = fmt.Sprintf("whether Heroku sends the app's lines here cannot be told: %v", c.Heroku.Err), "mend that, and check again"
	case connect.Present:
		if len(c.Heroku.Ours) < 2 {
			return nil
		}
		f.Severity = Warning
		f.What = fmt.Sprintf("%d drains at Heroku send the app's lines here: they are stored more than once, or refused", len(c.Heroku.Ours))
		f.Fix = put + " removes all but one"
	}
	return []Finding{f}
}
