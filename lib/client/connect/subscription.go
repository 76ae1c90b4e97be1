package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/heroku"
)

// SubscriptionState says whether Heroku sends an app's lines to its drain.
type SubscriptionState string

// The states of a Subscription.
const (
	Present SubscriptionState = "present"
	Missing SubscriptionState = "missing" // no drain at Heroku is ours
	Stale   SubscriptionState = "stale"   // what Heroku sends is refused: the password is no longer good. Put replaces the drain
	NoApp   SubscriptionState = "no app"  // the app is gone, or this account has no access to it: Heroku says the same of both
	Unknown SubscriptionState = "unknown" // Heroku or the drain did not say
)

// Subscription is the Heroku side of an app's drain.
type Subscription struct {
	State  SubscriptionState
	Ours   []heroku.Drain // those that point here: one, if all is well; the first is the good one if there is any
	Others int            // add-ons' drains and other people's: never touched
	Err    error          // why the state is Unknown
}

// subscription looks at an app's drains at Heroku. Which of ours are good is not told yet: State is Missing, NoApp, or Stale.
func (c *Connector) subscription(ctx context.Context, app string) (*Subscription, error) {
	found, err := c.Heroku.Drains(ctx, app)
	if errors.Is(err, heroku.ErrNotFound) {
		return &Subscription{State: NoApp}, nil
	}
	if err != nil {
		return nil, err
	}
	ours, err := c.ourURL(app)
	if err != nil {
		return nil, err
	}
	m, err := heroku.Match(found, ours)
	if err != nil {
		return nil, err
	}
	s := &Subscription{State: Missing, Ours: m.Stale, Others: len(m.Others)}
	if len(s.Ours) > 0 {
		s.State = Stale
	}
	return s, nil
}

// prove asks the drain itself which of the passwords at Heroku are good, with POSTs of nothing: only the API's own answer to PUT tells the
// password, and looking must not change anything.
func (c *Connector) prove(ctx context.Context, s *Subscription) {
	for i, d := range s.Ours {
		good, err := c.accepted(ctx, d.URL)
		if err != nil {
			s.State, s.Err = Unknown, err
			return
		}
		if good {
			s.State = Present
			s.Ours[0], s.Ours[i] = s.Ours[i], s.Ours[0]
			return
		}
	}
}

// accepted tells whether the drain takes what comes with a drain URL's password.
func (c *Connector) accepted(ctx context.Context, drainURL string) (bool, error) {
	if scheme, _, _ := strings.Cut(c.APIURL, ":"); !strings.HasPrefix(drainURL, scheme+":") {
		return false, nil
	}
	sender, err := delivery.NewSender(drainURL, "")
	if err != nil { // it has no password
		return false, nil
	}
	r, err := sender.Send(ctx, delivery.Batch{})
	switch {
	case err != nil:
		return false, err
	case r.Err != nil:
		return false, fmt.Errorf("ask the drain whether Heroku's password is good: %w", r.Err)
	case r.Status == http.StatusUnauthorized:
		return false, nil
	case r.Lost:
		return false, fmt.Errorf("ask the drain whether Heroku's password is good: it answered %d", r.Status)
	}
	return true, nil
}
