package logformat

import (
	"bytes"
	"time"

	"heroku-drains/lib/strictjson"
)

// jsonTime is RFC 3339 with microseconds, the precision of dynos' lines.
const jsonTime = "2006-01-02T15:04:05.000000Z07:00"

// JSON returns the JSON format.
func JSON() Format { return &jsonFormat{} }

// AppendObject is the method of a new ObjectWriter.
func AppendObject(dst []byte, id, app string, l *Line) []byte {
	return new(ObjectWriter).AppendObject(dst, id, app, l)
}

// ObjectWriter writes lines as objects. It reuses its memory, and is not safe for concurrent use. The zero value is ready to use.
type ObjectWriter struct{ fields fields }

// AppendObject appends a line of an app as an object with everything that is known of it, also what the JSON format leaves out because it can be
// derived, and with "id" as the first member: the line's ID, or the given one if it has none.
func (w *ObjectWriter) AppendObject(dst []byte, id, app string, l *Line) []byte {
	if l.ID != 0 {
		id = l.ID.String()
	}
	dst = strictjson.AppendString(append(dst, `{"id":`...), []byte(id))
	dst = append(l.Time.UTC().AppendFormat(append(dst, `,"time":"`...), jsonTime), '"')
	dst = appendMember(dst, `,"app":`, []byte(app))
	dst = appendMember(dst, `,"source":`, l.Source)
	dst = appendMember(dst, `,"process":`, l.Process)
	if l.Severity != "" {
		dst = appendMember(dst, `,"severity":`, []byte(l.Severity))
	}
	dst = l.appendMarks(dst)
	dst = appendMember(dst, `,"message":`, l.Message)
	w.fields.read(l)
	return append(w.fields.append(dst), '}')
}

// jsonFormat writes lines as JSON objects; the package documentation lists their members.
type jsonFormat struct{ fields fields }

func (f *jsonFormat) Append(dst []byte, l *Line) []byte {
	dst = appendMember(dst, `{"source":`, l.Source)
	dst = appendMember(dst, `,"process":`, l.Process)
	if l.Severity != l.impliedSeverity() {
		dst = appendMember(dst, `,"severity":`, []byte(l.Severity))
	}
	if l.ID == 0 || !l.ID.time(l.Time.UnixMilli()).Equal(l.Time.Truncate(time.Microsecond)) {
		dst = append(l.Time.UTC().AppendFormat(append(dst, `,"time":"`...), jsonTime), '"')
	}
	dst = l.appendMarks(dst)
	if l.ID != 0 {
		dst = append(l.ID.Append(append(dst, `,"id":"`...)), '"')
	}
	f.fields.read(l)
	if f.fields.whole && l.ID != 0 {
		return append(f.fields.appendWhole(dst, l), '}')
	}
	dst = appendMember(dst, `,"message":`, l.Message)
	return append(f.fields.append(dst), '}')
}

func (*jsonFormat) width(c byte) int { return strictjson.Width(c) }

// appendMarks appends the members that say what is special about a line.
func (l *Line) appendMarks(dst []byte) []byte {
	if len(l.Priority) > 0 {
		dst = appendMember(dst, `,"syslog_priority":`, l.Priority)
	}
	if len(l.Host) > 0 {
		dst = appendMember(dst, `,"syslog_host":`, l.Host)
	}
	if (l.NoTime || l.Moved) && !l.Malformed {
		dst = appendMember(dst, `,"original_time":`, l.OriginalTime)
	}
	if l.Malformed {
		dst = append(dst, `,"malformed":true`...)
	}
	if l.Continued {
		dst = append(dst, `,"continued":true`...)
	}
	return dst
}

// usualSeverity is that of what dynos print, and of the router's lines.
const usualSeverity = "info"

// impliedSeverity returns the severity of a line in the JSON format that states none.
func (l *Line) impliedSeverity() string {
	if len(l.Priority) > 0 || bytes.Equal(l.Source, ownSource) {
		return ""
	}
	return usualSeverity
}

func appendMember(dst []byte, name string, value []byte) []byte {
	return strictjson.AppendString(append(dst, name...), value)
}

// metricMember is the member of an event of which CloudWatch Logs makes metrics, in any namespace and each at a price: an app must not be able to
// set it by printing JSON. Inside an object it has no effect.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
const metricMember = "_aws"

// isOwn reports whether a name is one that no field of a line may take: one of the format's own, or one that means something to CloudWatch Logs.
func isOwn(name []byte) bool {
	switch string(name) {
	case "time", "app", "source", "process", "severity", "syslog_priority", "syslog_host", "original_time", "malformed", "continued", "id", "message", "data":
		return true
	case metricMember:
		return true
	}
	return false
}
