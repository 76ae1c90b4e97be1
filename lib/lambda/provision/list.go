package provision

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/drain"
)

const (
	// pageSize is as large as the function's time and size limits allow. A full page has 0.7 MB, 2 MB at most, and takes up to 2,000 short calls.
	pageSize = 1000
	// maxParallelReads is how many queues are read at a time, with two calls each: enough for a full page in a few seconds.
	maxParallelReads = 16
)

// List returns one page of all drains, including partial ones, sorted by app, and the token of the next page. The token "" stands for the
// first page, and is returned with the last page. If the token is not from List, the error is a *drain.Error with the code InvalidNext.
//
// The pages of a listing share one survey of what exists, as long as the same Manager makes them without delay. Each detail costs a call for each
// drain; without it, a Settings has no Format and ANSI, and a Queue has no Counts.
func (m *Manager) List(ctx context.Context, next string, include ...drain.Detail) ([]drain.Drain, string, error) {
	after, made, err := decodeNext(next)
	if err != nil {
		return nil, "", err
	}
	s := m.surveys.of(made)
	if s == nil {
		if s, err = m.survey(ctx); err != nil {
			return nil, "", err
		}
	}
	from, known := slices.BinarySearch(s.apps, after)
	if known {
		from++
	}
	apps := s.apps[from:]
	next = ""
	if len(apps) > pageSize {
		apps = apps[:pageSize]
		next = encodeNext(apps[pageSize-1], s.made)
		m.surveys.keep(s)
	}
	page := make([]parts, len(apps))
	for i, app := range apps {
		page[i] = s.parts[app]
	}
	if err := m.readQueues(ctx, apps, page, include); err != nil {
		return nil, "", err
	}
	drains := make([]drain.Drain, 0, len(apps))
	for i, app := range apps {
		if page[i].none() { // the queue is gone, or does not belong to a drain: SQS lists a queue for some time after it was deleted
			continue
		}
		d := m.drain(app, page[i])
		if !slices.Contains(include, drain.IncludeSettings) {
			d.Settings.Format, d.Settings.ANSI = "", ""
		}
		if !slices.Contains(include, drain.IncludeCounts) && d.Queue != nil {
			d.Queue.Counts = nil
		}
		drains = append(drains, d)
	}
	return drains, next, nil
}

// readQueues reads of the queues what to include, and what shows whether they belong to the drains.
func (m *Manager) readQueues(ctx context.Context, apps []string, page []parts, include []drain.Detail) error {
	var group errgroup.Group
	group.SetLimit(maxParallelReads)
	errs := make([]error, len(apps))
	for i, app := range apps {
		p := &page[i]
		if p.queue == nil {
			continue
		}
		// The storage function reads the queue, and a stream waits for its lines: it is this stack's, in use, and needs no reading.
		complete := p.stream != nil && p.live != nil
		q := &queue{url: p.queue.url} // the survey's may be read by others
		var read []func(context.Context, SQS) error
		if !complete || slices.Contains(include, drain.IncludeCounts) {
			read = append(read, q.readAttributes)
		}
		if !complete || slices.Contains(include, drain.IncludeSettings) {
			read = append(read, q.readTags)
		}
		if len(read) == 0 {
			continue
		}
		group.Go(func() error {
			q, err := m.readQueue(ctx, q, read...)
			errs[i] = err
			p.setQueue(q, q != nil && complete && len(read) == 1 && q.tags[drain.TagStack] == "" || m.owns(app, q))
			return nil
		})
	}
	_ = group.Wait() // the errors are in errs: all are reported, not just the first
	return errors.Join(errs...)
}

// A page token has the name of the page's last app and the time of the survey. It is encoded so that nobody relies on that.
func encodeNext(app string, made time.Time) string {
	return base64.RawURLEncoding.EncodeToString([]byte(app + " " + strconv.FormatInt(made.UnixNano(), 36)))
}

func decodeNext(next string) (app string, made time.Time, err error) {
	if next == "" {
		return "", time.Time{}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(next)
	app, at, _ := strings.Cut(string(b), " ")
	ns, timeErr := strconv.ParseInt(at, 36, 64)
	if err != nil || timeErr != nil || drain.ValidateApp(app) != nil {
		return "", time.Time{}, &drain.Error{
			Code: drain.InvalidNext, Message: "next is not a token of this API: omit it for the first page, then use the value of next in the last response",
		}
	}
	return app, time.Unix(0, ns), nil
}
