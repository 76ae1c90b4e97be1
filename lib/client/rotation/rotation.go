// Package rotation replaces the signing key, from which drain passwords are derived, and moves every app at Heroku to its new drain URL.
// Drains accept the passwords of the current and the previous key, so no line is rejected in the meantime.
//
// A rotation keeps no record of its progress: the log drains at Heroku show how far it came. If it is interrupted at any point, the next one
// finishes it.
package rotation

import (
	"cmp"
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/client/connect"
)

// defaultParallel is the number of apps that are worked on at the same time. Most of an app's time is spent waiting for its test line.
const defaultParallel = 8

// Rotator rotates the signing key. It is safe for concurrent use.
type Rotator struct {
	Connector *connect.Connector // its Heroku must not be nil; Paced, because Rotator calls it for many apps
	Secrets   Secrets
	Secret    string // the signing key's name or ARN

	Again string // how the user runs the same rotation again, in backticks, for errors; empty: "rotate"

	MaxParallel int // apps worked on at the same time; 0: 8
}

// Options says what Rotate may do.
type Options struct {
	App   string // finish an earlier rotation for this app, and create no key; empty: all apps
	Force bool   // create a key even if apps may still use the previous one: their lines are rejected from then on

	SkipVerify bool // do not send test lines

	// Previewed is the result of a Preview with these options a moment ago, which Rotate then relies on instead of looking at all apps again; nil:
	// none. Each app is looked at before it is moved in any case.
	Previewed *Result
}

// Progress learns what a rotation is doing. *term.Progress implements it.
type Progress interface {
	Step(format string, args ...any) // a new step
	// Count starts a step of total items, of which least says how long they take at least, and Did ends one of them.
	Count(title string, total int, least func(items int) time.Duration)
	Did(format string, args ...any)
	// Tally and Tick are the same for items that need no word each.
	Tally(title string, total int, least func(items int) time.Duration)
	Tick()
}

// Result is the result of Rotate, or the one that Preview expects.
type Result struct {
	NewKey  bool  // a new key was created
	Resumed bool  // apps that an earlier rotation left behind were moved first
	Apps    []App // by name

	found survey // on which it is based
}

// Unverified returns the number of apps that use the current key, but whose test line was not found.
func (r Result) Unverified() int {
	unverified := 0
	for _, app := range r.Apps {
		if app.State == Current && app.Err != nil {
			unverified++
		}
	}
	return unverified
}

// FirstUnverified returns the first app that Unverified counts, or "".
func (r Result) FirstUnverified() string {
	for _, app := range r.Apps {
		if app.State == Current && app.Err != nil {
			return app.Name
		}
	}
	return ""
}

// Left returns the number of apps that may not use the current key yet.
func (r Result) Left() int {
	left := 0
	for _, app := range r.Apps {
		if app.left() {
			left++
		}
	}
	return left
}

// Rotate finishes an earlier rotation that left apps behind. If there was none, it creates a new key and moves all apps to it, unless apps may
// still use the previous key. A failure of one app does not stop the others, and is in its App. The Result is valid only without an error.
func (r *Rotator) Rotate(ctx context.Context, opts Options, p Progress) (Result, error) {
	var found survey
	var err error
	if opts.Previewed != nil {
		found = opts.Previewed.found
	} else if found, err = r.survey(ctx, opts.App, p); err != nil {
		return Result{}, err
	}
	result := found.expect(opts)
	if result.Resumed || opts.App != "" {
		if result.Apps, err = r.moveAll(ctx, found.apps, App.left, opts, p); err != nil {
			return result, err
		}
		if result.NewKey {
			if found, err = r.survey(ctx, "", p); err != nil {
				return result, err
			}
		}
	}
	if !result.NewKey {
		return result, nil
	}
	p.Step("Creating a new signing key, and waiting %s until all functions use it…", spreadTime)
	if err := r.createKey(ctx, found.key); err != nil {
		return result, err
	}
	result.Apps, err = r.moveAll(ctx, found.apps, App.connected, opts, p)
	return result, err
}

// Preview returns what Rotate would do, with the apps in their present states. It changes nothing.
func (r *Rotator) Preview(ctx context.Context, opts Options, p Progress) (Result, error) {
	found, err := r.survey(ctx, opts.App, p)
	if err != nil {
		return Result{}, err
	}
	return found.expect(opts), nil
}

// expect returns what Rotate does after a survey, with the apps in their present states.
func (s survey) expect(opts Options) Result {
	behind := s.any(Behind)
	// Without a previous key, an app of unknown state can only use the current one.
	blocked := behind || s.any(Unknown) && s.key.previous != ""
	result := Result{NewKey: opts.App == "" && (opts.Force || !blocked), Resumed: behind, found: s}
	for _, app := range s.apps {
		result.Apps = append(result.Apps, app.App)
	}
	return result
}

// moveAll moves the apps that are due, and returns all of them.
func (r *Rotator) moveAll(ctx context.Context, apps []inspected, due func(App) bool, opts Options, p Progress) ([]App, error) {
	moved := make([]App, len(apps))
	total := 0
	for i, app := range apps {
		moved[i] = app.App
		if due(app.App) {
			total++
		}
	}
	p.Count("Moving apps to their new drain URLs", total, r.Least)
	err := r.each(ctx, len(apps), func(i int) {
		if due(apps[i].App) {
			moved[i] = r.move(ctx, apps[i], opts)
			moved[i].tell(p)
		}
	})
	return moved, err
}

func (a App) tell(p Progress) {
	if a.Err != nil {
		p.Did("%s: %s: %v", a.Name, a.State, a.Err)
		return
	}
	p.Did("%s: %s", a.Name, a.State)
}

// again returns how to run the same rotation again.
func (r *Rotator) again() string { return cmp.Or(r.Again, r.Connector.CommandLine("rotate")) }

// each calls do with 0 to n-1, at most MaxParallel at a time, and returns when all calls have returned. Once ctx has ended, it makes no
// further calls, and returns the cause.
func (r *Rotator) each(ctx context.Context, n int, do func(i int)) error {
	var calls errgroup.Group
	calls.SetLimit(cmp.Or(r.MaxParallel, defaultParallel))
	for i := range n {
		calls.Go(func() error {
			if ctx.Err() == nil {
				do(i)
			}
			return context.Cause(ctx)
		})
	}
	return calls.Wait()
}
