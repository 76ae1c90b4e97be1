package console

import (
	"context"
	"errors"

	"heroku-drains/lib/client/daily"
	"heroku-drains/lib/ledger"
)

// todayView is what became of an app's lines since midnight, in UTC.
type todayView struct {
	Taken  int `json:"taken"`
	Stored int `json:"stored"`
	Lost   int `json:"lost"` // for good: see ledger.Entry
}

// today is what became of the lines of each app; nil: unknown.
type today map[string]ledger.Entry

// view returns what became of an app's lines; nil if that is unknown.
func (t today) view(app string) *todayView {
	if t == nil {
		return nil
	}
	e := t[app]
	return &todayView{Taken: e.Taken, Stored: e.Stored, Lost: e.Lost()}
}

// loadToday runs one query for all apps. An older version of the stack has no ledger, which is not an error.
func (c *Console) loadToday(ctx context.Context) (today, error) {
	reader, err := daily.Open(ctx, c.opts.Installation, c.opts.Wait)
	if errors.Is(err, daily.ErrOlder) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	days, err := reader.Read(ctx, c.opts.Now(), 1)
	if err != nil {
		return nil, err
	}
	found := today{}
	for _, d := range days {
		e := found[d.App]
		e.Add(d.Entry)
		found[d.App] = e
	}
	return found, nil
}
