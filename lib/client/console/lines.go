package console

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/awscall/logscall"
	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/drain"
)

// maxStreams limits the responses of /api/lines that are open, each of which searches once a second. A browser opens one for each page.
const maxStreams = 32

// serveLines answers with the stored lines and, if the page asks for a tail, with new ones until it goes away. The response begins with the first
// line, or when it is clear that there is none: until then, an error still has a status.
func (c *Console) serveLines(w http.ResponseWriter, r *http.Request) error {
	q, err := readLinesQuery(r.URL.Query())
	if err != nil {
		return err
	}
	if c.streams.Add(1) > maxStreams {
		c.streams.Add(-1)
		return refuse(http.StatusServiceUnavailable, "Too many pages show lines. Close one of them.")
	}
	defer c.streams.Add(-1)
	names, err := c.selected(r.Context(), q.apps)
	if err != nil {
		return err
	}
	cfg, err := c.opts.Installation.AWS(r.Context())
	if err != nil {
		return err
	}
	prefix, group, err := c.where(r.Context())
	if err != nil {
		return err
	}
	out := newStream(w)
	defer out.end()
	defer out.keepAlive(r.Context(), c.opts.Ping)()
	t := &tail{
		Console: c, out: out, query: q, prefix: prefix,
		streams: logs.Streams{Client: logscall.New(cloudwatchlogs.NewFromConfig(cfg)), Group: group, Selection: q.selection, Wait: c.opts.Wait},
	}
	err = t.run(r.Context(), names)
	switch {
	case err == nil || r.Context().Err() != nil:
		return nil
	case out.failed() != nil: // nobody reads
		return nil
	case out.begun():
		out.fail(c.explain(err))
		return nil
	}
	return err
}

// selected returns the log streams of these apps; all of them if apps is empty.
func (c *Console) selected(ctx context.Context, apps []string) ([]string, error) {
	all, err := c.list.get(ctx, c)
	if err != nil {
		return nil, err
	}
	var names []string
	byApp := map[string]drain.Drain{}
	for _, d := range all {
		byApp[d.App] = d
		if d.LogStream != "" {
			names = append(names, d.LogStream)
		}
	}
	if len(apps) == 0 {
		return names, nil
	}
	names = nil
	for _, app := range apps {
		d := byApp[app]
		if d.LogStream == "" {
			return nil, refuse(http.StatusNotFound, app+" has no drain.")
		}
		names = append(names, d.LogStream)
	}
	return names, nil
}

// tail is one response of /api/lines.
type tail struct {
	*Console
	out     *stream
	query   linesQuery
	prefix  string       // of the log streams' names
	streams logs.Streams // without names
}

func (t *tail) run(ctx context.Context, names []string) error {
	if !t.query.tail {
		streams := t.of(names)
		if err := streams.Read(ctx, t.query.lines, t.line); err != nil {
			return err
		}
		t.out.duplicates(streams.Duplicates.Hidden())
		t.out.caughtUp()
		return nil
	}
	following, ctx := errgroup.WithContext(ctx)
	following.Go(func() error { return t.follow(ctx, names, t.query.lines, t.out.caughtUp) })
	if len(t.query.apps) == 0 {
		following.Go(func() error {
			return t.awaitDrains(ctx, names, func(more []string) {
				following.Go(func() error { return t.follow(ctx, more, t.query.lines, func() {}) }) // all of their lines are new to the page
			})
		})
	}
	return following.Wait()
}

func (t *tail) of(names []string) *logs.Streams {
	streams := t.streams
	streams.Names, streams.Duplicates = names, &logs.Duplicates{}
	return &streams
}

// follow writes the lines of some streams, stored and new ones.
func (t *tail) follow(ctx context.Context, names []string, stored logs.Range, caughtUp func()) error {
	streams, told := t.of(names), 0
	wait := t.out.flushed(t.opts.Wait)
	waitAndTell := func(ctx context.Context, d time.Duration) error {
		hidden := streams.Duplicates.Hidden()
		t.out.duplicates(hidden - told)
		told = hidden
		return wait(ctx, d)
	}
	return streams.Follow(ctx, stored, waitAndTell, logs.Watcher{
		Line:     t.line,
		CaughtUp: caughtUp,
		Lost: func(err error) {
			t.out.note("Connection to CloudWatch Logs lost; trying again… (" + strings.TrimSuffix(t.explain(err), ".") + ")")
		},
		Again: func(int) { t.out.note("Connected to CloudWatch Logs again.") },
	})
}

// line writes a line.
func (t *tail) line(e logs.Event) error {
	return t.out.line(logs.Object(strings.TrimPrefix(aws.ToString(e.LogStreamName), t.prefix), e))
}

// awaitDrains calls found with the log streams that are created after the tail began. It goes on if they cannot be listed: the lines of the others
// still arrive.
func (t *tail) awaitDrains(ctx context.Context, known []string, found func(names []string)) error {
	for {
		if err := t.opts.Wait(ctx, t.list.keep); err != nil {
			return err
		}
		names, err := t.selected(ctx, nil)
		if err != nil {
			continue
		}
		more := slices.DeleteFunc(names, func(name string) bool { return slices.Contains(known, name) })
		if len(more) > 0 {
			known = append(known, more...)
			found(more)
		}
	}
}
