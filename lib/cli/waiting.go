package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heroku-drains/lib/apiclient"
	"heroku-drains/lib/drain"
)

// Pauses between two looks at a drain in transit: a mapping takes from a second up to a minute.
const (
	firstPause = 300 * time.Millisecond
	lastPause  = 5 * time.Second
)

// limited is ctx with a verb's --timeout.
func limited(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, limit, fmt.Errorf("not done within %s (--timeout)", limit))
}

// because is err, or the end of ctx where that is behind it.
func because(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// putDrain puts, and puts again while something passing is in the way.
func (s *session) putDrain(ctx context.Context, p *progress, api *apiclient.Client, app string, settings drain.Settings) (
	d drain.Drain, created bool, err error) {
	err = s.patiently(ctx, p, func() (err error) {
		d, created, err = api.Put(ctx, app, settings)
		return err
	})
	return d, created, err
}

// patiently repeats a call for as long as the API asks to come back later: a queue's name is blocked for a minute after its deletion,
// a mapping in transit takes its time.
func (s *session) patiently(ctx context.Context, p *progress, call func() error) error {
	for {
		err := call()
		var refusal *apiclient.Error
		if !errors.As(err, &refusal) || refusal.RetryAfter == 0 {
			return because(ctx, err)
		}
		p.step("Waiting %s: %s", refusal.RetryAfter, refusal.Message)
		for left := refusal.RetryAfter; left > 0; left -= time.Second {
			p.detail("Waiting %s: %s", left, refusal.Message)
			if err := s.wait(ctx, min(left, time.Second)); err != nil {
				return fmt.Errorf("%w: %s", because(ctx, err), refusal.Message)
			}
		}
	}
}

// untilActive looks at a drain until it is active. It keeps the drain URL that only PUT answers.
func (s *session) untilActive(ctx context.Context, p *progress, api *apiclient.Client, d drain.Drain) (drain.Drain, error) {
	url := d.DrainURL
	for between := firstPause; d.State != drain.Active; between = min(between*3/2, lastPause) {
		p.step("Waiting for the drain to become active: it is %s…", d.State)
		next, err := s.lookAgain(ctx, between, api, d.App)
		switch {
		case ctx.Err() != nil:
			return d, fmt.Errorf("%w: it is still %s", context.Cause(ctx), d.State)
		case err != nil:
			return d, err
		}
		d = next
	}
	d.DrainURL = url
	return d, nil
}

// untilEmpty looks at a drain until its queue has nothing left that is not stored.
func (s *session) untilEmpty(ctx context.Context, p *progress, api *apiclient.Client, d drain.Drain) error {
	for between := firstPause; d.Queue != nil && waiting(d.Queue) > 0; between = min(between*3/2, lastPause) {
		if d.State != drain.Active && d.State != drain.Updating && d.State != drain.Creating {
			return fmt.Errorf("%d messages wait in its queue, and nothing stores them: the drain is %s", waiting(d.Queue), d.State)
		}
		p.step("Waiting until the queue is empty: %d messages…", waiting(d.Queue))
		next, err := s.lookAgain(ctx, between, api, d.App)
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("%w: %d messages still wait in its queue", context.Cause(ctx), waiting(d.Queue))
		case err != nil:
			return err
		}
		d = next
	}
	return nil
}

// lookAgain looks at a drain after a while.
func (s *session) lookAgain(ctx context.Context, after time.Duration, api *apiclient.Client, app string) (drain.Drain, error) {
	if err := s.wait(ctx, after); err != nil {
		return drain.Drain{}, err
	}
	return api.Get(ctx, app)
}
