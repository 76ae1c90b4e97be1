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
	// maxStreamNames is the largest number of stream names in a request.
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
	maxStreamNames = 100
	// maxSearched is how many events are examined for one page. AWS has an undocumented limit, too: a page can be empty or only partly
	// filled and still have a token for the next page.
	maxSearched = 100_000
)

// earliestFromTail is the earliest startTime that AWS accepts if startFromHead is false.
var earliestFromTail = time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)

type filterLogEventsIn struct {
	groupRef
	LogStreamNames      []string
	LogStreamNamePrefix *string
	StartTime, EndTime  *int64
	FilterPattern       *string
	NextToken           *string
	Limit               *int64
	StartFromHead       *bool
	Interleaved         *bool // ignored, since 2019: results are always interleaved
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
	g, err := s.findGroup(groupName)
	if err != nil {
		return nil, err
	}
	if err := g.checkReadable("FilterLogEvents"); err != nil {
		return nil, err
	}
	streams, err := in.streams(g)
	if err != nil {
		return nil, err
	}
	m := newMerge(streams, backward, max(valueOr(in.StartTime, 0), g.oldestKept(s.now())), valueOr(in.EndTime, math.MaxInt64), from)
	return s.search(m, wanted, int(valueOr(in.Limit, maxPage))), nil
}

// search returns a page of the events that match a pattern. As on AWS, a page with events has a token even if no events follow.
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
			if !p.add(e) {
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
	groupName = in.groupName(s, &c)
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
	if err := in.err(&c); err != nil {
		return "", err
	}
	if in.LogStreamNames != nil && in.LogStreamNamePrefix != nil {
		return "", invalidParameter("LogStream names and LogStream name prefix are mutually exclusive parameters.")
	}
	return groupName, nameLength(slices.Concat([]string{groupName, valueOr(in.LogStreamNamePrefix, "")}, in.LogStreamNames)...)
}

// token returns the direction of the search and the position to continue from, which is nil for the first page. A token contains the
// direction, which then overrides startFromHead.
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

// streams returns the streams that the request selects: by name, by prefix, or all.
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
