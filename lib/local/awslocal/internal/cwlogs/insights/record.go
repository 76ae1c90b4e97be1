package insights

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// maxDiscovered is how many fields of a JSON event are discovered.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
const maxDiscovered = 200

// Record is a log event.
type Record struct {
	Time, Ingested int64 // milliseconds
	Message        string
	Stream         string
	Log            string // the log group: account:name
	Ptr            string // identifies the event
	// Undiscovered says that the log group's class has no discovered fields: only Standard has them.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
	Undiscovered bool
}

// row is a record with the fields that commands add, or a result of stats, which has no record.
type row struct {
	record     *Record
	values     map[string]string
	discovered map[string]string // of a JSON message, once looked for
}

// value returns the value of a field, or false if the row does not have it.
func (r *row) value(name string) (string, bool) {
	if value, ok := r.values[name]; ok || r.record == nil {
		return value, ok
	}
	switch name {
	case "@timestamp":
		return show(r.record.Time), true
	case "@ingestionTime":
		return show(r.record.Ingested), true
	case "@message":
		return r.record.Message, true
	case "@logStream":
		return r.record.Stream, true
	case "@log":
		return r.record.Log, true
	case "@ptr":
		return r.record.Ptr, true
	}
	if r.record.Undiscovered {
		return "", false
	}
	if r.discovered == nil {
		r.discovered = discover(r.record.Message)
	}
	value, ok := r.discovered[name]
	return value, ok
}

// millis returns a system field that is a time, in milliseconds.
func (r *row) millis(name string) (string, bool) {
	if r.record == nil {
		return "", false
	}
	if name == "@ingestionTime" {
		return strconv.FormatInt(r.record.Ingested, 10), true
	}
	return strconv.FormatInt(r.record.Time, 10), true
}

func show(millis int64) string { return time.UnixMilli(millis).UTC().Format(timeForm) }

// discover returns the fields of a message that is a JSON object. Nested ones have names with dots, such as request.headers.0.
func discover(message string) map[string]string {
	found := make(map[string]string)
	text := bytes.TrimSpace([]byte(message))
	if !bytes.HasPrefix(text, []byte("{")) || !json.Valid(text) {
		return found
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	flatten(d, "", found)
	return found
}

// flatten reads one JSON value, and adds it or what is in it. The decoder's text must be valid JSON.
func flatten(d *json.Decoder, name string, found map[string]string) {
	t, err := d.Token()
	if err != nil {
		return // cannot happen
	}
	switch t := t.(type) {
	case json.Delim:
		for i := 0; d.More(); i++ {
			member := strconv.Itoa(i)
			if t == '{' {
				key, err := d.Token()
				if err != nil {
					return // cannot happen
				}
				member, _ = key.(string)
			}
			if name != "" {
				member = name + "." + member
			}
			flatten(d, member, found)
		}
		_, _ = d.Token() // the closing bracket
	case string:
		add(found, name, t)
	case json.Number:
		add(found, name, t.String())
	case bool:
		add(found, name, map[bool]string{true: "1", false: "0"}[t]) // as AWS shows booleans
	}
}

func add(found map[string]string, name, value string) {
	if _, known := found[name]; known || len(found) < maxDiscovered {
		found[name] = value
	}
}
