package storage

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// fields are what a line says in a form of its own: names, and values as JSON. Their memory serves one line after the other.
type fields struct {
	values map[string]json.RawMessage
	names  []string
	quoted []byte // values that are strings
}

var addonPrefix = []byte("heroku-")

// read takes the fields from a line. Only what Heroku itself wrote is read as Heroku's: what a dyno prints can look like anything.
// Of a line that cannot be read to its end, the fields before that place are taken.
func (f *fields) read(e *entry) {
	clear(f.values)
	f.quoted = f.quoted[:0]
	heroku := bytes.Equal(e.source, herokuSource)
	switch {
	case heroku && string(e.process) == "router":
		f.readRouter(e.message)
	case heroku, bytes.HasPrefix(e.process, addonPrefix):
		f.readSamples(e.message)
	default:
		f.readObject(e.message)
	}
	if heroku || string(e.process) == "log-shuttle" {
		if code := errorCode(e.message); code != nil {
			f.addString([]byte("code"), code)
		}
	}
}

// append writes the fields as the rest of an object, by name. Those whose name is one of the format's own go into the object "data".
func (f *fields) append(dst []byte) []byte {
	f.names = slices.AppendSeq(f.names[:0], maps.Keys(f.values))
	slices.Sort(f.names)
	for _, name := range f.names {
		if !isOwn(name) {
			dst = f.appendOne(append(dst, ','), name)
		}
	}
	opened := false
	for _, name := range f.names {
		switch {
		case !isOwn(name):
			continue
		case !opened:
			dst, opened = append(dst, `,"data":{`...), true
		default:
			dst = append(dst, ',')
		}
		dst = f.appendOne(dst, name)
	}
	if opened {
		dst = append(dst, '}')
	}
	return dst
}

func (f *fields) appendOne(dst []byte, name string) []byte {
	dst = append(appendString(dst, name), ':')
	return append(dst, f.values[name]...)
}

// readObject takes the members of a line that is a JSON object.
func (f *fields) readObject(message []byte) {
	message = bytes.TrimSpace(message)
	if !bytes.HasPrefix(message, []byte("{")) || !bytes.HasSuffix(message, []byte("}")) {
		return
	}
	_ = json.Unmarshal(message, &f.values) // checks all of the syntax first: what is no JSON after all has no fields
}

// add keeps the first value of a name: Heroku writes its own words before those that a request brings in.
func (f *fields) add(name []byte, value json.RawMessage) {
	if _, again := f.values[string(name)]; !again {
		f.values[string(name)] = value
	}
}

func (f *fields) addString(name, value []byte) {
	start := len(f.quoted)
	f.quoted = appendString(f.quoted, value)
	f.add(name, json.RawMessage(f.quoted[start:]))
}

// addNumber adds a number without its unit. A value that is no number, or goes on with more than a unit, is added as a string.
func (f *fields) addNumber(name, value []byte) {
	number := bytes.TrimRight(value, units)
	if len(number) == 0 || !isDigit(number[len(number)-1]) || !json.Valid(number) {
		f.addString(name, value)
		return
	}
	f.add(name, json.RawMessage(number))
}

// units are what units of measurement are written with.
const units = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ%"

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
