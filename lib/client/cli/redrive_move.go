package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/client/term"
)

// moveAll has AWS move everything. AWS stops at the first message whose queue is gone: what comes after it is moved from here.
func (o *deadLetterOffice) moveAll(ctx context.Context) error {
	p := o.StartProgress("Looking for dead letters…")
	defer p.Stop()
	before, err := o.queue.List(ctx, 0)
	if err != nil {
		return err
	}
	moved := 0
	if before.Total > 0 {
		p.Step("Moving %d dead letters back…", before.Total)
		moved, err = o.queue.MoveAll(ctx, o.sqs, o.wait, func(moved, of int) { p.Detail("Moving dead letters back… %d of %d", moved, of) })
		switch {
		case ctx.Err() != nil:
			p.Stop()
			o.Note("%d are moved. AWS goes on; the same command shows how far it is.", moved)
			return err
		case deadletters.IsStopped(err):
			rest, err := o.moveRest(ctx, p)
			moved += rest
			if err != nil {
				return errors.Join(err, o.printMoved(p, moved, before.Total-moved))
			}
		case err != nil:
			return err
		}
	}
	after, err := o.queue.List(ctx, looked)
	if err != nil {
		return errors.Join(err, o.printMoved(p, moved, before.Total-moved))
	}
	if err := o.printMoved(p, moved, after.Total); err != nil {
		return err
	}
	return o.explainLeft(ctx, after)
}

// moveRest moves what has a queue.
func (o *deadLetterOffice) moveRest(ctx context.Context, p *term.Progress) (int, error) {
	p.Step("AWS stopped at a message whose queue is gone. Moving the others one by one…")
	queues, err := o.queues(ctx)
	if err != nil {
		return 0, err
	}
	return o.queue.Move(ctx, o.sqs, func(l deadletters.Letter) string { return queues[l.App] }, func(moved int) {
		p.Detail("Moving dead letters one by one… %d", moved)
	})
}

// queues are the drains' queues, their URLs by app.
func (o *deadLetterOffice) queues(ctx context.Context) (map[string]string, error) {
	drains, err := o.api.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for the drains' queues: %w", err)
	}
	queues := map[string]string{}
	for _, d := range drains {
		if d.Queue != nil {
			queues[d.App] = d.Queue.URL
		}
	}
	return queues, nil
}

// moveApp moves an app's letters.
func (o *deadLetterOffice) moveApp(ctx context.Context, app string) error {
	d, err := o.api.Get(ctx, app)
	if err != nil {
		return err
	}
	if d.Queue == nil {
		return fmt.Errorf("the drain of %s has no queue: `%s put -a %s` makes it", app, program, app)
	}
	p := o.StartProgress("Looking for dead letters of %s…", app)
	defer p.Stop()
	own := func(l deadletters.Letter) string {
		if l.App == app {
			return d.Queue.URL
		}
		return ""
	}
	moved, err := o.queue.Move(ctx, o.sqs, own, func(moved int) { p.Detail("Moving dead letters of %s… %d", app, moved) })
	after, countErr := o.queue.List(context.WithoutCancel(ctx), 0)
	return errors.Join(err, countErr, o.printMoved(p, moved, after.Total))
}

// printMoved ends the progress, and says what was moved.
func (o *deadLetterOffice) printMoved(p *term.Progress, moved, left int) error {
	p.Stop()
	switch {
	case moved > 0:
		o.Note("What is moved is stored in a moment. What fails again comes back to the dead letters.")
	case left == 0:
		o.Note("There are no dead letters.")
	}
	if o.flags.Output == "json" {
		return o.PrintJSON(map[string]any{"data": map[string]int{"moved": moved, "left": left}})
	}
	return o.PrintRows([][2]string{{"Moved", fmt.Sprint(moved)}, {"Left", fmt.Sprint(left)}})
}

// explainLeft says why messages are still there, and what to do. The error is that there are some whose queue is gone.
func (o *deadLetterOffice) explainLeft(ctx context.Context, left deadletters.Listing) error {
	if len(left.Letters) == 0 {
		return nil
	}
	queues, err := o.queues(ctx)
	if err != nil {
		return err
	}
	var gone []string
	counts := left.ByApp()
	for _, app := range slices.Sorted(maps.Keys(counts)) {
		switch {
		case app == "":
			gone = append(gone, fmt.Sprintf("%d of no app that can be told (`%s redrive --list` shows them)", counts[app], program))
		case queues[app] == "":
			gone = append(gone, fmt.Sprintf("%d of %s, whose queue is gone (`%s put -a %s` makes it; redrive again then)",
				counts[app], app, program, app))
		default:
			o.Note("%d of %s are dead letters still, or again: the same command moves them.", counts[app], app)
		}
	}
	if len(gone) > 0 {
		return fmt.Errorf("what is left has nowhere to go: %s", strings.Join(gone, "; "))
	}
	return nil
}

// preview says what would be moved where.
func (o *deadLetterOffice) preview(ctx context.Context, only string) error {
	p := o.StartProgress("Looking at the dead letters…")
	defer p.Stop()
	found, err := o.queue.List(ctx, looked)
	if err != nil {
		return err
	}
	queues, err := o.queues(ctx)
	if err != nil {
		return err
	}
	p.Stop()
	changes := []string{}
	counts := found.ByApp()
	for _, app := range slices.Sorted(maps.Keys(counts)) {
		switch {
		case only != "" && app != only:
		case queues[app] != "":
			changes = append(changes, fmt.Sprintf("move %d messages of %s to its queue", counts[app], app))
		default:
			changes = append(changes, fmt.Sprintf("leave %d messages of %s, which has no queue", counts[app], orNone(app)))
		}
	}
	if !found.Complete() {
		o.Note("Of %d dead letters, %d are looked into.", found.Total, len(found.Letters))
	}
	return o.printChanges(only, changes)
}
