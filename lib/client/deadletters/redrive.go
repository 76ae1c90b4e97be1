package deadletters

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/drain"
)

// Drains is the drains API: *apiclient.Client implements it.
type Drains interface {
	Get(ctx context.Context, app string) (drain.Drain, error)
	List(ctx context.Context, include ...drain.Detail) ([]drain.Drain, error)
}

// Progress learns what a Redriver is doing. *term.Progress implements it.
type Progress interface {
	Step(format string, args ...any)   // a new step
	Detail(format string, args ...any) // more about the current step, such as a count
}

// Redriver moves dead letters back to the queues of their drains. All fields are required.
type Redriver struct {
	Queue    Queue
	Drains   Drains
	Wait     func(context.Context, time.Duration) error // clock.Sleep, or a test's replacement
	Progress Progress
}

// Result is the result of a redrive.
type Result struct {
	Moved   int
	Left    int     // in the dead-letter queue, of all apps, by SQS's approximation
	Letters []Group // those that were not moved, up to SampleLimit
	Running bool    // AWS continues to move letters
}

// Group is the dead letters of one app.
type Group struct {
	App   string // empty: unknown
	Count int
	Queue string // URL of the app's queue; empty: the app has none, and its letters cannot be moved
}

// NoQueueError means that an app's letters cannot be moved, because its drain has no queue.
type NoQueueError struct{ App string }

// Error names the app.
func (e *NoQueueError) Error() string { return "the drain for " + e.App + " has no queue" }

// All moves the letters of all apps. AWS moves them, but stops at the first one whose queue does not exist, and cannot do it in some Regions; All
// then moves the others one by one. With an error, the Result says what was moved before it.
func (r Redriver) All(ctx context.Context) (Result, error) {
	before, err := r.Queue.List(ctx, 0)
	if err != nil {
		return Result{}, err
	}
	moved := 0
	if before.Total > 0 {
		r.Progress.Step("Moving %s back…", plural.Count(before.Total, "dead letter"))
		task, err := r.Queue.MoveAll(ctx, r.Wait, func(moved, total int) { r.Progress.Detail("Moving dead letters back… %d of %d", moved, total) })
		moved = task.Moved
		switch {
		case IsStopped(err), isUnsupported(err):
			rest, err := r.rest(ctx, err)
			moved += rest
			if err != nil {
				return Result{Moved: moved, Left: before.Total - moved}, err
			}
		case err != nil:
			return Result{Moved: moved, Left: before.Total - moved, Running: task.Running}, err
		}
	}
	after, err := r.Queue.List(ctx, SampleLimit)
	if err != nil {
		return Result{Moved: moved, Left: before.Total - moved}, err
	}
	result := Result{Moved: moved, Left: after.Total}
	result.Letters, err = r.group(ctx, after)
	return result, err
}

// rest moves the letters that have a queue. why is the reason why AWS does not.
func (r Redriver) rest(ctx context.Context, why error) (int, error) {
	if isUnsupported(why) {
		r.Progress.Step("AWS cannot move dead letters in this Region. Moving them one by one…")
	} else {
		r.Progress.Step("AWS stopped at a dead letter whose queue does not exist. Moving the others one by one…")
	}
	queues, err := r.queues(ctx)
	if err != nil {
		return 0, err
	}
	return r.Queue.Move(ctx, func(l Letter) string { return queues[l.App] }, func(moved int) {
		r.Progress.Detail("Moving dead letters one by one… %d", moved)
	})
}

// App moves the letters of one app, one by one. If the app has no queue, the error is a *NoQueueError. With any other error, the Result says
// what was moved before it.
func (r Redriver) App(ctx context.Context, app string) (Result, error) {
	d, err := r.Drains.Get(ctx, app)
	if err != nil {
		return Result{}, err
	}
	if d.Queue == nil {
		return Result{}, &NoQueueError{App: app}
	}
	target := func(l Letter) string {
		if l.App == app {
			return d.Queue.URL
		}
		return ""
	}
	moved, err := r.Queue.Move(ctx, target, func(moved int) { r.Progress.Detail("Moving dead letters of %s… %d", app, moved) })
	after, countErr := r.Queue.List(context.WithoutCancel(ctx), 0)
	return Result{Moved: moved, Left: after.Total}, errors.Join(err, countErr)
}

// Preview is what a redrive would find.
type Preview struct {
	Letters []Group // up to SampleLimit
	Opened  int     // how many letters were opened and are in Letters
	Total   int     // of the dead-letter queue, by SQS's approximation
}

// Preview returns what a redrive would find. It moves nothing.
func (r Redriver) Preview(ctx context.Context) (Preview, error) {
	found, err := r.Queue.List(ctx, SampleLimit)
	if err != nil {
		return Preview{}, err
	}
	letters, err := r.group(ctx, found)
	return Preview{Letters: letters, Opened: len(found.Letters), Total: found.Total}, err
}

// group returns letters by app, in the order of the apps' names. Without letters it makes no call.
func (r Redriver) group(ctx context.Context, found Listing) ([]Group, error) {
	if len(found.Letters) == 0 {
		return nil, nil
	}
	queues, err := r.queues(ctx)
	if err != nil {
		return nil, err
	}
	counts := found.ByApp()
	var groups []Group
	for _, app := range slices.Sorted(maps.Keys(counts)) {
		groups = append(groups, Group{App: app, Count: counts[app], Queue: queues[app]})
	}
	return groups, nil
}

// queues returns the URLs of the drains' queues by app.
func (r Redriver) queues(ctx context.Context) (map[string]string, error) {
	drains, err := r.Drains.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the drains' queues: %w", err)
	}
	queues := map[string]string{}
	for _, d := range drains {
		if d.Queue != nil {
			queues[d.App] = d.Queue.URL
		}
	}
	return queues, nil
}
