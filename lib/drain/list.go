package drain

import (
	"context"
	"encoding/base64"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

const (
	// pageSize keeps the answer small and quick: every drain of a page costs two calls.
	pageSize = 50
	// readers is how many queues are read at the same time: enough for a page in well under a second, far from SQS's throttling.
	readers = 10
)

// List is one page of all drains, half-made ones too, in the order of their apps' names. The first page has an empty next, and the
// last page answers one. A next that List did not give out is an *Error, InvalidNext.
func (m *Manager) List(ctx context.Context, next string) ([]Drain, string, error) {
	after, err := decodeNext(next)
	if err != nil {
		return nil, "", err
	}
	found, err := m.survey(ctx)
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
	drains := make([]Drain, 0, len(apps))
	for _, app := range apps {
		if p := found[app]; !p.none() { // a queue that was just deleted is listed a little longer
			drains = append(drains, m.drain(app, *p))
		}
	}
	return drains, next, nil
}

// survey lists the three kinds of parts at the same time, and joins them by app. Of the queues only the URLs are known yet.
func (m *Manager) survey(ctx context.Context) (map[string]*parts, error) {
	var mu sync.Mutex
	found := map[string]*parts{}
	join := func(app string, ok bool, add func(*parts)) {
		if !ok { // shares the prefix, and is none of ours
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if found[app] == nil {
			found[app] = &parts{}
		}
		add(found[app])
	}
	err := together(
		func() error {
			return m.eachStream(ctx, m.cfg.Names.StreamPrefix, func(s *stream) {
				app, ok := m.cfg.Names.appOfStream(s.name)
				join(app, ok, func(p *parts) { p.stream = s })
			})
		},
		func() error {
			return m.eachQueue(ctx, func(url string) {
				app, ok := m.cfg.Names.App(path.Base(url))
				join(app, ok, func(p *parts) { p.queue = &queue{url: url} })
			})
		},
		func() error {
			return m.eachMapping(ctx, nil, func(queueARN string, one *mapping) {
				app, ok := m.cfg.Names.App(queueARN[strings.LastIndexByte(queueARN, ':')+1:])
				join(app, ok && queueARN == m.queueARN(app), func(p *parts) { p.mappings.add(one) })
			})
		},
	)
	return found, err
}

// readQueues reads the queues of these apps, some at a time.
func (m *Manager) readQueues(ctx context.Context, apps []string, found map[string]*parts) error {
	var (
		wg    sync.WaitGroup
		slots = make(chan struct{}, readers)
		errs  = make([]error, len(apps))
	)
	for i, app := range apps {
		p := found[app]
		if p.queue == nil {
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			p.queue, errs[i] = m.readQueue(ctx, p.queue.url)
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// A next is the name of the page's last app. It is encoded so that nobody comes to rely on that.
func encodeNext(app string) string { return base64.RawURLEncoding.EncodeToString([]byte(app)) }

func decodeNext(next string) (app string, err error) {
	if next == "" {
		return "", nil
	}
	b, err := base64.RawURLEncoding.DecodeString(next)
	if err != nil || ValidateApp(string(b)) != nil {
		return "", &Error{Code: InvalidNext, Message: "next is none that this API gave out: leave it away for the first page, then take it from the answer"}
	}
	return string(b), nil
}
