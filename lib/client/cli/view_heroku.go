package cli

import (
	"fmt"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/plural"
)

// herokuView is the Heroku side of a drain, as printed.
type herokuView struct {
	State  connect.SubscriptionState `json:"state"`
	Drains []herokuDrain             `json:"drains"` // the drains that point here
	Others int                       `json:"others"` // number of drains of add-ons and others
}

type herokuDrain struct {
	ID        string    `json:"id"`
	Token     string    `json:"token"`
	URL       string    `json:"url"` // masked unless the password may be shown
	CreatedAt time.Time `json:"created_at"`
}

func newHerokuView(s *connect.Subscription, showPassword bool) *herokuView {
	if s == nil {
		return nil
	}
	v := &herokuView{State: s.State, Drains: []herokuDrain{}, Others: s.Others}
	for _, d := range s.Ours {
		if !showPassword {
			d.URL = heroku.MaskURL(d.URL)
		}
		v.Drains = append(v.Drains, herokuDrain{ID: d.ID, Token: d.Token, URL: d.URL, CreatedAt: d.CreatedAt})
	}
	return v
}

// repair returns what put would change at Heroku, or "" if that is nothing.
func (v *herokuView) repair() string {
	switch {
	case v.State == connect.Missing:
		return "add the log drain at Heroku"
	case v.State == connect.Stale:
		return "replace the log drain at Heroku"
	case len(v.Drains) > 1 && v.State == connect.Present:
		return "remove the outdated log drains at Heroku"
	}
	return ""
}

// text returns the state, and where Heroku sends lines.
func (v *herokuView) text() string {
	text := string(v.State)
	if len(v.Drains) > 0 {
		text += ", " + v.Drains[0].URL
	}
	switch {
	case v.State == connect.Stale:
		text += ": the drain rejects its password"
	case v.State == connect.NoApp:
		text += ": the app was deleted, or this account has no access to it"
	case len(v.Drains) > 1:
		text += fmt.Sprintf(", and outdated log drains (%d)", len(v.Drains)-1)
	}
	if v.Others > 0 {
		text += " (" + plural.Count(v.Others, "other log drain") + ")"
	}
	return text
}
