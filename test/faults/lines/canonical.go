package lines

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// own are the members of an event in the JSON format that come from the line itself, in front of the fields that are found in its text. A line may be
// stored without its message, because the fields say it.
const own = " source process severity syslog_priority syslog_host time original_time malformed continued id message "

// json returns the line in the JSON format, in canonical form.
func (l *line) json(at time.Time, moved bool) string {
	object := map[string]any{"source": l.source, "process": l.process, "message": l.text}
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
		object["microseconds"] = at.Nanosecond() / 1000 % 1000
	}
	return write(object)
}

// member is a member of an object.
type member struct {
	name  string
	value json.RawMessage
}

// text returns the value if it is a text; "" for others.
func (m member) text() string {
	var text string
	if json.Unmarshal(m.value, &text) != nil {
		return ""
	}
	return text
}

// Canonical returns the text of a stored event in the form in which Expect returns it. In the JSON format, that is an object without what is found
// in the line's text, with the text, and with the part of its time that the event's time does not have, if it is the line's own time. Of a text
// that is not such an object it is the text.
func Canonical(format Format, text string) string {
	members, ok := membersOf([]byte(text))
	if format != JSON || !ok {
		return text
	}
	object := map[string]any{"severity": "info"}
	for len(members) > 0 && strings.Contains(own, " "+members[0].name+" ") {
		object[members[0].name] = members[0].value
		if text := members[0].text(); members[0].value[0] == '"' {
			object[members[0].name] = text
		}
		members = members[1:]
	}
	if _, odd := object["syslog_priority"]; odd || object["malformed"] != nil {
		delete(object, "severity")
	}
	if object["message"] == nil {
		object["message"] = rebuild(object["source"] == "heroku", object["process"] == "heroku-redis", members)
	}
	if object["original_time"] == nil && object["malformed"] == nil {
		object["microseconds"] = microseconds(object)
	}
	delete(object, "id")
	delete(object, "time")
	return write(object)
}

// microseconds returns those of the line's time within its millisecond: the last ten bits of the ID, unless the event states the time.
func microseconds(object map[string]any) int {
	if at, err := time.Parse(time.RFC3339Nano, textOf(object["time"])); err == nil {
		return at.Nanosecond() / 1000 % 1000
	}
	id, err := base64.RawURLEncoding.DecodeString(textOf(object["id"]))
	if err != nil || len(id) != 8 {
		return -1
	}
	return int(id[6]&3)<<8 | int(id[7])
}

func textOf(value any) string {
	text, _ := value.(string)
	return text
}

// membersOf returns the members of an object in their order.
func membersOf(text []byte) ([]member, bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return nil, false
	}
	var members []member
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, false
		}
		m := member{name: textOf(name)}
		if d.Decode(&m.value) != nil {
			return nil, false
		}
		members = append(members, m)
	}
	return members, true
}

// rebuild returns the text of a line that is stored without it, as its writer would have written the fields.
func rebuild(router, redis bool, fields []member) string {
	var words []string
	for _, f := range fields {
		word := f.name + "=" + string(f.value)
		isText := f.value[0] == '"'
		switch {
		case router && (f.name == "connect" || f.name == "service"):
			word += "ms"
		case router && isText && f.name != "path" && f.name != "desc" && f.name != "fwd":
			word = f.name + "=" + f.text()
		case redis && f.name == "data": // it comes first
			for _, source := range inner(f) {
				words = append([]string{"source=" + source.text()}, words...)
			}
			continue
		case redis && isText:
			word = f.name + "=" + f.text()
		case redis:
			word = "sample#" + word
		case !router && f.name == "data":
			word = strings.TrimSuffix(strings.TrimPrefix(string(f.value), "{"), "}")
		case !router:
			word = write(f.name) + ":" + string(f.value)
		}
		words = append(words, word)
	}
	if router || redis {
		return strings.Join(words, " ")
	}
	return "{" + strings.Join(words, ",") + "}"
}

func inner(m member) []member {
	members, _ := membersOf(m.value)
	return members
}

func write(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // cannot happen: the values are texts, numbers and booleans
	}
	return string(text)
}
