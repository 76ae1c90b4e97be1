package cwlogs

import (
	"context"
	"fmt"
	"sort"
	"time"
)

// The limits of PutLogEvents. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const (
	maxPut       = 1_048_576 // bytes of messages in UTF-8, and eventOverhead for each event
	maxPutEvents = 10_000
	maxPutSpan   = 24 * time.Hour
	maxAge       = 14 * 24 * time.Hour
	maxLead      = 2 * time.Hour
)

// maxEvent is 1 MB, of which the overhead is a part: AWS refuses 1,048,578 bytes with it, and takes 1,048,576.
const maxEvent = 1_048_576

type putLogEventsIn struct {
	LogGroupName, LogStreamName *string
	LogEvents                   []inputEvent
	SequenceToken               *string // ignored, whatever it is
}

type inputEvent struct {
	Timestamp *int64
	Message   *string
}

type putLogEventsOut struct {
	NextSequenceToken string    `json:"nextSequenceToken"`
	Rejected          *rejected `json:"rejectedLogEventsInfo,omitempty"`
}

// rejected says which events were not stored, by their index: those from TooNew on, and those before the others.
type rejected struct {
	TooNew  *int `json:"tooNewLogEventStartIndex,omitempty"`
	TooOld  *int `json:"tooOldLogEventEndIndex,omitempty"`
	Expired *int `json:"expiredLogEventEndIndex,omitempty"`
}

func (s *Service) putLogEvents(_ context.Context, in *putLogEventsIn) (*putLogEventsOut, error) {
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
	if err := in.fits(); err != nil {
		return nil, err
	}
	now := s.now()
	valid, rejected := in.admit(now, g.oldest(now))
	if n := len(valid); n > 0 && *valid[n-1].Timestamp-*valid[0].Timestamp > maxPutSpan.Milliseconds() {
		return nil, invalidParameter("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
	}
	s.puts++
	token := fmt.Sprintf("49%054d", s.puts)
	st.events.drop(g.oldest(now))
	st.write(valid, position{ingested: now, put: s.puts}, token)
	return &putLogEventsOut{NextSequenceToken: token, Rejected: rejected}, nil
}

// write stores events, which come from one put.
func (st *stream) write(events []inputEvent, p position, token string) {
	if len(events) == 0 {
		return
	}
	stored := make([]event, len(events))
	for i, e := range events {
		p.time, p.index = *e.Timestamp, uint16(i)
		stored[i] = event{position: p, message: *e.Message}
	}
	st.events.add(stored)
	first, latest := stored[0].time, last(stored).time
	if !st.written || first < st.first {
		st.first = first
	}
	if !st.written || latest > st.last {
		st.last = latest
	}
	st.written, st.latest, st.token = true, p.ingested, token
}

// check refuses what needs no look at the stream.
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
			break // one event is enough to say
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

// fits refuses too many bytes, and events that are not in the order of their times.
func (in *putLogEventsIn) fits() error {
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

// admit returns the events whose times are acceptable at a time, and says which are not; nil when all are.
func (in *putLogEventsIn) admit(now, oldest int64) ([]inputEvent, *rejected) {
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
