package console

import (
	"context"
	"net/http"
	"time"

	"heroku-drains/lib/drain"
)

// drainView is a drain as the page shows it.
type drainView struct {
	App            string      `json:"app"`
	State          drain.State `json:"state"`
	Format         string      `json:"format"`
	Waiting        int         `json:"waiting"`
	InFlight       int         `json:"in_flight"`
	DeadLetters    *int        `json:"dead_letters"` // nil: unknown
	LastLineAt     *time.Time  `json:"last_line_at"`
	LinesPerMinute []int       `json:"lines_per_minute"` // of the last hour, oldest first; empty: unknown
}

func (c *Console) serveDrains(w http.ResponseWriter, r *http.Request) error {
	drains, err := c.drains(r.Context())
	if err != nil {
		return err
	}
	views := []drainView{}
	for _, d := range drains {
		v := drainView{App: d.App, State: d.State, Format: string(d.Settings.Format), LastLineAt: d.LastEventAt, LinesPerMinute: make([]int, 60), DeadLetters: new(0)}
		if d.Queue != nil {
			v.Waiting, v.InFlight = d.Queue.Messages+d.Queue.Delayed, d.Queue.InFlight
		}
		views = append(views, v)
	}
	answer(w, http.StatusOK, map[string]any{"data": views})
	return nil
}

// drains returns all drains.
func (c *Console) drains(ctx context.Context) ([]drain.Drain, error) {
	api, err := c.opts.Installation.API(ctx)
	if err != nil {
		return nil, err
	}
	return api.List(ctx)
}
