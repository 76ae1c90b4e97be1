package cli

import (
	"fmt"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
)

// herokuView is the Heroku side of a drain as it is printed.
type herokuView struct {
	State  connect.SubscriptionState `json:"state"`
	Drains []herokuDrain             `json:"drains"` // those that point here
	Others int                       `json:"others"` // add-ons' and other people's
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
		v.Drains = append(v.Drains, herokuDrain{d.ID, d.Token, d.URL, d.CreatedAt})
	}
	return v
}

// text is the state, what put would do about it, and where Heroku sends to.
func (v *herokuView) text() string {
	text := string(v.State)
	if len(v.Drains) > 0 {
		text += ", " + v.Drains[0].URL
	}
	switch {
	case v.State == connect.Missing:
		text += ": put adds it"
	case v.State == connect.Stale:
		text += ": its password is refused, put replaces it"
	case v.State == connect.NoApp:
		text += ": it is gone, or this account has no access to it"
	case len(v.Drains) > 1:
		text += fmt.Sprintf(", and older ones of ours (%d): put removes them", len(v.Drains)-1)
	}
	if v.Others > 0 {
		text += fmt.Sprintf(" (beside %d of others)", v.Others)
	}
	return text
}
