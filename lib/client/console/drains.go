package console

import (
	"context"
	"net/http"
	"time"

	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/drain"
)

// drainView is a drain as the page shows it.
type drainView struct {
	App            string      `json:"app"`
	State          drain.State `json:"state"`
	Waiting        int         `json:"waiting"` // messages that nobody is storing yet
	InFlight       int         `json:"in_flight"`
	DeadLetters    *int        `json:"dead_letters"` // nil: unknown
	LastLineAt     *time.Time  `json:"last_line_at"`
	LinesPerMinute []int       `json:"lines_per_minute"` // of the last hour, oldest first; empty: unknown
	Today          *todayView  `json:"today"`            // nil: unknown
}

// drainsView is the answer of /api/drains.
type drainsView struct {
	Data []drainView `json:"data"`
	Note string      `json:"note,omitempty"` // why something is unknown
}

func (c *Console) serveDrains(w http.ResponseWriter, r *http.Request) error {
	drains, err := c.list.get(r.Context(), c)
	if err != nil {
		return err
	}
	dead, deadErr := c.dead.get(r.Context(), c)
	lately, statsErr := c.stats.peek(c) // a query takes seconds
	today, todayErr := c.today.peek(c)
	v := drainsView{Data: []drainView{}}
	for _, d := range drains {
		shown := drainView{
			App: d.App, State: d.State, LastLineAt: d.LastEventAt, LinesPerMinute: lately.lines(d.App), Today: today.view(d.App),
		}
		if newest := lately.newest(d.App); shown.LastLineAt == nil || newest.After(*shown.LastLineAt) {
			if !newest.IsZero() {
				shown.LastLineAt = &newest
			}
		}
		if d.Queue != nil {
			shown.Waiting, shown.InFlight = d.Queue.Waiting()-d.Queue.Received(), d.Queue.Received()
		}
		if deadErr == nil {
			shown.DeadLetters = new(dead.byApp[d.App])
		}
		v.Data = append(v.Data, shown)
	}
	switch {
	case deadErr != nil:
		v.Note = "Dead letters were not counted: " + c.explain(deadErr)
	case statsErr != nil:
		v.Note = "Lines were not counted: " + c.explain(statsErr)
	case todayErr != nil:
		v.Note = "Today's lines were not counted: " + c.explain(todayErr)
	case dead.more:
		v.Note = "Only some of " + plural.Count(dead.total, "dead letter") + " were counted by app."
	case dead.byApp[""] > 0:
		v.Note = "The app of " + plural.Count(dead.byApp[""], "dead letter") + " is unknown."
	}
	answer(w, http.StatusOK, v)
	return nil
}

func (c *Console) loadDrains(ctx context.Context) ([]drain.Drain, error) {
	api, err := c.opts.Installation.API(ctx)
	if err != nil {
		return nil, err
	}
	return api.List(ctx, drain.IncludeCounts)
}
