package cwlogs

import (
	"slices"
	"strconv"

	"heroku-drains/lib/strictjson"
)

// Pages of events are written without reflection: they have up to a megabyte, and nobody who reads a log of a day should have to wait for that.

// eventJSON is about the size of an event's JSON without its message, in bytes.
const eventJSON = 200

// AppendJSON appends the page as encoding/json would write it, but for the escapes that only HTML needs.
func (out *getLogEventsOut) AppendJSON(dst []byte) []byte {
	size := 0
	for i := range out.Events {
		size += eventJSON + len(out.Events[i].Message)*9/8 // some have escapes
	}
	dst = append(slices.Grow(dst, size), `{"events":[`...)
	for i := range out.Events {
		e := &out.Events[i]
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(append(dst, `{"timestamp":`...), e.Timestamp, 10)
		dst = strictjson.AppendString(append(dst, `,"message":`...), e.Message)
		dst = strconv.AppendInt(append(dst, `,"ingestionTime":`...), e.Ingested, 10)
		dst = append(dst, '}')
	}
	dst = strictjson.AppendString(append(dst, `],"nextForwardToken":`...), out.Forward)
	dst = strictjson.AppendString(append(dst, `,"nextBackwardToken":`...), out.Backward)
	return append(dst, '}')
}

// AppendJSON appends the page as encoding/json would write it, but for the escapes that only HTML needs.
func (out *filterLogEventsOut) AppendJSON(dst []byte) []byte {
	size := 0
	for i := range out.Events {
		size += eventJSON + len(out.Events[i].Message)*9/8 // some have escapes
	}
	dst = append(slices.Grow(dst, size), `{"events":[`...)
	for i := range out.Events {
		e := &out.Events[i]
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strictjson.AppendString(append(dst, `{"logStreamName":`...), e.Stream)
		dst = strconv.AppendInt(append(dst, `,"timestamp":`...), e.Timestamp, 10)
		dst = strictjson.AppendString(append(dst, `,"message":`...), e.Message)
		dst = strconv.AppendInt(append(dst, `,"ingestionTime":`...), e.Ingested, 10)
		dst = strictjson.AppendString(append(dst, `,"eventId":`...), e.ID)
		dst = append(dst, '}')
	}
	dst = append(dst, `],"searchedLogStreams":[]`...)
	if out.NextToken != "" {
		dst = strictjson.AppendString(append(dst, `,"nextToken":`...), out.NextToken)
	}
	return append(dst, '}')
}
