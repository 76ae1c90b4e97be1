package cwlogs

import (
	"context"
	"math"
	"regexp"
	"slices"
)

// maxPage is how many events one page holds; their size is at most maxPut.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
const maxPage = 10_000

type getLogEventsIn struct {
	LogGroupName, LogGroupIdentifier *string
	LogStreamName                    *string
	StartTime, EndTime               *int64
	NextToken                        *string
	Limit                            *int64
	StartFromHead                    bool
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
	if err := g.readable(); err != nil {
		return nil, err
	}
	p := &page{limit: int(valueOr(in.Limit, maxPage))}
	start, end := max(valueOr(in.StartTime, 0), g.oldest(s.now())), valueOr(in.EndTime, math.MaxInt64)
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
	forwardFrom, backwardFrom := s.ends(in, from, events)
	out.Forward, out.Backward = "f/"+forwardFrom.String()+"/s", "b/"+backwardFrom.String()+"/s"
	return out, nil
}

func (in *getLogEventsIn) check(s *Service) (groupName string, err error) {
	var c checks
	groupName = s.anyGroup(&c, in.LogGroupName, in.LogGroupIdentifier)
	streamName := c.streamName("logStreamName", in.LogStreamName)
	c.number("startTime", in.StartTime, 0, math.MaxInt64)
	c.number("endTime", in.EndTime, 0, math.MaxInt64)
	c.number("limit", in.Limit, 1, maxPage)
	c.token(in.NextToken)
	if err := c.err(); err != nil {
		return "", err
	}
	if err := oneGroup(in.LogGroupName, in.LogGroupIdentifier); err != nil {
		return "", err
	}
	return groupName, nameLength(groupName, streamName)
}

var getTokenForm = regexp.MustCompile(`^([fb])/([0-9]+)/s$`)

// token is the direction of reading, and the place the token tells to go on from; nil at the beginning. Going forward without
// startFromHead is against the reference and loses events on AWS: here it is refused.
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

// after reads forward from behind a place, through the times from start to just before end.
func (st *stream) after(from *position, start, end int64, p *page) []*event {
	first := startOf(start)
	if from != nil && from.next().compare(first) > 0 {
		first = from.next()
	}
	var events []*event
	for c := st.events.seek(first); c.event() != nil && c.event().time < end && p.takes(c.event()); c.forward() {
		events = append(events, c.event())
	}
	return events
}

// before reads backward from before a place, through the same times. The events come in their order all the same.
func (st *stream) before(from *position, start, end int64, p *page) []*event {
	bound := startOf(end)
	if from != nil && from.compare(bound) < 0 {
		bound = *from
	}
	c := st.events.seek(bound)
	var events []*event
	for c.backward(); c.event() != nil && c.event().time >= start && p.takes(c.event()); c.backward() {
		events = append(events, c.event())
	}
	slices.Reverse(events)
	return events
}

// ends are the places to go on from in either direction: the last and the first event. Without events, AWS first moves to the end
// of the millisecond it came from, or to the present, and stays there: its token is the same again one empty page later.
func (s *Service) ends(in *getLogEventsIn, from *position, events []*event) (forward, backward position) {
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
