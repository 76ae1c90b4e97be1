package matrix

import (
	"fmt"
	"time"

	"heroku-drains/lib/local/awslocal"
)

const (
	// quiet is how long nothing must have happened before time passes on the clock of the embedded AWS.
	quiet = 30 * time.Millisecond
	// stuck is how long messages may be visible and not be received, before time passes all the same: a mapping pauses after an error.
	stuck = 2 * time.Second
	// pause is how long a mapping pauses.
	pause = 20 * time.Second
	// longest is how much time may pass until everything is stored or a dead letter: five receives, with time for outages.
	longest = 3 * time.Hour
)

// settle lets time pass until every message is stored or a dead letter. Whatever the functions do, they do in real time meanwhile.
func (w *World) settle() error {
	limit := w.AWS.Now().Add(longest)
	for {
		b, err := w.calm()
		if err != nil {
			return err
		}
		if b.Visible+b.Hidden == 0 {
			return nil
		}
		if w.AWS.Now().After(limit) {
			return fmt.Errorf("%d messages are neither stored nor dead letters after %s", b.Visible+b.Hidden, longest)
		}
		w.AWS.Advance(w.step(b))
	}
}

// Pass lets time pass on the clock of the embedded AWS. The lines must be paused.
func (w *World) Pass(d time.Duration) error {
	end := w.AWS.Now().Add(d)
	for {
		b, err := w.calm()
		if err != nil {
			return err
		}
		left := end.Sub(w.AWS.Now())
		if left <= 0 {
			return nil
		}
		if b.Visible+b.Hidden > 0 {
			left = min(left, w.step(b))
		}
		w.AWS.Advance(left)
	}
}

// skip lets time pass at once, in which no mapping receives messages, when no batch is being processed any more.
func (w *World) skip(d time.Duration) error {
	err := w.Until("no batch is being processed", func() (bool, error) { return w.backlog().Taken == 0, nil })
	if err == nil {
		w.AWS.Advance(d)
	}
	return err
}

// step returns how much time has to pass until something happens.
func (w *World) step(b awslocal.Backlog) time.Duration {
	if b.Visible > 0 {
		return pause
	}
	return max(b.Next.Sub(w.AWS.Now()), time.Millisecond)
}

// calm waits until nothing happens any more without more time on the clock of the embedded AWS, and returns what is left in the apps' queues.
func (w *World) calm() (awslocal.Backlog, error) {
	since, seen := time.Now(), w.backlog()
	for {
		b := w.backlog()
		if b != seen || b.Taken > 0 {
			since, seen = time.Now(), b
		}
		needed := quiet
		if b.Visible > 0 {
			needed = stuck
		}
		if time.Since(since) >= needed {
			return b, nil
		}
		if err := w.Sleep(5 * time.Millisecond); err != nil {
			return b, err
		}
	}
}

// backlog returns what is left in the apps' queues.
func (w *World) backlog() awslocal.Backlog {
	var all awslocal.Backlog
	for _, app := range w.Apps {
		b := w.AWS.Backlog(app.Queue())
		all.Visible, all.Hidden, all.Taken = all.Visible+b.Visible, all.Hidden+b.Hidden, all.Taken+b.Taken
		if b.Hidden > 0 && (all.Next.IsZero() || b.Next.Before(all.Next)) {
			all.Next = b.Next
		}
	}
	return all
}
