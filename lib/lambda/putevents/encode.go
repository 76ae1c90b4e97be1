package putevents

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/strictjson"
)

// The JSON of an event, without its message and its time of 13 digits, and of the rest of a call, without the names.
const (
	eventBytes = len(`{"message":"","timestamp":1234567890123},`)
	callBytes  = len(`{"logEvents":[],"logGroupName":"","logStreamName":""}`)
)

// encode returns the input as JSON. It returns false if a text is not valid UTF-8; the storage function's are.
func encode(in *cloudwatchlogs.PutLogEventsInput) (_ []byte, valid bool) {
	size := callBytes
	for i := range in.LogEvents {
		size += eventBytes
		if message := in.LogEvents[i].Message; message != nil {
			size += len(*message)
		}
	}
	size += size / 8 // for the escapes of messages that are JSON themselves
	dst := append(make([]byte, 0, size), '{')
	if in.LogEvents != nil {
		dst = append(dst, `"logEvents":[`...)
		for i := range in.LogEvents {
			if i > 0 {
				dst = append(dst, ',')
			}
			event := &in.LogEvents[i]
			dst = append(dst, '{')
			if event.Message != nil {
				dst = append(dst, `"message":`...)
				if dst, valid = strictjson.AppendValid(dst, *event.Message); !valid {
					return nil, false
				}
			}
			if event.Timestamp != nil {
				if event.Message != nil {
					dst = append(dst, ',')
				}
				dst = append(dst, `"timestamp":`...)
				dst = strconv.AppendInt(dst, *event.Timestamp, 10)
			}
			dst = append(dst, '}')
		}
		dst = append(dst, ']')
	}
	for _, member := range []struct {
		name  string
		value *string
	}{{`"logGroupName":`, in.LogGroupName}, {`"logStreamName":`, in.LogStreamName}} {
		if member.value == nil {
			continue
		}
		if len(dst) > 1 {
			dst = append(dst, ',')
		}
		dst = append(dst, member.name...)
		if dst, valid = strictjson.AppendValid(dst, *member.value); !valid {
			return nil, false
		}
	}
	return append(dst, '}'), true
}
