package provision

import (
	"context"
	"maps"
	"path"
	"slices"
	"sync"
	"time"
)

// surveyAge is how long the pages of a listing share a survey. Clients ask for the next page at once.
const surveyAge = time.Minute

// survey is what exists: the parts of the drains, of which only the URLs of the queues are known.
type survey struct {
	parts map[string]parts // by app
	apps  []string         // sorted
	made  time.Time
}

// surveys keeps the newest survey for the other pages of its listing.
type surveys struct {
	mu   sync.Mutex
	last *survey
}

// of returns the survey that was made at this time, or nil if it is not here, or too old.
func (s *surveys) of(made time.Time) *survey {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil || !s.last.made.Equal(made) || time.Since(made) > surveyAge {
		return nil
	}
	return s.last
}

func (s *surveys) keep(last *survey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = last
}

// survey lists the three kinds of parts in parallel, and joins them by app.
func (m *Manager) survey(ctx context.Context) (*survey, error) {
	var mu sync.Mutex
	found := map[string]parts{}
	join := func(app string, ok bool, add func(*parts)) {
		if !ok { // has the prefix, but does not belong to a drain
			return
		}
		mu.Lock()
		defer mu.Unlock()
		p := found[app]
		add(&p)
		found[app] = p
	}
	names := m.cfg.Names
	made := time.Now()
	err := inParallel(
		func() error {
			for s, err := range m.streams(ctx, names.StreamPrefix, 0) {
				if err != nil {
					return err
				}
				app, ok := names.AppOfStream(s.name)
				join(app, ok, func(p *parts) { p.stream = s })
			}
			return nil
		},
		func() error {
			return m.eachQueue(ctx, func(url string) {
				app, ok := names.AppOfQueue(path.Base(url))
				join(app, ok, func(p *parts) { p.queue = &queue{url: url} })
			})
		},
		func() error {
			return m.eachMapping(ctx, "", func(queueARN string, one *mapping) {
				app, ok := names.AppOfQueueARN(queueARN)
				join(app, ok && queueARN == m.queueARN(app), func(p *parts) { p.mappings.add(one) })
			})
		},
	)
	if err != nil {
		return nil, err
	}
	return &survey{parts: found, apps: slices.Sorted(maps.Keys(found)), made: made}, nil
}
