package cwlogs

import (
	"errors"

	"heroku-drains/lib/strictjson"
)

// errUnusual says that a request is one that encoding/json should read: with other members than usual, or wrong.
var errUnusual = errors.New("not a usual request")

// ReadJSON reads a usual request without reflection: what is stored most is what is sent most. It reports false for any other.
func (in *putLogEventsIn) ReadJSON(body []byte) bool {
	read, err := readPut(body)
	if err != nil {
		return false
	}
	*in = *read
	return true
}

func readPut(body []byte) (*putLogEventsIn, error) {
	in := &putLogEventsIn{}
	r := strictjson.New(body)
	text := func(into **string) error {
		value, err := r.String()
		if err != nil || *into != nil {
			return errUnusual
		}
		*into = new(string(value))
		return nil
	}
	err := r.Object(func(name []byte) error {
		switch string(name) {
		case "logGroupName":
			return text(&in.LogGroupName)
		case "logStreamName":
			return text(&in.LogStreamName)
		case "logEvents":
			if in.LogEvents != nil {
				return errUnusual
			}
			in.LogEvents = []inputEvent{}
			return r.Array(func() error {
				var e inputEvent
				err := r.Object(func(name []byte) error {
					switch string(name) {
					case "message":
						return text(&e.Message)
					case "timestamp":
						at, err := r.Int()
						if err != nil || e.Timestamp != nil {
							return errUnusual
						}
						e.Timestamp = &at
						return nil
					}
					return errUnusual
				})
				in.LogEvents = append(in.LogEvents, e)
				return err
			})
		}
		return errUnusual
	})
	if err != nil {
		return nil, err
	}
	return in, r.End()
}
