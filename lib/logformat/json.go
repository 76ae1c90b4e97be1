package logformat

import (
	"encoding/json"

	"heroku-drains/lib/logplex"
)

// jsonTime is RFC 3339 with microseconds, the precision of dynos' lines.
const jsonTime = "2006-01-02T15:04:05.000000Z07:00"

// JSON returns the JSON format for the lines of an app.
func JSON(app string) Format {
	return &jsonFormat{app: app, fields: fields{values: make(map[string]json.RawMessage)}}
}

// AppendObject appends a line of an app in the JSON format, with "id" as the first member: the line's ID, or the given one if it has none.
func AppendObject(dst []byte, id, app string, l *Line) []byte {
	f := jsonFormat{app: app, fields: fields{values: make(map[string]json.RawMessage)}, identified: true}
	if l.ID != 0 {
		id = l.ID.String()
	}
	dst = appendString(append(dst, `{"id":`...), id)
	object := f.Append(nil, l)
	return append(append(dst, ','), object[1:]...)
}

// jsonFormat writes lines as JSON objects; the package documentation lists their members.
type jsonFormat struct {
	app        string
	fields     fields
	identified bool // the ID is already written
}

func (f *jsonFormat) Append(dst []byte, l *Line) []byte {
	dst = append(dst, `{"time":"`...)
	dst = l.Time.UTC().AppendFormat(dst, jsonTime)
	dst = append(dst, `","app":`...)
	dst = appendString(dst, f.app)
	dst = append(dst, `,"source":`...)
	dst = appendString(dst, l.Source)
	dst = append(dst, `,"process":`...)
	dst = appendString(dst, l.Process)
	if l.Severity != "" {
		dst = append(dst, `,"severity":`...)
		dst = appendString(dst, l.Severity)
	}
	if len(l.Priority) > 0 {
		dst = append(dst, `,"syslog_priority":`...)
		dst = appendString(dst, l.Priority)
	}
	if len(l.Host) > 0 {
		dst = append(dst, `,"syslog_host":`...)
		dst = appendString(dst, l.Host)
	}
	if (l.NoTime || l.Moved) && !l.Malformed {
		dst = append(dst, `,"original_time":`...)
		dst = appendString(dst, l.OriginalTime)
	}
	if l.Malformed {
		dst = append(dst, `,"malformed":true`...)
	}
	if l.Continued {
		dst = append(dst, `,"continued":true`...)
	}
	if l.ID != 0 && !f.identified {
		dst = append(dst, `,"id":"`...)
		dst = append(l.ID.Append(dst), '"')
	}
	dst = append(dst, `,"message":`...)
	dst = appendString(dst, l.Message)
	if !l.bare && !l.Malformed {
		f.fields.read(l)
		dst = f.fields.append(dst)
	}
	return append(dst, '}')
}

func (*jsonFormat) width(c byte) int { return stringWidth(c) }

// readJSON reads an event in the JSON format. It reports false for any other text.
func readJSON(text string) (Line, bool) {
	// Not a struct, which would confuse "Message", a field of the line, with "message".
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &members) != nil {
		return Line{}, false
	}
	var (
		l                                                Line
		at, source, process, severity, message, original string
		host, priority                                   string
	)
	for _, m := range []struct {
		name     string
		value    any
		required bool
	}{
		{name: "time", value: &at, required: true},
		{name: "source", value: &source, required: true},
		{name: "process", value: &process, required: true},
		{name: "severity", value: &severity},
		{name: "syslog_priority", value: &priority},
		{name: "syslog_host", value: &host},
		{name: "original_time", value: &original},
		{name: "malformed", value: &l.Malformed},
		{name: "continued", value: &l.Continued},
		{name: "message", value: &message, required: true},
	} {
		raw, found := members[m.name]
		if !found && !m.required {
			continue
		}
		if !found || json.Unmarshal(raw, m.value) != nil {
			return Line{}, false
		}
	}
	var readable bool
	if l.Time, readable = logplex.ParseTime([]byte(at)); !readable {
		return Line{}, false
	}
	l.Source, l.Process, l.Severity, l.Message = []byte(source), []byte(process), severity, []byte(message)
	l.Host, l.Priority = []byte(host), []byte(priority)
	l.NoTime = l.Malformed
	if _, found := members["original_time"]; found {
		l.OriginalTime = []byte(original)
		_, l.Moved = logplex.ParseTime(l.OriginalTime)
		l.NoTime = !l.Moved
	}
	l.ID, _ = ReadID(text)
	return l, true
}

// metricMember is the member of an event of which CloudWatch Logs makes metrics, in any namespace and each at a price: an app must not be able to
// set it by printing JSON. Inside an object it has no effect.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
const metricMember = "_aws"

// isOwn reports whether a name is one that no field of a line may take: one of the format's own, or one that means something to CloudWatch Logs.
func isOwn(name string) bool {
	switch name {
	case "time", "app", "source", "process", "severity", "syslog_priority", "syslog_host", "original_time", "malformed", "continued", "id", "message", "data":
		return true
	case metricMember:
		return true
	}
	return false
}
