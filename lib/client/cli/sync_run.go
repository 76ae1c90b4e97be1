package cli

import (
	"context"
	"fmt"
	"sync"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/client/installation"
)

// syncTime bounds the work on one app: a minute until its mapping is enabled, another until its test line is stored, and three for what may
// be in the way, such as a queue's name that is blocked for a minute after its deletion.
const syncTime = 5 * time.Minute

// syncRun is one sync from its plan on.
type syncRun struct {
	*session
	command *syncCmd
	both    *installation.Sides
	plan    fleet.Plan

	mu      sync.Mutex
	results map[string]string // by the app: what came of it
	failed  int
}

// wanted are the steps that are to be done.
func (r *syncRun) wanted() []fleet.Step {
	var steps []fleet.Step
	for _, step := range r.plan.Steps {
		if step.Action != fleet.Skip && (step.Action != fleet.Orphan || r.command.Prune) {
			steps = append(steps, step)
		}
	}
	return steps
}

// do asks, works, and shows what has come of it.
func (r *syncRun) do(ctx context.Context) error {
	r.results = map[string]string{}
	steps := r.wanted()
	if len(steps) > 0 {
		if err := r.ask(ctx, steps); err != nil {
			return err
		}
		r.work(ctx, steps)
	}
	if ctx.Err() != nil {
		r.Note("%d of %d apps are done. The same sync goes on from here.", len(r.results)-r.failed, len(steps))
		return ctx.Err()
	}
	if err := r.print(); err != nil {
		return err
	}
	return r.end(len(steps))
}

// ask shows the steps, and asks unless it is told not to.
func (r *syncRun) ask(ctx context.Context, steps []fleet.Step) error {
	changes := make([]string, len(steps))
	for i, step := range steps {
		changes[i] = r.change(step)
	}
	if r.flags.Yes {
		for _, change := range changes {
			r.Note("%s", change)
		}
	}
	return r.confirm(ctx, r.flags.Stack, changes)
}

// work does the steps, some at a time. One app's failure is not another's.
func (r *syncRun) work(ctx context.Context, steps []fleet.Step) {
	p := r.StartProgress("Working on %d apps…", len(steps))
	defer p.Stop()
	p.Count("Syncing apps", len(steps))
	connector := r.both.Paced()
	fleet.Each(ctx, fleetWidth, steps, func(step fleet.Step) {
		ctx, cancel := context.WithTimeoutCause(ctx, syncTime, fmt.Errorf("not done within %s", syncTime))
		defer cancel()
		result, err := r.apply(ctx, connector, step)
		if err != nil {
			result = "failed: " + errorText(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.results[step.App] = result
		if err != nil {
			r.failed++
		}
		p.Did("%s: %s", step.App, result)
	})
}

// apply does one step.
func (r *syncRun) apply(ctx context.Context, connector *connect.Connector, step fleet.Step) (result string, err error) {
	if step.Action != fleet.Orphan {
		_, err := connector.Put(ctx, step.App, connect.PutOptions{Change: step.Settings})
		return map[fleet.Action]string{fleet.Create: "created", fleet.Change: "changed", fleet.Heal: "healed"}[step.Action], err
	}
	conn, err := connector.Find(ctx, step.App)
	if connect.IsNotFound(err) {
		return "deleted", nil
	}
	if err == nil {
		_, err = connector.Delete(ctx, conn, connect.DeleteOptions{KeepLogs: r.command.KeepLogs})
	}
	return "deleted", err
}

// end says how it went; failures are an error, and so are wanted apps that something keeps from having a drain.
func (r *syncRun) end(done int) error {
	problems, orphans := 0, 0
	for _, step := range r.plan.Steps {
		if step.Problem {
			problems++
		}
		if step.Action == fleet.Orphan && !r.command.Prune {
			orphans++
		}
	}
	if orphans > 0 {
		r.Note("There are %d orphans: --prune deletes them.", orphans)
	}
	switch {
	case r.failed > 0 || problems > 0:
		return fmt.Errorf("sync: %d apps failed, %d are skipped for what stands beside them; the same sync tries them again", r.failed, problems)
	case done == 0:
		r.Note("There is nothing to do: %d drains are as they should be.", r.plan.Fine)
	default:
		r.Note("All drains are as they should be.")
	}
	return nil
}
