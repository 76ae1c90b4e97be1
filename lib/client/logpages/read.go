// Package logpages reads the responses of FilterLogEvents, each with up to a megabyte of lines, without reflection. The SDK's decoder reads the same, but
// goes through a tree of the response: it took a third of the time in which the lines of a day are printed. Requests, signing, retries and
// errors stay the SDK's.
package logpages

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/strictjson"
)

// errUnusual says that a response is one that the SDK should read.
var errUnusual = errors.New("not a usual response")

// reader reads one response.
type reader struct {
	*strictjson.Reader
	stream *string // that of the event before, which is often that of the next one
	text   []byte  // the message and the ID of an event
}

// line is what an event points to. It is one piece of memory for each event, so that an event that is kept does not keep its page.
type line struct {
	at, ingested int64
	message, id  string
}

// read reads a response. It fails for what AWS does not send, such as a member that occurs twice.
func read(body []byte, out *cloudwatchlogs.FilterLogEventsOutput) error {
	r := reader{Reader: strictjson.New(body)}
	var events []types.FilteredLogEvent
	var token *string
	err := r.Object(func(name []byte) error {
		switch string(name) {
		case "events":
			if events != nil {
				return errUnusual
			}
			events = []types.FilteredLogEvent{}
			return r.Array(func() error {
				e, err := r.event()
				events = append(events, e)
				return err
			})
		case "nextToken":
			text, err := r.String()
			if token != nil {
				return errUnusual
			}
			token = new(string(text))
			return err
		case "searchedLogStreams": // always empty since 2020
			if r.Null() {
				return nil
			}
			return r.Array(func() error { return errUnusual })
		}
		return r.Skip()
	})
	if err == nil {
		err = r.End()
	}
	if err != nil {
		return err
	}
	out.Events, out.NextToken, out.SearchedLogStreams = events, token, []types.SearchedLogStream{}
	return nil
}

// event reads an event, which must have all members.
func (r *reader) event() (types.FilteredLogEvent, error) {
	const (
		stream = 1 << iota
		timestamp
		message
		ingestion
		id
		all = 1<<iota - 1
	)
	l := &line{}
	e := types.FilteredLogEvent{Timestamp: &l.at, IngestionTime: &l.ingested, Message: &l.message, EventId: &l.id}
	found := 0
	var messageAt, idAt [2]int // where they are in r.text
	r.text = r.text[:0]
	text := func(at *[2]int) error {
		value, err := r.String()
		start := len(r.text)
		r.text = append(r.text, value...)
		*at = [2]int{start, len(r.text)}
		return err
	}
	is := func(member int) bool {
		first := found&member == 0
		found |= member
		return first
	}
	err := r.Object(func(name []byte) (err error) {
		switch string(name) {
		case "logStreamName":
			if !is(stream) {
				return errUnusual
			}
			value, err := r.String()
			if r.stream == nil || *r.stream != string(value) {
				r.stream = new(string(value))
			}
			return err
		case "timestamp":
			if !is(timestamp) {
				return errUnusual
			}
			l.at, err = r.Int()
			return err
		case "ingestionTime":
			if !is(ingestion) {
				return errUnusual
			}
			l.ingested, err = r.Int()
			return err
		case "message":
			if !is(message) {
				return errUnusual
			}
			return text(&messageAt)
		case "eventId":
			if !is(id) {
				return errUnusual
			}
			return text(&idAt)
		}
		return r.Skip()
	})
	if err != nil {
		return e, err
	}
	if found != all {
		return e, errUnusual
	}
	both := string(r.text)
	l.message, l.id, e.LogStreamName = both[messageAt[0]:messageAt[1]], both[idAt[0]:idAt[1]], r.stream
	return e, nil
}
