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
	Missing SubscriptionState = "missing" // none of the app's drains at Heroku is ours
	Stale   SubscriptionState = "stale"   // the drain rejects what Heroku sends, because the password is no longer valid; Put replaces it
	NoApp   SubscriptionState = "no app"  // the app is gone, or this account has no access to it: Heroku does not distinguish these
	Unknown SubscriptionState = "unknown" // Heroku or the drain did not respond
)

// Subscription is the Heroku side of an app's drain.
type Subscription struct {
	State  SubscriptionState
	Ours   []heroku.Drain // drains that point here, normally one; if one works, it comes first
	Others int            // number of drains to other destinations, such as those of add-ons: never touched
	Err    error          // why the state is Unknown
}

// subscription returns an app's drains at Heroku without testing the passwords of those under the API's host name: State is Missing, NoApp, or
// Stale.
func (c *Connector) subscription(ctx context.Context, app string) (*Subscription, error) {
	ours, err := c.ourURL(app)
	if err != nil {
		return nil, err
	}
	m, err := c.Matches(ctx, app, ours)
	if errors.Is(err, heroku.ErrNotFound) {
		return &Subscription{State: NoApp}, nil
	}
	if err != nil {
		return nil, err
	}
	s := &Subscription{State: Missing, Ours: m.Stale, Others: len(m.Others)}
	if len(s.Ours) > 0 {
		s.State = Stale
	}
	return s, nil
}

// testedSubscription returns an app's drains at Heroku, and tests with empty POSTs which of their passwords the drain accepts. It cannot
// compare them with the current password: only the API's response to PUT has that, and an inspection must not change anything.
func (c *Connector) testedSubscription(ctx context.Context, app string) (*Subscription, error) {
	s, err := c.subscription(ctx, app)
	if err != nil {
		return nil, err
	}
	for i, d := range s.Ours {
		works, err := c.accepted(ctx, d.URL)
		if err != nil {
			s.State, s.Err = Unknown, err
			break
		}
		if works {
			s.State = Present
			s.Ours[0], s.Ours[i] = s.Ours[i], s.Ours[0]
			break
		}
	}
	return s, nil
}

// accepted reports whether the drain accepts POSTs with a drain URL's password.
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
		return false, fmt.Errorf("test whether the drain accepts Heroku's password: %w", r.Err)
	case r.Status == http.StatusUnauthorized:
		return false, nil
	case r.Lost:
		return false, fmt.Errorf("test whether the drain accepts Heroku's password: HTTP status %d", r.Status)
	}
	return true, nil
}
