package cwlogs

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The orders of DescribeLogStreams.
const (
	byName = "LogStreamName"
	byTime = "LastEventTime"
)

type describeLogStreamsIn struct {
	groupRef
	LogStreamNamePrefix *string
	OrderBy             *string
	Descending          bool
	Limit               *int64
	NextToken           *string
}

type describeLogStreamsOut struct {
	LogStreams []logStream `json:"logStreams"`
	NextToken  string      `json:"nextToken,omitempty"`
}

type logStream struct {
	Name        string `json:"logStreamName"`
	Created     int64  `json:"creationTime"`
	First       *int64 `json:"firstEventTimestamp,omitempty"`
	Last        *int64 `json:"lastEventTimestamp,omitempty"`
	Ingested    *int64 `json:"lastIngestionTime,omitempty"`
	Token       string `json:"uploadSequenceToken,omitempty"`
	ARN         string `json:"arn"`
	StoredBytes int    `json:"storedBytes"` // always 0 since 2019
}

func (s *Service) describeLogStreams(_ context.Context, in *describeLogStreamsIn) (*describeLogStreamsOut, error) {
	groupName, err := in.check(s)
	if err != nil {
		return nil, err
	}
	after, err := s.redeem("DescribeLogStreams", in.NextToken)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	g, err := s.findGroup(groupName)
	if err != nil {
		return nil, err
	}
	order := in.order()
	var wanted []*stream
	for _, st := range g.streams {
		if strings.HasPrefix(st.name, valueOr(in.LogStreamNamePrefix, "")) && (in.NextToken == nil || order(st, parseStreamKey(after)) > 0) {
			wanted = append(wanted, st)
		}
	}
	slices.SortStableFunc(wanted, order)
	out := &describeLogStreamsOut{LogStreams: []logStream{}}
	if limit := int(valueOr(in.Limit, maxDescribed)); len(wanted) > limit {
		wanted = wanted[:limit]
		out.NextToken = s.issue("DescribeLogStreams", streamKey(wanted[limit-1]))
	}
	for _, st := range wanted {
		out.LogStreams = append(out.LogStreams, s.describeStream(g, st))
	}
	return out, nil
}

func (in *describeLogStreamsIn) check(s *Service) (groupName string, err error) {
	var c checks
	groupName = in.groupName(s, &c)
	if in.LogStreamNamePrefix != nil {
		c.streamName("logStreamNamePrefix", in.LogStreamNamePrefix)
	}
	if in.OrderBy != nil {
		c.oneOf("orderBy", *in.OrderBy, byName, byTime)
	}
	c.number("limit", in.Limit, 1, maxDescribed)
	c.token(in.NextToken)
	if err := in.err(&c); err != nil {
		return "", err
	}
	if in.LogStreamNamePrefix != nil && valueOr(in.OrderBy, byName) == byTime {
		return "", invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	return groupName, nameLength(groupName, valueOr(in.LogStreamNamePrefix, ""))
}

// order returns the comparison function for the requested order. Streams without events count as the oldest.
func (in *describeLogStreamsIn) order() func(a, b *stream) int {
	order := func(a, b *stream) int { return strings.Compare(a.name, b.name) }
	if valueOr(in.OrderBy, byName) == byTime {
		order = func(a, b *stream) int {
			return cmp.Or(cmp.Compare(a.now.last, b.now.last), strings.Compare(a.name, b.name))
		}
	}
	if in.Descending {
		return func(a, b *stream) int { return order(b, a) }
	}
	return order
}

// streamKey returns the key of a stream for a token. It identifies the stream's position in both orders.
func streamKey(st *stream) string { return fmt.Sprintf("%d %s", st.now.last, st.name) }

// parseStreamKey returns a stream at the position of a key.
func parseStreamKey(key string) *stream {
	last, name, _ := strings.Cut(key, " ")
	st := &stream{name: name}
	st.now.last, _ = strconv.ParseInt(last, 10, 64) // valid: streamKey has written it
	return st
}

func (s *Service) describeStream(g *group, st *stream) logStream {
	described := logStream{Name: st.name, Created: st.created, ARN: s.groupARN(g.name) + ":log-stream:" + st.name}
	if shown := st.at(s.now() - s.lag.Milliseconds()); shown.written {
		described.First, described.Last, described.Ingested, described.Token = &shown.first, &shown.last, &shown.latest, shown.token
	}
	return described
}
