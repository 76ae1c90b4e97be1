// Package connect keeps both sides of an app's drain: the AWS side behind the drains API, and the log drain at Heroku that sends to it.
//
// Nothing records how far a Put or a Delete came: each looks at what there is and does what is left to do, so that it can be repeated after
// any failure. On the way up Heroku comes last, on the way down it comes first: Heroku never sends to what is not there.
package connect

import (
	"context"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// API is the AWS side: an apiclient.Client.
type API interface {
	Put(ctx context.Context, app string, settings drain.Patch) (d drain.Drain, created bool, err error)
	Get(ctx context.Context, app string) (drain.Drain, error)
	List(ctx context.Context) ([]drain.Drain, error)
	Delete(ctx context.Context, app string, opts drain.DeleteOptions) (drain.Drain, error)
}

// Heroku is the Heroku side: a heroku.Client.
type Heroku interface {
	App(ctx context.Context, name string) (heroku.App, error)
	Drains(ctx context.Context, app string) ([]heroku.Drain, error)
	AddDrain(ctx context.Context, app, drainURL string) (heroku.Drain, error)
	RemoveDrain(ctx context.Context, app, id string) error
}

// Logs finds what is stored: a cloudwatchlogs.Client.
type Logs interface {
	cloudwatchlogs.FilterLogEventsAPIClient
}

// Progress is told what is being waited for.
type Progress interface {
	Step(format string, args ...any)   // something new
	Detail(format string, args ...any) // the present step in other words: a countdown, a count
}

// Connector connects apps, and takes them apart again. It is safe for concurrent use if what it is made of is; a copy of it may have a
// Progress of its own.
type Connector struct {
	API      API
	APIURL   string   // the API's address, by which drains at Heroku are known as ours
	Heroku   Heroku   // nil: the AWS side alone is looked at and changed
	Logs     Logs     // for Verify
	Progress Progress // nil: nobody is told

	// DeadLetters counts an app's dead letters, for what Verify's error tells; nil: it does not tell.
	DeadLetters func(ctx context.Context, app string) (int, error)
	// Wait returns nil after a time, or the context's error if that comes first.
	Wait func(context.Context, time.Duration) error
}

// ourURL is the drain URL of an app without its password: enough to tell which drains at Heroku are ours.
func (c *Connector) ourURL(app string) (string, error) {
	u, err := url.Parse(c.APIURL)
	if err != nil {
		return "", err
	}
	u = u.JoinPath("drains", app)
	u.User = url.User(app)
	return u.String(), nil
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
