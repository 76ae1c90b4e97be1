package doctor

import (
	"context"
	"time"

	"heroku-drains/lib/drain"
)

// Prober sends a drain one line as Heroku would, and answers how long that took to the log stream: a connect.Connector.
type Prober interface {
	Verify(ctx context.Context, d drain.Drain) (time.Duration, error)
}

// Probe sends a test line all the way. The drain needs its DrainURL.
func (d Doctor) Probe(ctx context.Context, prober Prober, dr drain.Drain) (time.Duration, []Finding) {
	took, err := prober.Verify(ctx, dr)
	if err != nil {
		f := failed("probe", "send a test line", err, "mend what else was found; the functions' logs say more")
		return 0, forApp(dr.App, []Finding{f})
	}
	return took, nil
}
