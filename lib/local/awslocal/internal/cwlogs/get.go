package cwlogs

import (
	"context"
	"math"
	"regexp"
	"slices"
)

// maxPage is the largest number of events in a page. Their total size is at most maxPut.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
const maxPage = 10_000

// page tracks how full a page of events is.
type page struct {
	limit         int // number of events
	events, bytes int
}

// add adds an event to the page. It reports false if the page has no room for it.
func (p *page) add(e *event) bool {
	if p.events == p.limit || p.bytes+e.size() > maxPut {
		return false
	}
	p.events++
	p.bytes += e.size()
	return true
}

type getLogEventsIn struct {
	groupRef
	LogStreamName      *string
	StartTime, EndTime *int64
	NextToken          *string
	Limit              *int64
	StartFromHead      bool
}

type getLogEventsOut struct {
	Events   []outputEvent `json:"events"`
	Forward  string        `json:"nextForwardToken"`
	Backward string        `json:"nextBackwardToken"`
}

type outputEvent struct {
	Timestamp int64  `json:"timestamp"`
	Message   string `json:"message"`
	Ingested  int64  `json:"ingestionTime"`
}

func (s *Service) getLogEvents(_ context.Context, in *getLogEventsIn) (*getLogEventsOut, error) {
	groupName, err := in.check(s)
	if err != nil {
		return nil, err
	}
	backward, from, err := in.token()
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	g, st, err := s.findStream(groupName, *in.LogStreamName)
	if err != nil {
		return nil, err
	}
	if err := g.checkReadable("GetLogEvents"); err != nil {
		return nil, err
	}
	p := &page{limit: int(valueOr(in.Limit, maxPage))}
	start, end := max(valueOr(in.StartTime, 0), g.oldestKept(s.now())), valueOr(in.EndTime, math.MaxInt64)
	var events []*event
	if backward {
		events = st.before(from, start, end, p)
	} else {
		events = st.after(from, start, end, p)
	}
	out := &getLogEventsOut{Events: make([]outputEvent, len(events))}
	for i, e := range events {
		out.Events[i] = outputEvent{Timestamp: e.time, Message: e.message, Ingested: e.ingested}
	}
	forwardFrom, backwardFrom := s.tokenPositions(in, from, events)
	out.Forward, out.Backward = "f/"+forwardFrom.String()+"/s", "b/"+backwardFrom.String()+"/s"
	return out, nil
}

func (in *getLogEventsIn) check(s *Service) (groupName string, err error) {
	var c checks
	groupName = in.groupName(s, &c)
	streamName := c.streamName("logStreamName", in.LogStreamName)
	c.number("startTime", in.StartTime, 0, math.MaxInt64)
	c.number("endTime", in.EndTime, 0, math.MaxInt64)
	c.number("limit", in.Limit, 1, maxPage)
	c.token(in.NextToken)
	if err := in.err(&c); err != nil {
		return "", err
	}
	return groupName, nameLength(groupName, streamName)
}

var getTokenForm = regexp.MustCompile(`^([fb])/([0-9]+)/s$`)

// token returns the direction of reading and the position to continue from, which is nil for the first page. It rejects a forward token
// without startFromHead, which the API reference forbids and which loses events on AWS.
func (in *getLogEventsIn) token() (backward bool, from *position, err error) {
	if in.NextToken == nil {
		return !in.StartFromHead, nil, nil
	}
	parts := getTokenForm.FindStringSubmatch(*in.NextToken)
	if parts == nil {
		return false, nil, invalidToken()
	}
	p, ok := parsePosition(parts[2])
	if !ok {
		return false, nil, invalidToken()
	}
	if parts[1] == "f" && !in.StartFromHead {
		return false, nil, invalidParameter("A nextForwardToken needs startFromHead to be true.")
	}
	return parts[1] == "b", &p, nil
}

// after returns the events that follow a position, with times from start up to but not including end.
func (st *stream) after(from *position, start, end int64, p *page) []*event {
	first := startOf(start)
	if from != nil && from.next().compare(first) > 0 {
		first = from.next()
	}
	var events []*event
	for c := st.events.seek(first); c.event() != nil && c.event().time < end && p.add(c.event()); c.forward() {
		events = append(events, c.event())
	}
	return events
}

// before returns the events that precede a position, with the same range of times. The page fills up backward, but its events are in
// ascending order.
func (st *stream) before(from *position, start, end int64, p *page) []*event {
	bound := startOf(end)
	if from != nil && from.compare(bound) < 0 {
		bound = *from
	}
	c := st.events.seek(bound)
	var events []*event
	for c.backward(); c.event() != nil && c.event().time >= start && p.add(c.event()); c.backward() {
		events = append(events, c.event())
	}
	slices.Reverse(events)
	return events
}

// tokenPositions returns the positions to continue from in both directions: those of the last and of the first event. On a page without
// events, AWS moves to the end of the current millisecond, or to the present on the first page, and stays there: the next empty page has
// the same token.
func (s *Service) tokenPositions(in *getLogEventsIn, from *position, events []*event) (forward, backward position) {
	switch {
	case len(events) > 0:
		return events[len(events)-1].position, events[0].position
	case from == nil:
		time := min(s.now(), valueOr(in.EndTime, math.MaxInt64))
		return endOf(time), startOf(time)
	case (*in.NextToken)[0] == 'f':
		return endOf(from.time), *from
	default:
		return *from, startOf(from.time)
	}
}
