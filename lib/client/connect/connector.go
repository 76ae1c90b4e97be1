// Package connect manages both sides of an app's drain: the AWS side behind the drains API, and the log drain at Heroku that sends to it.
//
// Put and Delete keep no record of their progress: each looks at what exists and does what is left to do, so that it can be repeated after
// any failure. Put adds the drain at Heroku last and Delete removes it first: Heroku never sends to a drain that does not exist.
package connect

import (
	"context"
	"net/url"
	"time"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// API is the AWS side: *apiclient.Client implements it.
type API interface {
	Put(ctx context.Context, app string, change drain.Patch) (d drain.Drain, created bool, err error)
	Get(ctx context.Context, app string) (drain.Drain, error)
	List(ctx context.Context, include ...drain.Detail) ([]drain.Drain, error)
	Delete(ctx context.Context, app string, opts drain.DeleteOptions) (drain.Drain, error)
}

// Heroku is the Heroku side: *heroku.Client implements it.
type Heroku interface {
	App(ctx context.Context, name string) (heroku.App, error)
	Drains(ctx context.Context, app string) ([]heroku.Drain, error)
	AddDrain(ctx context.Context, app, drainURL string) (heroku.Drain, error)
	RemoveDrain(ctx context.Context, app, id string) error
	// Least returns how long a number of requests takes at least, because of Heroku's rate limit.
	Least(requests int) time.Duration
}

// Logs reads stored lines: *cloudwatchlogs.Client implements it.
type Logs interface {
	logs.Client
}

// Progress learns what a Connector is waiting for.
type Progress interface {
	Step(format string, args ...any)   // a new step
	Detail(format string, args ...any) // more about the current step, such as a countdown
	// Countdown starts a step that ends after some time. The text of the step is a function of the time that is left.
	Countdown(left time.Duration, words func(left time.Duration) string)
	// Tally starts to count items of the current step, of which least says how long they take at least, and Tick ends one of them.
	Tally(title string, total int, least func(items int) time.Duration)
	Tick()
}

// Connector connects and disconnects apps. It is safe for concurrent use if its fields are. A copy may have its own Progress.
type Connector struct {
	API      API
	APIURL   string   // the API's address, which distinguishes our drains at Heroku from others
	Heroku   Heroku   // nil: only the AWS side is read and changed
	Logs     Logs     // for Verify
	Progress Progress // nil: none
	// Waits learns how long a call waits until the API can do it, and why; nil: nobody. Unlike Progress, a Paced Connector keeps it: nothing else
	// would say why the work on many apps pauses. It must be safe for concurrent use.
	Waits func(left time.Duration, why string)

	// Command returns a command line of the CLI, in backticks, for errors; its arguments are quoted where necessary. nil: the CLI's usual name,
	// without the flags that select the system.
	Command func(format string, args ...any) string
	// DeadLetters counts an app's dead letters, for the error of Verify; nil: the error does not mention them.
	DeadLetters func(ctx context.Context, app string) (int, error)
	// Wait returns nil after a time, or the context's error if the context ends first: clock.Sleep, or a test's replacement.
	Wait func(context.Context, time.Duration) error
	// ExactCounts says that the counts of messages are always up to date, as in a local system. SQS's counts are late.
	ExactCounts bool
	// Output says where the functions write if they have no logs, as in a local system: "the output of 'local'". Empty: each has its own log.
	Output string
}

// ourURL returns an app's drain URL without the password, which is enough to recognize our drains at Heroku.
func (c *Connector) ourURL(app string) (string, error) {
	u, err := url.Parse(c.APIURL)
	if err != nil {
		return "", err
	}
	u = u.JoinPath(stack.DrainPath(app))
	u.User = url.User(app)
	return u.String(), nil
}

// tally starts a Tally, and returns what ends one of its items.
func (c *Connector) tally(title string, total int, least func(items int) time.Duration) (tick func()) {
	if c.Progress == nil {
		return func() {}
	}
	c.Progress.Tally(title, total, least)
	return c.Progress.Tick
}

func (c *Connector) step(format string, args ...any) {
	if c.Progress != nil {
		c.Progress.Step(format, args...)
	}
}

func (c *Connector) detail(format string, args ...any) {
	if c.Progress != nil {
		c.Progress.Detail(format, args...)
	}
}

func (c *Connector) countdown(left time.Duration, words func(left time.Duration) string) {
	if c.Progress != nil {
		c.Progress.Countdown(left, words)
	}
}
