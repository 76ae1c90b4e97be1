package doctor

import (
	"context"
	"fmt"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/drain"
)

// prober sends a drain one line as Heroku would, and returns how long it took to reach the log stream.
type prober interface {
	Verify(ctx context.Context, d drain.Drain) (time.Duration, error)
}

// test sends a test line to a drain if the drain is active. It gets the drain's URL from a put that changes no settings, because only put
// returns it.
func (e examiner) test(ctx context.Context, drains Drains, conn connect.Connection) (time.Duration, []Finding) {
	if conn.State != drain.Active {
		return 0, []Finding{{
			Severity: Note, Check: CheckProbe, App: e.App, What: fmt.Sprintf("no test line was sent: the drain's state is %s, not active", conn.State),
			Fix: e.Command("put -a %s", e.App) + " makes it active",
		}}
	}
	d, _, err := drains.PutAWS(ctx, e.App, drain.Patch{})
	if err == nil {
		d, err = drains.AwaitActive(ctx, d)
	}
	if err != nil {
		return 0, e.api(e.App, err)
	}
	return e.probe(ctx, drains, d)
}

// probe sends a test line through all parts of a drain. The drain's DrainURL must be set.
func (e examiner) probe(ctx context.Context, drains prober, d drain.Drain) (time.Duration, []Finding) {
	took, err := drains.Verify(ctx, d)
	if err != nil {
		return 0, []Finding{e.failed(Finding{Check: CheckProbe, App: d.App, Fix: "fix the other findings, and see the functions' logs"},
			"send a test line", err)}
	}
	return took, nil
}
