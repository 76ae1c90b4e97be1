// Package rehearsal says which alerts lines would raise. The matcher of the storage function and the alerts function itself run on them, with a table,
// a topic and a queue in memory, and a clock that follows the times of the lines.
package rehearsal

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting"
	"heroku-drains/lib/lambda/alerting/message"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/stack"
)

// Options say which rules apply, and which system the notifications name.
type Options struct {
	Rules   *alert.Set
	App     string
	Stack   string // its name
	Region  string // empty: notifications have no link to the console
	Local   bool   // it is the local system
	Program string // how to call heroku-drains-cli so that it finds it; empty: by its name, with --local
}

// Result is what the functions make of lines.
type Result struct {
	Reports []alert.Report // what the storage function sends
	Told    []Told         // what the alerts function tells, in order
}

// Told is a notification, and the text of its email.
type Told struct {
	alert.Notification
	Text string
}

// Run returns what the functions would make of an app's lines, if each arrived when it was written. Silence after the last line raises no alert.
func Run(ctx context.Context, opts Options, lines []logformat.Line) (Result, error) {
	s := &stage{opts: opts, matcher: opts.Rules.Matcher(opts.App)}
	composer := message.Composer{Stack: opts.Stack, Region: opts.Region, Names: stack.DefaultAlertsEnvironment().Names()}
	if opts.Local {
		composer.Account, composer.Program = stack.LocalAccountID, opts.Program
	}
	s.handler = alerting.New(alerting.Config{
		Rules: opts.Rules, Table: &items{}, Topic: s, Clock: s, Writer: composer, Now: func() time.Time { return s.now },
		Log: slog.New(slog.DiscardHandler), Metrics: metrics.NewWriter(io.Discard, ""),
	})
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(a, b logformat.Line) int { return a.Time.Compare(b.Time) })
	for start := 0; start < len(lines); {
		end := start
		for end < len(lines) && lines[end].Time.Unix() == lines[start].Time.Unix() {
			end++
		}
		if err := s.second(ctx, lines[start:end]); err != nil {
			return s.result, err
		}
		start = end
	}
	s.ended = true
	err := s.until(ctx, s.now.Add(horizon))
	// The alerts function works on several rules at a time.
	slices.SortStableFunc(s.result.Told, func(a, b Told) int { return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Rule, b.Rule)) })
	return s.result, err
}

// horizon is more than the longest time that an alert takes to end.
const horizon = 10 * 24 * time.Hour

// stage is where the functions run.
type stage struct {
	opts    Options
	handler *alerting.Handler
	matcher *alert.Matcher
	now     time.Time // changes only between invocations
	ended   bool      // there are no more lines

	mu     sync.Mutex
	ticks  []delayed
	result Result
}

// delayed is a Tick that waits in the queue.
type delayed struct {
	tick alert.Tick
	at   time.Time
}

// second runs the functions on the lines of a second.
func (s *stage) second(ctx context.Context, lines []logformat.Line) error {
	at := lines[len(lines)-1].Time
	if err := s.until(ctx, at); err != nil {
		return err
	}
	s.now = at
	s.matcher.Begin(at.Format(time.RFC3339), "")
	for i := range lines {
		s.matcher.Line(&lines[i])
	}
	for r := s.matcher.Report(); r != nil; r = s.matcher.Report() {
		s.result.Reports = append(s.result.Reports, *r)
		if err := s.handle(ctx, alert.Message{Report: r}); err != nil {
			return err
		}
	}
	return nil
}

// until lets the Ticks arrive that are due until a time.
func (s *stage) until(ctx context.Context, end time.Time) error {
	for len(s.ticks) > 0 {
		next := slices.MinFunc(s.ticks, func(a, b delayed) int { return a.at.Compare(b.at) })
		if next.at.After(end) {
			return nil
		}
		s.ticks = slices.DeleteFunc(s.ticks, func(d delayed) bool { return d == next })
		if rule, _ := s.opts.Rules.Rule(s.opts.App, next.tick.Rule); s.ended && rule.Kind == alert.Silence {
			continue
		}
		if next.at.After(s.now) {
			s.now = next.at
		}
		if err := s.handle(ctx, alert.Message{Tick: &next.tick}); err != nil {
			return err
		}
	}
	return nil
}

// handle lets the alerts function handle a message.
func (s *stage) handle(ctx context.Context, m alert.Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write a message of the alerts queue: %w", err)
	}
	batch, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{MessageId: "1", Body: string(body)}}})
	if err != nil {
		return fmt.Errorf("write a batch of the alerts queue: %w", err)
	}
	out, err := s.handler.Handle(ctx, batch)
	if err != nil {
		return fmt.Errorf("count what the lines match: %w", err)
	}
	if response, ok := out.(events.SQSEventResponse); !ok || len(response.BatchItemFailures) > 0 {
		return cmp.Or(context.Cause(ctx), fmt.Errorf("count what the lines match: the alerts function answered %+v", out))
	}
	return nil
}

// Send implements alerting.Clock.
func (s *stage) Send(_ context.Context, tick alert.Tick, delay time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ticks = append(s.ticks, delayed{tick: tick, at: s.now.Add(max(delay, 0)).Truncate(time.Second).Add(time.Second)})
	return nil
}

// Publish implements alerting.Topic.
func (s *stage) Publish(_ context.Context, m message.Message) (id string, err error) {
	var texts map[string]string // by protocol
	if err := json.Unmarshal([]byte(m.Body), &texts); err != nil {
		return "", fmt.Errorf("read a notification: %w", err)
	}
	told := Told{Text: texts["default"]}
	if err := json.Unmarshal([]byte(texts["sqs"]), &told.Notification); err != nil {
		return "", fmt.Errorf("read a notification: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.result.Told = append(s.result.Told, told)
	return told.ID, nil
}
