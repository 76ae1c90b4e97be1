package logformat_test

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex/logplextest"
)

// plainFields reads the fields of a line with maps and encoding/json: slower, but plainly right. It returns the members of its event that are not
// the format's own.
func plainFields(source, process, message string) map[string]json.RawMessage {
	fields, data := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	add := func(name string, value any) {
		raw, isRaw := value.(json.RawMessage)
		if !isRaw {
			raw = asJSON(value)
		}
		into := fields
		if reserved[name] {
			into = data
		}
		if _, again := into[name]; !again {
			into[name] = raw
		}
	}
	text := strings.TrimPrefix(message, "- ")
	number := func(name, value string) {
		digits := strings.TrimRight(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz%")
		if _, err := strconv.ParseFloat(digits, 64); err == nil && json.Valid([]byte(digits)) {
			add(name, json.RawMessage(digits))
			return
		}
		add(name, value)
	}
	switch {
	case source == "heroku" && process == "router":
		logformat.Pairs([]byte(text), func(name, value []byte) {
			switch string(name) {
			case "connect", "service", "status", "bytes":
				number(string(name), string(value))
			case "tls":
				if tls, err := strconv.ParseBool(string(value)); err == nil && len(value) > 1 && strings.ToLower(string(value)) == string(value) {
					add("tls", tls)
				}
			default:
				add(string(name), string(value))
			}
		})
	case source == "heroku", strings.HasPrefix(process, "heroku-"):
		if strings.HasPrefix(text, "source=") {
			logformat.Pairs([]byte(text), func(name, value []byte) {
				if sample, ok := strings.CutPrefix(string(name), "sample#"); ok {
					number(sample, string(value))
				} else {
					add(string(name), string(value))
				}
			})
		}
	default:
		var members map[string]json.RawMessage
		if object := strings.TrimSpace(text); strings.HasPrefix(object, "{") && json.Unmarshal([]byte(object), &members) == nil {
			for name, value := range members {
				add(name, value)
			}
		}
	}
	if code := logformat.ErrorCode([]byte(text)); code != nil && (source == "heroku" || process == "log-shuttle") {
		add("code", string(code))
	}
	if len(data) > 0 {
		fields["data"] = asJSON(data)
	}
	return fields
}

func asJSON(value any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(err)
	}
	return bytes.TrimSpace(b.Bytes())
}

// reserved are the names that no field has.
var reserved = map[string]bool{
	"time": true, "app": true, "source": true, "process": true, "severity": true, "syslog_priority": true, "syslog_host": true, "original_time": true, "malformed": true,
	"continued": true, "id": true, "message": true, "data": true, "_aws": true,
}

// canonical returns a JSON value in one form of all its possible ones. Numbers stay as they are written.
func canonical(t *testing.T, text []byte) string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		t.Fatalf("not JSON: %v: %s", err, text)
	}
	return string(asJSON(value))
}

// FuzzJSONFormat writes any line, with and without its text, and as an object. The fields must be those of plainFields, and the line must be read
// back.
func FuzzJSONFormat(f *testing.F) {
	for _, line := range append(rebuilt, kept...) {
		f.Add(line.source, line.process, line.text)
	}
	f.Add("app", "web.1", `{"a":1e999}`)
	f.Add("app", "web.1", ` {"time":1, "data": {"a":[ ]}, "":"", "\u0061":1.50} `)
	f.Add("app", "heroku-redis", `source=REDIS sample#hit-rate=0.99 a="\ud800"`)
	format := logformat.JSON()
	f.Fuzz(func(t *testing.T, source, process, text string) {
		for _, l := range logformat.Lines([]byte(logplextest.Frame(logplextest.Line(190, noon, source, process, text)))) {
			l.Clean(logformat.KeepANSI)
			if l.NoTime {
				l.Time = noon
			}
			want := map[string]json.RawMessage{}
			if !l.Malformed {
				want = plainFields(string(l.Source), string(l.Process), string(l.Message))
			}
			for _, l.ID = range []logformat.ID{0, logformat.ID(1).At(l.Time)} {
				checkRoundTrip(t, l)
				checkFields(t, l, want, string(format.Append(nil, &l)))
				object := string(logformat.AppendObject(nil, "e1", "shop", &l))
				checkFields(t, l, want, object)
				if !strings.Contains(object, `,"message":`) {
					t.Errorf("no message in %s", object)
				}
			}
		}
	})
}

// checkFields checks the fields of a line in an object, and that no name is there twice.
func checkFields(t *testing.T, l logformat.Line, want map[string]json.RawMessage, object string) {
	t.Helper()
	var got map[string]json.RawMessage
	if err := json.Unmarshal([]byte(object), &got); err != nil {
		t.Fatalf("%v: %s", err, object)
	}
	if n := members(t, object); n != len(got) {
		t.Errorf("%d members, %d of them different, in %s", n, len(got), object)
	}
	_, stated := got["message"]
	for name := range reserved {
		if name != "data" {
			delete(got, name)
		}
	}
	expected := map[string]string{}
	for name, value := range want {
		// The source of metrics is not repeated where it is the line's process.
		if !stated && name == "data" && len(l.Source) > 0 && !bytes.HasPrefix(l.Message, []byte("{")) && string(value) == `{"source":`+string(asJSON(string(l.Process)))+`}` {
			continue
		}
		expected[name] = canonical(t, value)
	}
	found := map[string]string{}
	for name, value := range got {
		found[name] = canonical(t, value)
	}
	if diff := cmp.Diff(expected, found); diff != "" {
		t.Errorf("%s[%s] %q, event %s: fields (-want +got):\n%s", l.Source, l.Process, l.Message, object, diff)
	}
}

// members counts the members of an object.
func members(t *testing.T, object string) int {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(object))
	_, err := d.Token()
	n := 0
	for ; err == nil && d.More(); n++ {
		var value json.RawMessage
		if _, err = d.Token(); err == nil {
			err = d.Decode(&value)
		}
	}
	if err != nil {
		t.Fatalf("%v: %s", err, object)
	}
	return n
}
