package alerting

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/drain"
)

// itemKey is the key of an item of the table.
type itemKey struct{ app, key string }

// The keys of items that are not about a rule. Neither names of rules nor those of apps begin with #.
const (
	reserved      = "#"
	stormApp      = "#"       // of the items of package storm
	stormPrefix   = "#storm#" // and the level
	muteKey       = "#mute"
	releaseKey    = "#release"
	droppedPrefix = "#dropped#" // and the day
)

// job is what the messages of a batch say about an item: one job reads and writes it once.
type job struct {
	itemKey
	hits     []alert.Hit
	lastLine time.Time
	releases []alert.Release
	dropped  []alert.Dropped
	ticks    []tick
	early    *alert.Tick // the job is to send a Tick again, whose time has not come
	reports  []int       // the messages with anything but Ticks
}

// tick is a Tick that is due.
type tick struct {
	message int
	due     int64
}

// all returns the messages of the job.
func (j *job) all() []int {
	all := slices.Clone(j.reports)
	for _, t := range j.ticks {
		all = append(all, t.message)
	}
	return all
}

// plan has the jobs of a batch.
type plan struct {
	now   time.Time
	rules Rules
	log   *slog.Logger
	jobs  map[itemKey]*job
	early []*job
}

// all returns the jobs, by key.
func (p *plan) all() []*job {
	jobs := slices.SortedFunc(maps.Values(p.jobs), func(a, b *job) int {
		return cmp.Or(cmp.Compare(a.app, b.app), cmp.Compare(a.key, b.key))
	})
	return append(jobs, p.early...)
}

// add adds a message.
func (p *plan) add(ctx context.Context, i int, m *events.SQSMessage) error {
	message, err := read(m)
	switch {
	case err != nil:
		return err
	case message.Report != nil:
		p.addReport(ctx, i, message.Report)
	default:
		p.addTick(i, *message.Tick)
	}
	return nil
}

// addReport adds a report. It ignores rules that are not in force: the storage function has others for a moment during a deployment.
func (p *plan) addReport(ctx context.Context, i int, r *alert.Report) {
	for _, hit := range r.Hits {
		if _, ok := p.rules.Rule(r.App, hit.Rule); !ok {
			p.log.DebugContext(ctx, "rule not in force: its lines are not counted", "app", r.App, "rule", hit.Rule)
			continue
		}
		j := p.job(i, itemKey{r.App, hit.Rule})
		j.hits = append(j.hits, hit)
	}
	if !r.LastLine.IsZero() {
		for _, rule := range p.rules.Rules(r.App) {
			if rule.Kind == alert.Silence {
				j := p.job(i, itemKey{r.App, rule.Name})
				j.lastLine = latest(j.lastLine, r.LastLine)
			}
		}
	}
	if r.Release != nil {
		j := p.job(i, itemKey{r.App, releaseKey})
		j.releases = append(j.releases, *r.Release)
	}
	for _, d := range r.Dropped {
		j := p.job(i, itemKey{r.App, droppedKey(d.Day)})
		j.dropped = append(j.dropped, d)
	}
}

// addTick adds a Tick.
func (p *plan) addTick(i int, t alert.Tick) {
	if p.now.Before(t.Due) { // SQS delays messages by 15 minutes at most
		p.early = append(p.early, &job{itemKey: itemKey{t.App, t.Rule}, early: &t, reports: []int{i}})
		return
	}
	key := itemKey{t.App, t.Rule}
	if p.jobs[key] == nil {
		p.jobs[key] = &job{itemKey: key}
	}
	p.jobs[key].ticks = append(p.jobs[key].ticks, tick{message: i, due: t.Due.Unix()})
}

// job returns the job for an item, to which a report adds.
func (p *plan) job(i int, key itemKey) *job {
	j := p.jobs[key]
	if j == nil {
		j = &job{itemKey: key}
		p.jobs[key] = j
	}
	if !slices.Contains(j.reports, i) {
		j.reports = append(j.reports, i)
	}
	return j
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// read returns what a message of the queue says.
func read(m *events.SQSMessage) (alert.Message, error) {
	var message alert.Message
	if err := json.Unmarshal([]byte(m.Body), &message); err != nil {
		return message, fmt.Errorf("read the message: %w", err)
	}
	switch {
	case message.Report != nil:
		return message, drain.ValidateApp(message.Report.App)
	case message.Tick != nil && (message.Tick.App == stormApp) != strings.HasPrefix(message.Tick.Rule, reserved):
		return message, fmt.Errorf("a tick for %q of %q", message.Tick.Rule, message.Tick.App)
	case message.Tick != nil && message.Tick.App != stormApp:
		return message, drain.ValidateApp(message.Tick.App)
	case message.Tick != nil:
		return message, nil
	}
	return message, errors.New("it has neither a report nor a tick")
}
