package cwlogs

import (
	"context"
	"fmt"
	"sort"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// The limits of PutLogEvents. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const (
	maxPut       = 1_048_576 // bytes: the messages in UTF-8, plus eventOverhead for each event
	maxPutEvents = 10_000
	maxPutSpan   = 24 * time.Hour
	maxAge       = 14 * 24 * time.Hour
	maxLead      = 2 * time.Hour
)

// maxEvent is the largest size of an event in bytes, including eventOverhead: AWS accepts 1,048,576 and rejects 1,048,578.
const maxEvent = 1_048_576

type putLogEventsIn struct {
	LogGroupName, LogStreamName *string
	LogEvents                   []inputEvent
	SequenceToken               *string // ignored, as on AWS
}

type inputEvent struct {
	Timestamp *int64
	Message   *string
}

type putLogEventsOut struct {
	NextSequenceToken string    `json:"nextSequenceToken"`
	Rejected          *rejected `json:"rejectedLogEventsInfo,omitempty"`
}

// rejected says which events were not stored, by index: those from TooNew on, and those before TooOld and Expired.
type rejected struct {
	TooNew  *int `json:"tooNewLogEventStartIndex,omitempty"`
	TooOld  *int `json:"tooOldLogEventEndIndex,omitempty"`
	Expired *int `json:"expiredLogEventEndIndex,omitempty"`
}

func (s *Service) putLogEvents(ctx context.Context, in *putLogEventsIn) (*putLogEventsOut, error) {
	groupName, streamName, err := in.check()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, st, err := s.findStream(groupName, streamName)
	if err != nil {
		return nil, err
	}
	if err := in.checkSizeAndOrder(); err != nil {
		return nil, err
	}
	now := s.now()
	valid, rejected := in.splitByTime(now, g.oldestKept(now))
	if n := len(valid); n > 0 && *valid[n-1].Timestamp-*valid[0].Timestamp > maxPutSpan.Milliseconds() {
		return nil, invalidParameter("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
	}
	s.countIngested(g, awsapi.Caller(ctx), valid)
	s.puts++
	token := sequenceToken(s.puts)
	st.forget(s, g.oldestKept(now))
	st.store(valid, position{ingested: now, put: s.puts}, token, s.lag)
	return &putLogEventsOut{NextSequenceToken: token, Rejected: rejected}, nil
}

// forget removes events before a time, as far as that is easy.
func (st *stream) forget(s *Service, oldest int64) {
	st.events.dropBefore(oldest)
	if st.log.DropBefore(oldest) {
		s.journal.Save(st) // what it shows of all events, which can no longer all be read
	}
}

// store stores the events of one call.
func (st *stream) store(events []inputEvent, p position, token string, lag time.Duration) {
	if len(events) == 0 {
		return
	}
	stored := make([]event, len(events))
	for i, e := range events {
		p.time, p.index = *e.Timestamp, uint16(i)
		stored[i] = event{position: p, message: *e.Message}
	}
	st.events.add(stored)
	if st.log != nil {
		st.log.Append(encodeEvents(stored), last(stored).time)
	}
	if lag > 0 && st.now.latest < p.ingested {
		st.shown = append(st.shown, st.now)
		for len(st.shown) > 1 && st.shown[1].latest <= p.ingested-lag.Milliseconds() {
			st.shown = st.shown[1:]
		}
	}
	st.summarize(stored, token)
}

// summarize notes what DescribeLogStreams shows of events that were stored.
func (st *stream) summarize(stored []event, token string) {
	first, latest := stored[0].time, last(stored).time
	if !st.now.written || first < st.now.first {
		st.now.first = first
	}
	if !st.now.written || latest > st.now.last {
		st.now.last = latest
	}
	st.now.written, st.now.latest, st.now.token = true, stored[0].ingested, token
}

// sequenceToken returns the token of the PutLogEvents call with a number.
func sequenceToken(put uint64) string { return fmt.Sprintf("49%054d", put) }

// check validates the request as far as that is possible without the stream.
func (in *putLogEventsIn) check() (groupName, streamName string, err error) {
	var c checks
	groupName = c.groupName(in.LogGroupName)
	streamName = c.streamName("logStreamName", in.LogStreamName)
	switch n := len(in.LogEvents); {
	case in.LogEvents == nil:
		c.required("logEvents", false)
	case n == 0:
		c.fail("'[]'", "logEvents", "have length greater than or equal to 1")
	case n > maxPutEvents:
		c.fail("", "logEvents", "have length less than or equal to %d", maxPutEvents)
	}
	for i, e := range in.LogEvents {
		if !e.check(&c, i) {
			break // AWS reports only the first invalid event
		}
	}
	if in.SequenceToken != nil {
		c.text("sequenceToken", *in.SequenceToken, 1, 0, nil)
	}
	if err := c.err(); err != nil {
		return "", "", err
	}
	return groupName, streamName, nameLength(groupName, streamName)
}

func (e *inputEvent) check(c *checks, index int) bool {
	if e.Timestamp != nil && *e.Timestamp >= 0 && e.Message != nil && *e.Message != "" {
		return true
	}
	member := fmt.Sprintf("logEvents.%d.member.", index+1)
	if c.required(member+"timestamp", e.Timestamp != nil) && *e.Timestamp < 0 {
		c.fail(fmt.Sprintf("'%d'", *e.Timestamp), member+"timestamp", "have value greater than or equal to 0")
	}
	if c.required(member+"message", e.Message != nil) && *e.Message == "" {
		c.fail("''", member+"message", "have length greater than or equal to 1")
	}
	return false
}

// checkSizeAndOrder rejects events that are too large, alone or together, and events that are not in chronological order.
func (in *putLogEventsIn) checkSizeAndOrder() error {
	total := 0
	for _, e := range in.LogEvents {
		size := len(*e.Message) + eventOverhead
		if size > maxEvent {
			return invalidParameter("Log event too large: %d bytes exceeds limit of %d", size, maxEvent)
		}
		total += size
	}
	if total > maxPut {
		return invalidParameter("Upload too large: %d bytes exceeds limit of %d", total, maxPut)
	}
	for i := 1; i < len(in.LogEvents); i++ {
		if *in.LogEvents[i].Timestamp < *in.LogEvents[i-1].Timestamp {
			return invalidParameter("Log events in a single PutLogEvents request must be in chronological order.")
		}
	}
	return nil
}

// splitByTime returns the events whose times are acceptable, and which events are not; nil if all are.
func (in *putLogEventsIn) splitByTime(now, oldest int64) ([]inputEvent, *rejected) {
	first := func(time int64) int {
		return sort.Search(len(in.LogEvents), func(i int) bool { return *in.LogEvents[i].Timestamp >= time })
	}
	tooOld, expired, tooNew := first(now-maxAge.Milliseconds()), first(oldest), first(now+maxLead.Milliseconds()+1)
	var r rejected
	if tooOld > 0 {
		r.TooOld = &tooOld
	}
	if expired > 0 {
		r.Expired = &expired
	}
	if tooNew < len(in.LogEvents) {
		r.TooNew = &tooNew
	}
	valid := in.LogEvents[max(tooOld, expired):tooNew]
	if r == (rejected{}) {
		return valid, nil
	}
	return valid, &r
}
