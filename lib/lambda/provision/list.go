package provision

import (
	"context"
	"encoding/base64"
	"errors"
	"maps"
	"path"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/drain"
)

const (
	// pageSize is as large as the function's time and size limits allow, because each page looks through everything that the stack has before it
	// reads its queues. A full page has 0.7 MB, 2 MB at most, and takes some 2,000 short calls.
	pageSize = 1000
	// maxParallelReads is how many queues are read at a time, with two calls each: enough for a full page in a few seconds.
	maxParallelReads = 16
)

// List returns one page of all drains, including partial ones, sorted by app, and the token of the next page. The token "" stands for the
// first page, and is returned with the last page. If the token is not from List, the error is a *drain.Error with the code InvalidNext.
func (m *Manager) List(ctx context.Context, next string) ([]drain.Drain, string, error) {
	after, err := decodeNext(next)
	if err != nil {
		return nil, "", err
	}
	found, err := m.findAll(ctx)
	if err != nil {
		return nil, "", err
	}
	apps := slices.DeleteFunc(slices.Sorted(maps.Keys(found)), func(app string) bool { return app <= after })
	next = ""
	if len(apps) > pageSize {
		apps = apps[:pageSize]
		next = encodeNext(apps[pageSize-1])
	}
	if err := m.readQueues(ctx, apps, found); err != nil {
		return nil, "", err
	}
	drains := make([]drain.Drain, 0, len(apps))
	for _, app := range apps {
		if p := found[app]; !p.none() { // the queue is gone, or does not belong to a drain: SQS lists a queue for some time after it was deleted
			drains = append(drains, m.drain(app, *p))
		}
	}
	return drains, next, nil
}

// findAll lists the three kinds of parts in parallel, and joins them by app. Only the URLs of the queues are known then.
func (m *Manager) findAll(ctx context.Context) (map[string]*parts, error) {
	var mu sync.Mutex
	found := map[string]*parts{}
	join := func(app string, ok bool, add func(*parts)) {
		if !ok { // has the prefix, but does not belong to a drain
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if found[app] == nil {
			found[app] = &parts{}
		}
		add(found[app])
	}
	names := m.cfg.Names
	err := inParallel(
		func() error {
			return m.eachStream(ctx, names.StreamPrefix, func(s *stream) {
				app, ok := names.AppOfStream(s.name)
				join(app, ok, func(p *parts) { p.stream = s })
			})
		},
		func() error {
			return m.eachQueue(ctx, func(url string) {
				app, ok := names.AppOfQueue(path.Base(url))
				join(app, ok, func(p *parts) { p.queue = &queue{url: url} })
			})
		},
		func() error {
			return m.eachMapping(ctx, nil, func(queueARN string, one *mapping) {
				app, ok := names.AppOfQueueARN(queueARN)
				join(app, ok && queueARN == m.queueARN(app), func(p *parts) { p.mappings.add(one) })
			})
		},
	)
	return found, err
}

// readQueues reads the queues of these apps.
func (m *Manager) readQueues(ctx context.Context, apps []string, found map[string]*parts) error {
	var group errgroup.Group
	group.SetLimit(maxParallelReads)
	errs := make([]error, len(apps))
	for i, app := range apps {
		p := found[app]
		if p.queue == nil {
			continue
		}
		group.Go(func() error {
			q, err := m.readQueue(ctx, p.queue.url)
			p.setQueue(q, m.owns(app, q))
			errs[i] = err
			return nil
		})
	}
	_ = group.Wait() // the errors are in errs: all are reported, not just the first
	return errors.Join(errs...)
}

// A page token is the name of the page's last app. It is encoded so that nobody relies on that.
func encodeNext(app string) string { return base64.RawURLEncoding.EncodeToString([]byte(app)) }

func decodeNext(next string) (app string, err error) {
	if next == "" {
		return "", nil
	}
	b, err := base64.RawURLEncoding.DecodeString(next)
	if err != nil || drain.ValidateApp(string(b)) != nil {
		return "", &drain.Error{
			Code: drain.InvalidNext, Message: "next is not a token of this API: omit it for the first page, then use the value of next in the last response",
		}
	}
	return string(b), nil
}
