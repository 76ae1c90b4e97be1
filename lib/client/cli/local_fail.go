package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// failRetry is when a message that could not be stored is tried again, with --fail. On AWS, that is after stack.QueueVisibilityTimeout: someone
// who watches the queue should not wait for minutes.
const failRetry = 10 * time.Second

// afterRetry is how long after a retry is due everything has been received again. Only then does a message that has failed five times become a dead
// letter.
const afterRetry = time.Second

// failure is a value of --fail: a fault, what it was given as, and for how long; 0: as long as the system or the verb runs.
type failure struct {
	awslocal.NamedFault
	text string
	set  func(*local.Options) // nil, except for what a system can have only from its start, instead of a fault
}

// failuresFromStart are what a local system can have only from its start.
func failuresFromStart() []failure {
	return []failure{
		{NamedFault: awslocal.NamedFault{Name: "late-counts", Effect: "counts and lists of queues and streams are as old as on AWS"},
			set: func(o *local.Options) { o.Lag = awslocal.LagOfAWS() }},
		{NamedFault: awslocal.NamedFault{Name: "concurrency-10", Effect: "at most 10 invocations run at a time, as in a new account"},
			set: func(o *local.Options) { o.Concurrency = 10 }},
	}
}

// noFailures says why a local system cannot have what has these names.
func noFailures() map[string]string {
	return map[string]string{
		"freeze":       "functions that run in this program cannot be frozen; docs/faults.md shows what happens to real ones",
		"key-rotation": "it is not a fault: the verb rotate changes the signing key, also with local --heroku",
	}
}

// UnmarshalText reads a fault as local.ParseFault does, and names the fault that a mistyped name may mean.
func (f *failure) UnmarshalText(text []byte) (err error) {
	f.text = string(text)
	name, _, _ := strings.Cut(f.text, ":")
	if why := noFailures()[name]; why != "" {
		return fmt.Errorf("%s: %s", name, why)
	}
	for _, known := range failuresFromStart() {
		if known.Name == f.text {
			f.NamedFault, f.set = known.NamedFault, known.set
			return nil
		}
	}
	f.NamedFault, err = local.ParseFault(f.text)
	if unknown, ok := errors.AsType[*local.UnknownFaultError](err); ok {
		if similar := nearest(unknown.Name, unknown.Known); similar != "" {
			return fmt.Errorf("unknown fault %q (did you mean %s?)", unknown.Name, similar)
		}
	}
	return err
}

// failHelp returns the part of the help that says what can be given to --fail.
func failHelp() string {
	var text strings.Builder
	text.WriteString(`A FAULT is NAME[:SERVICE][:APP][:TIME]: for all calls, or only for those of a service (sqs, logs, lambda, dynamodb, sns, secretsmanager,
cloudwatch, api), those that name an app, and a time. The names:

`)
	for _, n := range local.Faults() {
		fmt.Fprintf(&text, "    %-15s  %s\n", n.Name, n.Effect)
	}
	text.WriteString("\nOnly with 'local', and as long as it runs:\n\n")
	for _, f := range failuresFromStart() {
		fmt.Fprintf(&text, "    %-15s  %s\n", f.Name, f.Effect)
	}
	return text.String()
}

// failureEffects say where to see what some faults do.
func failureEffects(s *session) map[string]string {
	queues := ". Lines wait in the queues: see WAITING in " + s.command("list") + ", and DEAD after five failures"
	return map[string]string{
		"storage": queues,
		"sqs":     ". Heroku gets a 503, tries three times, and then the lines are lost",
		"logs":    queues,
	}
}

// explain prints what a fault does.
func (f failure) explain(s *session) {
	effect := strings.ToUpper(f.Effect[:1]) + f.Effect[1:]
	s.Note("Fault %s: %s%s.", f.text, effect, failureEffects(s)[f.Name])
}

// tellMet says how many calls a fault applied to.
func (f failure) tellMet(s *session, calls int) {
	if calls == 0 {
		s.Note("Warning: the fault %s applied to no calls.", f.text)
		return
	}
	s.Note("The fault %s applied to %s.", f.text, plural.Count(calls, "call"))
}

