package lines

import (
	"encoding/json"
	"time"
)

// members are the members of an object of the JSON format that come from the line itself. Others are found in its text.
var members = []string{"time", "app", "source", "process", "severity", "syslog_priority", "syslog_host", "original_time", "malformed", "continued", "message"}

// json returns the line in the JSON format, in canonical form.
func (l *line) json(app string, at time.Time, moved bool) string {
	object := map[string]any{"app": app, "source": l.source, "process": l.process, "message": l.text}
	if l.malformed {
		object["malformed"] = true
		return write(object)
	}
	if severity := l.severity(); severity != "" {
		object["severity"] = severity
	} else {
		object["syslog_priority"] = l.pri
	}
	if l.hasHost() {
		object["syslog_host"] = l.host
	}
	if moved || at.IsZero() {
		object["original_time"] = l.timeText
	} else {
		object["time"] = at.UTC().Format("2006-01-02T15:04:05.000000Z07:00")
	}
	return write(object)
}

// Canonical returns the text of a stored event in the form in which Expect returns it. In the JSON format, that is an object without the members
// that are found in the line's text, and without the time where it is not the line's own. Of a text that is not such an object it is the text.
func Canonical(format Format, text string) string {
	if format != JSON {
		return text
	}
	var stored map[string]any
	if json.Unmarshal([]byte(text), &stored) != nil {
		return text
	}
	object := map[string]any{}
	for _, name := range members {
		if value, found := stored[name]; found {
			object[name] = value
		}
	}
	_, other := object["original_time"]
	if _, malformed := object["malformed"]; other || malformed {
		delete(object, "time")
	}
	return write(object)
}

func write(object map[string]any) string {
	text, err := json.Marshal(object)
	if err != nil {
		panic(err) // cannot happen: the values are texts and booleans
	}
	return string(text)
}
