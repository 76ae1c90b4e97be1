package doctor

import (
	"fmt"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/drain"
)

// subscription checks the Heroku side of a drain. If Heroku was skipped, it finds nothing.
func (e examiner) subscription(c connect.Connection) []Finding {
	if c.Heroku == nil || c.State == drain.None {
		return nil
	}
	put, remove := e.Command("put -a %s", c.App), e.Command("delete -a %s", c.App)
	f := Finding{Severity: Error, Check: CheckHeroku, App: c.App}
	if c.Archived() {
		if len(c.Heroku.Ours) == 0 {
			return nil
		}
		f.What = "Heroku sends to a drain whose queue does not exist: its lines are lost"
		f.Fix = put + " creates the drain again; " + remove + " removes it from Heroku"
		return []Finding{f}
	}
	switch c.Heroku.State {
	case connect.Missing:
		f.What = "Heroku does not send the app's lines here"
		f.Fix = put + " adds the log drain"
	case connect.Stale:
		f.What = "the password in the log drain's URL is no longer valid: Heroku's lines are rejected, and lost"
		f.Fix = put + " replaces it"
	case connect.NoApp:
		f.Severity = Warning
		f.What = "the app does not exist, or this Heroku account has no access to it"
		f.Fix = "use the API key of an account with access; if the app was deleted, " + remove + " deletes the drain"
	case connect.Unknown:
		f.Severity = Warning
		f.What = fmt.Sprintf("cannot tell whether Heroku sends the app's lines here: %v", c.Heroku.Err)
		f.Fix = "fix this, then check again"
	case connect.Present:
		if len(c.Heroku.Ours) < 2 {
			return nil
		}
		f.Severity = Warning
		f.What = fmt.Sprintf("%d log drains at Heroku send the app's lines here: they are stored more than once, or rejected", len(c.Heroku.Ours))
		f.Fix = put + " removes all but one"
	}
	return []Finding{f}
}