// deadAfterFault counts the dead letters. If there are more than before, its text, which begins with a space, says so, and what to do.
func (s *session) deadAfterFault(ctx context.Context, before int) (now int, text string) {
	both, err := s.SidesWith(ctx, nil)
	if err != nil {
		if ctx.Err() == nil {
			s.Note("Cannot count the dead letters: %s", errorText(err))
		}
		return before, ""
	}
	dead := s.countDeadLetters(ctx, both)
	if dead == nil {
		return before, ""
	}
	total := deadView{atLeast: dead.atLeast}
	var each []string
	for _, app := range slices.Sorted(maps.Keys(dead.byApp)) {
		total.count += dead.byApp[app]
		each = append(each, fmt.Sprintf("%d of %s", dead.byApp[app], cmp.Or(app, "an unknown app")))
	}
	if total.count <= before {
		return total.count, ""
	}
	return total.count, fmt.Sprintf(" Dead letters are not tried again, and there are %s: %s. To move them back: %s.",
		total.text(), strings.Join(each, ", "), s.command("redrive"))
}

// app returns the app that a fault is narrowed to, or "".
func (f failure) app() string {
	app, _, _ := strings.Cut(f.Fault.Resource, ",") // local.ParseFault writes it first
	return app
}

// checkAppsOf warns of faults that are narrowed to an app without a drain. It says nothing if the drains cannot be listed.
func (s *session) checkAppsOf(ctx context.Context, faults []failure) {
	if !slices.ContainsFunc(faults, func(f failure) bool { return f.app() != "" }) {
		return
	}
	api, err := s.API(ctx)
	if err != nil {
		return
	}
	drains, err := api.List(ctx)
	if err != nil {
		return
	}
	apps := appsOfDrains(drains)
	for _, f := range faults {
		if app := f.app(); app != "" && !slices.Contains(apps, app) {
			text := fmt.Sprintf("Warning: the fault %s applies to no calls, because %s has no drain.", f.text, app)
			if similar := nearest(app, apps); similar != "" {
				text += " Did you mean " + similar + "?"
			}
			s.Note("%s", text)
		}
	}
}

// retry returns when what could not be stored is tried again; 0: as on AWS.
func (c *localCmd) retry() time.Duration {
	if len(c.Fail) == 0 {
		return 0
	}
	return failRetry
}

// inject makes the system fail as --fail says. What a system has from its start is left out.
func (c *localCmd) inject(system *local.System) []awslocal.Injected {
	injected := make([]awslocal.Injected, len(c.Fail))
	for i, f := range c.Fail {
		if f.set == nil {
			injected[i] = system.AWS.InjectCounted(f.Fault)
		}
	}
	return injected
}

// tellFailures says how the system fails, until when, and how often. s has the flags of a verb that uses it. stop ends the failures, and waits until
// that is told.
func (c *localCmd) tellFailures(ctx context.Context, s *session, all []awslocal.Injected) (stop func()) {
	if len(c.Fail) == 0 {
		return func() {}
	}
	s.Note("What could not be stored is tried again after %s (on AWS: %s).", failRetry, stack.QueueVisibilityTimeout)
	ctx, end := context.WithCancel(ctx)
	var running sync.WaitGroup
	for i, f := range c.Fail {
		f.explain(s)
		injected := all[i]
		if injected.Remove == nil {
			continue
		}
		running.Go(func() {
			defer injected.Remove()
			if f.Fault.For == 0 {
				<-ctx.Done()
			} else if clock.Sleep(ctx, f.Fault.For) == nil {
				dead, text := s.deadAfterFault(ctx, 0)
				s.Note("The fault %s is over. What waits is tried again within %s.%s", f.text, failRetry, text)
				f.tellMet(s, injected.Met())
				if clock.Sleep(ctx, failRetry+afterRetry) != nil {
					return
				}
				if _, text := s.deadAfterFault(ctx, dead); text != "" {
					s.Note("Since the fault %s ended, more messages have become dead letters.%s", f.text, text)
				}
				return
			}
			f.tellMet(s, injected.Met())
		})
	}
	return func() {
		end()
		running.Wait()
	}
}
