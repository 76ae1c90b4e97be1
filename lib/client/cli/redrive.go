package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/awscall/sqscall"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/stack"
)

type redriveCmd struct {
	appArg

	List   bool `xor:"action" help:"Show the dead letters, decoded. Nothing is moved."`
	Limit  *int `placeholder:"N" help:"Read at most N messages. Without it: ${sample_limit} with --list, all with --save."`
	DryRun bool `xor:"action" help:"Show what would be moved. Nothing is moved."`

	Save    string   `placeholder:"FILE" help:"Write the dead letters to a new file, or - for stdout, as JSON lines. Nothing is moved."`
	Discard []string `xor:"action" placeholder:"ID" help:"Delete this dead letter for good; unreadable: all that cannot be opened."`
}

// Help is the verb's long help.
func (redriveCmd) Help() string {
	return `Messages that repeatedly could not be stored end up in the stack's dead-letter queue, which keeps them until they are 14 days
old. Fix the cause first (see the storage function's log): messages that fail again return to the dead-letter queue.

AWS moves each message to the queue it came from, but cannot select messages by app: with -a, this program moves an app's messages one by
one. It also does so where AWS has no dead-letter redrive, as in China. It sends each to its queue before deleting it from the dead-letter queue, so an interruption loses nothing, but one message may be
stored twice. Run the same command again to finish. Ctrl-C does not stop what AWS is doing.

A message that cannot be opened can never be stored. --list shows why, and the ID of each message. --save writes messages to a file, one JSON
object per line: their lines, and "message" as it is in the queue. --discard deletes messages for good, after it has shown them and asked; with
--save, it saves them first.

Examples:

    heroku-drains-cli redrive --list
    heroku-drains-cli redrive --save dead-letters.jsonl
    heroku-drains-cli redrive --discard unreadable --save unreadable.jsonl
    heroku-drains-cli redrive --discard 3f2a9c1e-7d41-4b7e-9a51-0c6a2f1d8e90
    heroku-drains-cli redrive --list -a shop --output json | jq -r '.data[].lines[].message'
    heroku-drains-cli redrive
    heroku-drains-cli redrive -a shop`
}

// Run moves dead letters back, or shows them.
func (c *redriveCmd) Run(ctx context.Context, s *session) error {
	app, err := s.optionalApp()
	if err != nil {
		return err
	}
	switch {
	case c.Limit != nil && *c.Limit < 1:
		return usagef("--limit must be 1 or more")
	case c.Save != "" && (c.List || c.DryRun):
		return usagef("--save cannot be used with --list or --dry-run")
	case c.Limit != nil && !c.List && (c.Save == "" || len(c.Discard) > 0):
		return usagef("--limit needs --list or --save")
	}
	r, err := c.redriver(ctx, s)
	if err != nil {
		return err
	}
	switch {
	case c.List:
		err = c.list(ctx, s, r.Queue, app, c.limit(deadletters.SampleLimit))
	case len(c.Discard) > 0:
		err = c.discard(ctx, s, r.Queue, app)
	case c.Save != "":
		err = c.save(ctx, s, r.Queue, app)
	case c.DryRun:
		err = c.preview(ctx, s, r, app)
	default:
		err = c.move(ctx, s, r, app)
	}
	if err != nil {
		return fmt.Errorf("redrive: %w", err)
	}
	return nil
}

// limit returns how many messages to read, if --limit does not say so.
func (c *redriveCmd) limit(usual int) int {
	if c.Limit != nil {
		return *c.Limit
	}
	return usual
}

// redriver returns a Redriver of the installation, without a Progress.
func (c *redriveCmd) redriver(ctx context.Context, s *session) (deadletters.Redriver, error) {
	var none deadletters.Redriver
	cfg, err := s.AWS(ctx)
	if err != nil {
		return none, err
	}
	outputs, err := s.Outputs(ctx)
	if err == nil && outputs.DeadLetterQueueURL == "" && s.flags.APIURL != "" { // --api-url skips the stack
		outputs, err = s.Deployed(ctx)
	}
	if err != nil {
		return none, err
	}
	if outputs.DeadLetterQueueURL == "" {
		missing := &installation.StackError{Name: s.flags.Stack, Region: cfg.Region, Output: stack.OutputDeadLetterQueue}
		return none, fmt.Errorf("find the dead letters: %w", missing)
	}
	api, err := s.API(ctx)
	if err != nil {
		return none, err
	}
	queue := deadletters.Queue{Client: sqscall.New(sqs.NewFromConfig(cfg)), URL: outputs.DeadLetterQueueURL, Prefix: outputs.QueuePrefix}
	return deadletters.Redriver{Queue: queue, Drains: api, Wait: s.wait}, nil
}

