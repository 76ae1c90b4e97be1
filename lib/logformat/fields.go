package logformat

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// fields are the structured data of a line: names, and values as JSON. The memory is reused from line to line.
type fields struct {
	values map[string]json.RawMessage
	names  []string
	quoted []byte // values that are strings
}

var (
	herokuSource = []byte("heroku")
	addonPrefix  = []byte("heroku-")
	nilValue     = []byte("- ") // can be log-shuttle's STRUCTURED-DATA in front of the text: see logplex.Line
)

// usualFields is more than a usual line has.
const usualFields = 1000

// read reads the fields of a line. Only lines that Heroku wrote are read as Heroku's, because a dyno can print anything.
func (f *fields) read(l *Line) {
	if len(f.values) > usualFields { // a map never shrinks, and clearing it takes as long as it is large, with each line
		f.values = make(map[string]json.RawMessage)
	}
	clear(f.values)
	f.quoted = f.quoted[:0]
	message := bytes.TrimPrefix(l.Message, nilValue)
	heroku := bytes.Equal(l.Source, herokuSource)
	switch {
	case heroku && string(l.Process) == "router":
		f.readRouter(message)
	case heroku, bytes.HasPrefix(l.Process, addonPrefix):
		f.readSamples(message)
	default:
		f.readObject(message)
	}
	if heroku || string(l.Process) == "log-shuttle" {
		if code := ErrorCode(message); code != nil {
			f.addString([]byte("code"), code)
		}
	}
}

// append appends the fields as the remaining members of an object, sorted by name. Those with one of the format's own names go into the
// object "data".
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

// readObject reads the members of a line that is a JSON object.
func (f *fields) readObject(message []byte) {
	message = bytes.TrimSpace(message)
	if !bytes.HasPrefix(message, []byte("{")) || !bytes.HasSuffix(message, []byte("}")) {
		return
	}
	_ = json.Unmarshal(message, &f.values) // it checks the syntax first, so a line that is not JSON leaves no fields
}

// add keeps the first value of a name: Heroku writes its own pairs before those that a request can influence.
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

// addNumber adds a number without its unit. A value that is not a number, or has more than a unit after it, is added as a string.
func (f *fields) addNumber(name, value []byte) {
	number := withoutUnit(value)
	if len(number) == 0 || !isDigit(number[len(number)-1]) || !json.Valid(number) || !isFloat(number) {
		f.addString(name, value)
		return
	}
	f.add(name, json.RawMessage(number))
}

// isFloat reports whether a JSON number is in the range of a float64, as what reads events expects.
func isFloat(number []byte) bool {
	const surely = 300 // digits; the largest float64 has 309
	if len(number) <= surely && bytes.IndexByte(number, 'e') < 0 && bytes.IndexByte(number, 'E') < 0 {
		return true // the usual case, without an allocation
	}
	_, err := strconv.ParseFloat(string(number), 64)
	return err == nil
}

// withoutUnit returns a value without the letters or percent signs that it ends in.
func withoutUnit(value []byte) []byte {
	end := len(value)
	for end > 0 && (isLetter(value[end-1]) || value[end-1] == '%') {
		end--
	}
	return value[:end]
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
