package console

import (
	"context"
	"net/http"

	"heroku-drains/lib/alert"
)

// alertsView is the alerts as the page shows them. One that is muted is also among those that fire or did.
type alertsView struct {
	Firing []alert.Alert `json:"firing"`
	Recent []alert.Alert `json:"recent"` // over, in the last 14 days
	Muted  []alert.Alert `json:"muted"`
}

func (c *Console) serveAlerts(w http.ResponseWriter, r *http.Request) error {
	all, err := c.alerts.get(r.Context(), c)
	if err != nil {
		return err
	}
	v := alertsView{Firing: []alert.Alert{}, Recent: []alert.Alert{}, Muted: []alert.Alert{}}
	for _, a := range all {
		switch a.State {
		case alert.StateFiring:
			v.Firing = append(v.Firing, a)
		case alert.StateResolved:
			v.Recent = append(v.Recent, a)
		}
		if a.MutedUntil.After(c.opts.Now()) {
			v.Muted = append(v.Muted, a)
		}
	}
	answer(w, http.StatusOK, v)
	return nil
}

func (c *Console) loadAlerts(ctx context.Context) ([]alert.Alert, error) {
	api, err := c.opts.Installation.API(ctx)
	if err != nil {
		return nil, err
	}
	return api.Alerts(ctx)
}
