package cwlogs

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"heroku-drains/lib/local/awslocal/internal/cwlogs/pattern"
)

const (
	// maxStreamNames in one FilterLogEvents.
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
	maxStreamNames = 100
	// maxSearched events are looked at for one page. AWS stops somewhere, too, and does not say where: a page may be empty, or hold
	// less than it could, and have a token for the next all the same.
	maxSearched = 100_000
)

// earliestFromTail is the earliest startTime with which the latest events can be asked for first.
var earliestFromTail = time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)

type filterLogEventsIn struct {
	LogGroupName, LogGroupIdentifier *string
	LogStreamNames                   []string
	LogStreamNamePrefix              *string
	StartTime, EndTime               *int64
	FilterPattern                    *string
	NextToken                        *string
	Limit                            *int64
	StartFromHead                    *bool
	Interleaved                      *bool // ignored since 2019: it is always so
}

type filterLogEventsOut struct {
	Events    []filteredEvent `json:"events"`
	Searched  []struct{}      `json:"searchedLogStreams"` // always empty since 2020
	NextToken string          `json:"nextToken,omitempty"`
}

type filteredEvent struct {
	Stream    string `json:"logStreamName"`
	Timestamp int64  `json:"timestamp"`
	Message   string `json:"message"`
	Ingested  int64  `json:"ingestionTime"`
	ID        string `json:"eventId"`
}

func (s *Service) filterLogEvents(_ context.Context, in *filterLogEventsIn) (*filterLogEventsOut, error) {
	groupName, err := in.check(s)
	if err != nil {
		return nil, err
	}
	wanted, err := pattern.Parse(valueOr(in.FilterPattern, ""))
	if err != nil {
		return nil, invalidParameter("%s", err)
	}
	backward, from, err := in.token(s)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	g, err := s.find(groupName)
	if err != nil {
		return nil, err
	}
	if err := g.readable(); err != nil {
		return nil, err
	}
	streams, err := in.streams(g)
	if err != nil {
		return nil, err
	}
	m := newMerge(streams, backward, max(valueOr(in.StartTime, 0), g.oldest(s.now())), valueOr(in.EndTime, math.MaxInt64), from)
	return s.search(m, wanted, int(valueOr(in.Limit, maxPage))), nil
}

// search looks through the events for a page of those that are wanted. A page with events has a token even if none follow, as on AWS.
func (s *Service) search(m *merge, wanted *pattern.Pattern, limit int) *filterLogEventsOut {
	out := &filterLogEventsOut{Events: []filteredEvent{}, Searched: []struct{}{}}
	p := &page{limit: limit}
	var reached *event
	for searched := 0; searched < maxSearched; searched++ {
		st, e := m.next()
		if e == nil {
			if len(out.Events) == 0 {
				return out
			}
			break
		}
		if wanted.Match(e.message) {
			if !p.takes(e) {
				break
			}
			out.Events = append(out.Events, filteredEvent{
				Stream: st.name, Timestamp: e.time, Message: e.message, Ingested: e.ingested, ID: e.String(),
			})
		}
		reached = e
	}
	direction := "f"
	if m.backward {
		direction = "b"
	}
	out.NextToken = s.issue("FilterLogEvents", direction+reached.String())
	return out
}

func (in *filterLogEventsIn) check(s *Service) (groupName string, err error) {
	var c checks
	groupName = s.anyGroup(&c, in.LogGroupName, in.LogGroupIdentifier)
	if in.LogStreamNames != nil && len(in.LogStreamNames) == 0 {
		c.fail("'[]'", "logStreamNames", "have length greater than or equal to 1")
	}
	if len(in.LogStreamNames) > maxStreamNames {
		c.fail("", "logStreamNames", "have length less than or equal to %d", maxStreamNames)
	}
	for i := range in.LogStreamNames {
		c.streamName(fmt.Sprintf("logStreamNames.%d.member", i+1), &in.LogStreamNames[i])
	}
	if in.LogStreamNamePrefix != nil {
		c.streamName("logStreamNamePrefix", in.LogStreamNamePrefix)
	}
	c.number("startTime", in.StartTime, 0, math.MaxInt64)
	c.number("endTime", in.EndTime, 0, math.MaxInt64)
	c.number("limit", in.Limit, 1, maxPage)
	c.token(in.NextToken)
	c.text("filterPattern", valueOr(in.FilterPattern, ""), 0, pattern.MaxLength, nil)
	if err := c.err(); err != nil {
		return "", err
	}
	if err := oneGroup(in.LogGroupName, in.LogGroupIdentifier); err != nil {
		return "", err
	}
	if in.LogStreamNames != nil && in.LogStreamNamePrefix != nil {
		return "", invalidParameter("LogStream names and LogStream name prefix are mutually exclusive parameters.")
	}
	return groupName, nameLength(slices.Concat([]string{groupName, valueOr(in.LogStreamNamePrefix, "")}, in.LogStreamNames)...)
}

// token is the direction of the search, and the place to go on from; nil at the beginning. A token brings its own direction.
func (in *filterLogEventsIn) token(s *Service) (backward bool, from *position, err error) {
	key, err := s.redeem("FilterLogEvents", in.NextToken)
	if err != nil {
		return false, nil, err
	}
	if key != "" {
		p, ok := parsePosition(key[1:])
		if !ok {
			return false, nil, invalidToken()
		}
		return key[0] == 'b', &p, nil
	}
	backward = !valueOr(in.StartFromHead, true)
	if backward && valueOr(in.StartTime, 0) < earliestFromTail.UnixMilli() {
		return false, nil, invalidParameter("startFromHead can be false only with a startTime on or after Jan 1, 2024 00:00:00 UTC.")
	}
	return backward, nil, nil
}

// streams are those that the request names, or all.
func (in *filterLogEventsIn) streams(g *group) ([]*stream, error) {
	var streams []*stream
	if in.LogStreamNames == nil {
		for name, st := range g.streams {
			if strings.HasPrefix(name, valueOr(in.LogStreamNamePrefix, "")) {
				streams = append(streams, st)
			}
		}
		return streams, nil
	}
	for _, name := range in.LogStreamNames {
		st, ok := g.streams[name]
		if !ok {
			return nil, noSuchStream()
		}
		streams = append(streams, st)
	}
	return streams, nil
}