// move moves dead letters, those of an app or all, and shows how many. The error also names those that cannot be moved.
func (c *redriveCmd) move(ctx context.Context, s *session, r deadletters.Redriver, app string) error {
	p := s.StartProgress("Looking for dead letters…")
	defer p.Stop()
	r.Progress = p
	var result deadletters.Result
	var err error
	if app == "" {
		result, err = r.All(ctx)
	} else {
		result, err = r.App(ctx, app)
	}
	p.Stop()
	if connect.IsNotFound(err) {
		return noDrain(app, err)
	}
	if result.Running {
		s.Note("AWS continues to move the dead letters (%d moved so far). Run the same command again to follow it.", result.Moved)
		return err
	}
	if err != nil && result.Moved+result.Left == 0 {
		return err
	}
	moved, left := plural.Count(result.Moved, "dead letter"), plural.Count(result.Left, "dead letter")
	switch {
	case result.Moved == 0 && result.Left == 0:
		if err == nil {
			s.Note("There are no dead letters.")
		}
	case result.Moved == 0:
		s.Note("Moved no dead letter, and left %s.", left)
	case result.Left > 0:
		s.Note("Moved %s back to the drains' queues, and left %s. Any that fail again return to the dead-letter queue.", moved, left)
	default:
		s.Note("Moved %s back to the drains' queues. Any that fail again return to the dead-letter queue.", moved)
	}
	return errors.Join(err, c.printMoved(s, result), c.explainLeft(s, result.Letters))
}

// printMoved shows programs how many letters were moved.
func (c *redriveCmd) printMoved(s *session, result deadletters.Result) error {
	if s.flags.Output != "json" {
		return nil
	}
	return s.PrintJSON(map[string]any{"data": map[string]int{"moved": result.Moved, "left": result.Left}})
}

// explainLeft says why letters are left, and what to do about them. Its error names those that cannot be moved.
func (c *redriveCmd) explainLeft(s *session, letters []deadletters.Group) error {
	var stuck []string
	for _, g := range letters {
		switch {
		case g.App == "":
			stuck = append(stuck, fmt.Sprintf("%s cannot be moved: the app is unknown (to save and discard what cannot be opened: %s)",
				plural.Count(g.Count, "dead letter"), s.command("redrive --discard %s --save unreadable.jsonl", unreadable)))
		case g.Queue == "":
			stuck = append(stuck, fmt.Sprintf("%s of %s cannot be moved: the queue does not exist (create it with %s, then run %s again)",
				plural.Count(g.Count, "dead letter"), g.App, s.command("put -a %s", g.App), s.again()))
		default:
			s.Note("%s of %s left (new, or failed again). To move them, run %s again.", plural.Count(g.Count, "dead letter"), g.App, s.again())
		}
	}
	if len(stuck) > 0 {
		return errors.New(strings.Join(stuck, "; "))
	}
	return nil
}

// preview shows which letters would be moved: those of an app, or all.
func (c *redriveCmd) preview(ctx context.Context, s *session, r deadletters.Redriver, app string) error {
	p := s.StartProgress("Reading the dead letters…")
	defer p.Stop()
	preview, err := r.Preview(ctx)
	p.Stop()
	if err != nil {
		return err
	}
	changes := []string{}
	for _, g := range preview.Letters {
		letters := plural.Count(g.Count, "dead letter")
		switch {
		case app != "" && g.App != app:
		case g.App == "":
			changes = append(changes, fmt.Sprintf("leave %s: the app is unknown", letters))
		case g.Queue == "":
			changes = append(changes, fmt.Sprintf("leave %s of %s: the queue does not exist", letters, g.App))
		default:
			changes = append(changes, fmt.Sprintf("move %s of %s to its queue", letters, g.App))
		}
	}
	if preview.Opened < preview.Total {
		s.Note("Only %d of %s were read.", preview.Opened, plural.Count(preview.Total, "dead letter"))
	}
	return s.printChanges(app, changes)
}

// list shows dead letters: those of an app, or all.
func (c *redriveCmd) list(ctx context.Context, s *session, queue deadletters.Queue, app string, limit int) error {
	p := s.StartProgress("Reading the dead letters…")
	defer p.Stop()
	show := s.letterPrinter()
	views := []letterView{}
	shown, unopened := 0, 0
	found, err := queue.Read(ctx, limit, func(l deadletters.Letter, content deadletters.Content) error {
		if app != "" && l.App != app {
			return nil
		}
		p.Stop()
		shown++
		v := newLetterView(l, content)
		if l.Err != nil {
			unopened++
		}
		if s.flags.Output == "json" {
			views = append(views, v)
			return nil
		}
		return show(v)
	})
	p.Stop()
	if s.flags.Output == "json" {
		err = errors.Join(err, s.PrintJSON(map[string]any{"data": views, "total": found.Total}))
	}
	if err != nil {
		return err
	}
	if unopened > 0 {
		s.Note("%s cannot be opened, and so never be stored. To save and discard what cannot be opened: %s", plural.Count(unopened, "dead letter"),
			s.command("redrive --discard %s --save unreadable.jsonl", unreadable))
	}
	switch {
	case !found.Complete() && app == "":
		s.Note("Showing %d of %s. To see more, raise --limit.", shown, plural.Count(found.Total, "dead letter"))
	case !found.Complete():
		s.Note("Searched %d of %s for those of %s. To search more, raise --limit.", len(found.Letters), plural.Count(found.Total, "dead letter"), app)
	case shown == 0 && app != "":
		s.Note("There are no dead letters of %s.", app)
	case shown == 0:
		s.Note("There are no dead letters.")
	}
	return nil
}
