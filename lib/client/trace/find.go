package trace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
)

const (
	// maxLines is how many lines of a request are shown at most.
	maxLines = 1000
	// dynoBefore and dynoAfter are how long before and after a request what happens to its dyno may have to do with it.
	dynoBefore = 10 * time.Minute
	dynoAfter  = 2 * time.Minute
	// ReleaseAge is how far before a request its release is looked for.
	ReleaseAge = 7 * 24 * time.Hour
	// releaseLines is how many lines that look like a release are read at a time.
	releaseLines = 20
)

// Query is what to look for, and where.
type Query struct {
	Client    logs.Client
	Group     string
	Apps      map[string]string // app by log stream
	RequestID string            // or its beginning; see logs.ParseRequestID
	Since     time.Time
	Until     time.Time
	// Wait waits for a query of Logs Insights; nil: clock.Sleep.
	Wait func(context.Context, time.Duration) error
}

// Find returns the story of a request. Its Lines are empty if no line contains the ID. If the ID is the beginning of the request ID of a line,
// the story is that of the whole ID; if it is the beginning of several, the error is an *AmbiguousError.
//
// In a log group of the class Infrequent Access, it runs up to three queries: over all apps from Since to Until (twice if the ID is not whole), over the app's lines around the
// request, and over the app's lines of up to ReleaseAge before it. AWS charges for what they scan.
func Find(ctx context.Context, q Query) (Story, error) {
	s := Story{
		RequestID: q.RequestID, Since: q.Since, Until: q.Until, Apps: slices.Sorted(maps.Values(q.Apps)),
		Requests: []Request{}, Lines: []Line{}, DynoLines: []Line{},
	}
	if err := q.lines(ctx, &s); err != nil {
		return s, fmt.Errorf("look for the request: %w", err)
	}
	if s.Router == nil {
		whole, err := wholeID(s.Lines, q.RequestID)
		if err != nil {
			return s, err
		}
		if whole != q.RequestID {
			q.RequestID = whole
			return Find(ctx, q)
		}
	}
	of, dyno, began, ended := s.subject()
	if of == nil {
		return s, nil
	}
	stream := aws.ToString(of.Event.LogStreamName)
	s.Dyno = dyno
	if err := q.dyno(ctx, &s, stream, began.Add(-dynoBefore), ended.Add(dynoAfter)); err != nil {
		return s, fmt.Errorf("look for the state of the dyno %s: %w", dyno, err)
	}
	if err := q.release(ctx, &s, stream, began); err != nil {
		return s, fmt.Errorf("look for the release: %w", err)
	}
	return s, nil
}

// errEnough ends the search for lines.
var errEnough = errors.New("enough")

// lines finds the lines that contain the ID.
func (q *Query) lines(ctx context.Context, s *Story) error {
	names := slices.Sorted(maps.Keys(q.Apps))
	streams := q.streams(names, logs.Selection{RequestID: q.RequestID})
	err := streams.Read(ctx, logs.Range{Since: q.Since, Until: q.Until}, func(e logs.Event) error {
		if len(s.Lines) == maxLines {
			s.More = true
			return errEnough
		}
		line := q.line(e)
		s.Lines = append(s.Lines, line)
		l := logs.ReadLine(e)
		if request, ok := readRequest(line.App, q.RequestID, &l); ok {
			if s.Router == nil {
				s.Router = &line
			}
			s.Requests = append(s.Requests, request)
		}
		return nil
	})
	s.Duplicates = streams.Duplicates.Hidden()
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// subject returns the line that says which app and dyno had the request, the dyno, and when it began and ended: the router's, or else the first.
func (s *Story) subject() (of *Line, dyno string, began, ended time.Time) {
	if s.Router != nil {
		r := s.Requests[0]
		return s.Router, r.Dyno, r.StartedAt, r.EndedAt
	}
	if len(s.Lines) == 0 {
		return nil, "", time.Time{}, time.Time{}
	}
	for i := range s.Lines {
		if l := logs.ReadLine(s.Lines[i].Event); l.Writer() == logformat.ByDyno {
			dyno = string(l.Process)
			break
		}
	}
	return &s.Lines[0], dyno, s.Lines[0].Time(), s.Lines[len(s.Lines)-1].Time()
}

// dyno finds what Heroku says about the dyno in a time, apart from metrics.
func (q *Query) dyno(ctx context.Context, s *Story, stream string, since, until time.Time) error {
	if !logplex.IsDyno([]byte(s.Dyno)) {
		return nil
	}
	of := q.streams([]string{stream}, logs.Selection{Source: "heroku", Process: s.Dyno})
	return of.Read(ctx, logs.Range{Since: since, Until: until}, func(e logs.Event) error {
		l := logs.ReadLine(e)
		message := logformat.HerokuText(l.Message)
		if string(l.Process) == s.Dyno && !bytes.HasPrefix(message, []byte("source=")) && len(s.DynoLines) < maxLines {
			s.DynoLines = append(s.DynoLines, q.line(e))
		}
		return nil
	})
}

// release finds the newest release before a time.
func (q *Query) release(ctx context.Context, s *Story, stream string, before time.Time) error {
	of := q.streams([]string{stream}, logs.Selection{Process: "api", Pattern: `"Release v"`})
	r := logs.Range{Since: before.Add(-ReleaseAge), Until: before, Last: new(releaseLines)}
	return of.Read(ctx, r, func(e logs.Event) error {
		l := logs.ReadLine(e)
		if found, ok := readRelease(q.line(e), &l); ok {
			s.Release = &found
		}
		return nil
	})
}

func (q *Query) streams(names []string, selection logs.Selection) *logs.Streams {
	return &logs.Streams{Client: q.Client, Group: q.Group, Names: names, Selection: selection, Duplicates: &logs.Duplicates{}, Wait: q.Wait}
}

func (q *Query) line(e logs.Event) Line {
	return Line{App: q.Apps[aws.ToString(e.LogStreamName)], Event: e}
}
