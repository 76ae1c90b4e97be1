package console

import (
	"cmp"
	"context"
	"net/http"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// serveLines answers with the stored lines, and with new ones until the page goes away if it asks for a tail. The response begins once it is
// clear that the lines can be read.
func (c *Console) serveLines(w http.ResponseWriter, r *http.Request) error {
	q, err := readLinesQuery(r.URL.Query())
	if err != nil {
		return err
	}
	drains, err := c.selected(r.Context(), q.apps)
	if err != nil {
		return err
	}
	cfg, err := c.opts.Installation.AWS(r.Context())
	if err != nil {
		return err
	}
	outputs, err := c.opts.Installation.Outputs(r.Context())
	if err != nil {
		return err
	}
	client := cloudwatchlogs.NewFromConfig(cfg)
	out := newStream(w)
	defer out.end()
	defer out.keepAlive(r.Context(), c.opts.Ping)()
	var reading errgroup.Group
	var behind sync.WaitGroup
	for _, d := range drains {
		behind.Add(1)
		reading.Go(func() error {
			caughtUp := sync.OnceFunc(behind.Done)
			defer caughtUp()
			s := &logs.Streams{Client: client, Group: cmp.Or(d.LogGroup, outputs.LogGroup, stack.DefaultLogGroup), Names: []string{d.LogStream}, Selection: q.selection}
			each := func(e logs.Event) error {
				object, err := logs.Object(d.App, e)
				if err != nil {
					return err
				}
				return out.line(object)
			}
			if !q.tail {
				return s.Read(r.Context(), q.lines, each)
			}
			return s.Follow(r.Context(), q.lines, out.flushed(c.opts.Wait), logs.Watcher{Line: each, CaughtUp: caughtUp})
		})
	}
	behind.Wait()
	out.caughtUp()
	if err := reading.Wait(); err != nil && r.Context().Err() == nil {
		out.fail(c.opts.Explain(err))
	}
	return nil
}

// selected returns the drains of these apps that have a log stream; all of them if apps is empty.
func (c *Console) selected(ctx context.Context, apps []string) ([]drain.Drain, error) {
	all, err := c.drains(ctx)
	if err != nil {
		return nil, err
	}
	byApp := map[string]drain.Drain{}
	var streams []drain.Drain
	for _, d := range all {
		byApp[d.App] = d
		if d.LogStream != "" {
			streams = append(streams, d)
		}
	}
	if len(apps) == 0 {
		return streams, nil
	}
	streams = nil
	for _, app := range apps {
		d, found := byApp[app]
		if !found || d.LogStream == "" {
			return nil, refuse(http.StatusNotFound, app+" has no drain.")
		}
		streams = append(streams, d)
	}
	return streams, nil
}
