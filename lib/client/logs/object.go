package logs

import (
	"bytes"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/logformat"
)

// Object returns the line in an event of an app as a JSON object on one line, the same for both storage formats: the members of
// logformat's JSON format, with "id" as the first one: the line's ID, or the event's if the line is stored without one. A line's own field "id"
// is in "data".
func Object(app string, e Event) []byte { return new(Objects).Append(nil, app, e) }

// Objects writes many lines as Object does. It reuses its memory, and is not safe for concurrent use. The zero value is ready to use.
type Objects struct{ writer logformat.ObjectWriter }

// Append appends the object of a line to a text.
func (o *Objects) Append(dst []byte, app string, e Event) []byte {
	l := ReadLine(e)
	start := len(dst)
	dst = o.writer.AppendObject(dst, aws.ToString(e.EventId), app, &l)
	if bytes.IndexByte(l.Message, '{') < 0 {
		return dst
	}
	return dst[:start+compact(dst[start:])] // a line that is a JSON object may have line breaks between its members
}

// compact removes the white space between the parts of a JSON text in place, and returns its new length.
func compact(text []byte) int {
	to, inText := 0, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		if !inText && (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
			continue
		}
		text[to] = c
		to++
		switch {
		case c == '"':
			inText = !inText
		case c == '\\' && inText && i+1 < len(text):
			i++
			text[to] = text[i]
			to++
		}
	}
	return to
}
