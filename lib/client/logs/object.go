package logs

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/logformat"
)

// Object returns the line in an event of an app as a JSON object on one line, the same for both storage formats: the members of
// logformat's JSON format, with "id" as the first one: the line's ID, or the event's if the line is stored without one. A line's own field "id"
// is in "data".
func Object(app string, e Event) ([]byte, error) {
	l := ReadLine(e)
	text := logformat.AppendObject(nil, aws.ToString(e.EventId), app, &l)
	var object bytes.Buffer
	if err := json.Compact(&object, text); err != nil { // a line that is a JSON object may have line breaks between its members
		return nil, fmt.Errorf("write event %s as JSON: %w", aws.ToString(e.EventId), err)
	}
	return object.Bytes(), nil
}
