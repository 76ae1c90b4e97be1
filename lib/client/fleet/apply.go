package fleet

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/deadline"
)

// stepTime limits the work on one app: a minute until its event source mapping is enabled, another one until its test line is stored, and three
// for obstacles such as the name of a deleted queue, which SQS blocks for a minute. The waits for Heroku's tokens and for its turn do not count,
// and the batch window is added.
const stepTime = 5 * time.Minute

const (
	// pruneTime limits the deletion of one drain, like delete's default --timeout: its queue must look empty for minutes.
	pruneTime = 15 * time.Minute
	// maxPruned is how many drains are deleted at the same time. Deletions mostly wait, and the Connector is paced.
	maxPruned = 100
)

// Options says what Apply does with drains that are not in the fleet.
type Options struct {
	Prune    bool // delete them, with their stored logs
	KeepLogs bool // keep the logs of deleted drains
	// MissingApps deletes even drains whose apps Heroku does not show: they may be another account's, and Heroku may still send.
	MissingApps bool
}

// Progress learns what Apply is doing. *term.Progress implements it.
type Progress interface {
	// Count starts a step of total items, of which least says how long they take at least, and Did ends one of them.
	Count(title string, total int, least func(items int) time.Duration)
	Did(format string, args ...any)
}

// Outcome says how a step ended.
type Outcome string

// The outcomes of a step.
const (
	Created  Outcome = "created"
	Changed  Outcome = "changed"
	Repaired Outcome = "repaired"
	Deleted  Outcome = "deleted"
	Skipped  Outcome = "skipped"
	Failed   Outcome = "failed" // Done.Err says why
	NotDone  Outcome = ""       // the drain is not in the fleet and stays, or Apply ended before this step
)

// Done is a step, and how it ended.
type Done struct {
	Step
	Outcome Outcome
	Err     error
}

// Due reports whether Apply works on the step.
func (s Step) Due(opts Options) bool {
	return s.Action != Skip && (s.Action != Orphan || opts.Prune && (!s.NoApp || opts.MissingApps))
}

// Apply carries out a plan, several apps at a time, and returns how each step ended, in the order of the plan. A failure of one app does not
// stop the others. Once ctx has ended, Apply begins no further steps. After any failure, it can be repeated with a new plan.
func Apply(ctx context.Context, c *connect.Connector, plan Plan, opts Options, p Progress) []Done {
	done := make([]Done, len(plan.Steps))
	due := 0
	for i, step := range plan.Steps {
		done[i] = Done{Step: step}
		if step.Action == Skip {
			done[i].Outcome = Skipped
		}
		if step.Due(opts) {
			due++
		}
	}
	if due > 0 {
		whole := plan.Least(c, opts)
		p.Count("Syncing apps", due, func(steps int) time.Duration { return whole * time.Duration(steps) / time.Duration(due) })
	}
	c = c.Paced()
	var work, prune errgroup.Group
	work.SetLimit(maxParallel)
	prune.SetLimit(maxPruned)
	for i, step := range plan.Steps {
		if !step.Due(opts) {
			continue
		}
		group := &work
		if step.Action == Orphan {
			group = &prune
		}
		group.Go(func() error {
			if ctx.Err() == nil {
				done[i].Outcome, done[i].Err = apply(ctx, c, step, opts)
				done[i].tell(p)
			}
			return nil
		})
	}
	_, _ = work.Wait(), prune.Wait() // always nil: the errors are in done
	return done
}

func (d Done) tell(p Progress) {
	if d.Err != nil {
		p.Did("%s: %s: %v", d.App, d.Outcome, d.Err)
		return
	}
	p.Did("%s: %s", d.App, d.Outcome)
}

// apply carries out one step.
func apply(ctx context.Context, c *connect.Connector, step Step, opts Options) (Outcome, error) {
	limit := stepTime
	if step.Action == Orphan {
		limit = pruneTime
	}
	ctx, cancel := deadline.Limit(ctx, limit)
	defer cancel()
	outcome := map[Action]Outcome{Create: Created, Change: Changed, Repair: Repaired, Orphan: Deleted}[step.Action]
	var err error
	if step.Action == Orphan {
		err = remove(ctx, c, step.App, opts)
	} else {
		_, err = c.Put(ctx, step.App, connect.PutOptions{Change: step.Settings, KnownApp: true}) // others are skipped
	}
	if err != nil {
		return Failed, err
	}
	return outcome, nil
}

// remove deletes both sides of an app's drain, if it still exists.
func remove(ctx context.Context, c *connect.Connector, app string, opts Options) error {
	conn, err := c.Find(ctx, app)
	switch {
	case connect.IsNotFound(err):
		return nil
	case err != nil:
		return err
	}
	_, err = c.Delete(ctx, conn, connect.DeleteOptions{KeepLogs: opts.KeepLogs, MissingApps: opts.MissingApps})
	return err
}
