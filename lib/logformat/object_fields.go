package logformat

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// dataName is the name of the member that has those fields whose names are the format's own.
const dataName = "data"

// readObject reads the members of a line that is a JSON object, and reports whether rebuild makes the object of them.
//
// The members are copied as they are written, with their white space and in their order. Those whose names are the format's own go into the
// object "data", where the first of them is; if others are between them, at the end, and then the object cannot be rebuilt.
func (f *fields) readObject(message []byte) (whole bool) {
	trimmed := bytes.TrimSpace(message)
	if !bytes.HasPrefix(trimmed, []byte("{")) || !bytes.HasSuffix(trimmed, []byte("}")) || !f.object.read(trimmed) || len(f.object.members) == 0 {
		return false
	}
	if f.object.escaped || !f.distinct() {
		f.readRepeated(trimmed)
		return false
	}
	first, last, together := f.ownMembers()
	if !together {
		f.readApart()
		return false
	}
	text := trimmed[1 : len(trimmed)-1]
	f.members = append(f.members, ',')
	if first < 0 {
		f.members = append(f.members, text...)
		return len(trimmed) == len(message)
	}
	start, end := f.piece(first, last)
	f.members = append(f.members, text[:start]...)
	f.members = append(f.members, `"data":{`...)
	f.members = append(append(f.members, text[start:end]...), '}')
	f.members = append(f.members, text[end:]...)
	return len(trimmed) == len(message)
}

// piece returns where the text of some of the object's members begins and ends, between the commas around them, counted from behind its brace.
func (f *fields) piece(first, last int) (start, end int) {
	text := f.object.text[1 : len(f.object.text)-1]
	members := f.object.members
	if first > 0 {
		at := members[first-1].valueEnd - 1
		start = at + bytes.IndexByte(text[at:], ',') + 1
	}
	end = len(text)
	if last+1 < len(members) {
		at := members[last].valueEnd - 1
		end = at + bytes.IndexByte(text[at:], ',')
	}
	return start, end
}

// distinct reports whether all names are different. None has an escape.
func (f *fields) distinct() bool {
	for _, m := range f.object.members {
		if !f.names.add(m.name(f.object.text)) {
			return false
		}
	}
	return true
}

// ownMembers returns the first and the last member whose name is the format's own, and whether no other is between them; -1 without any.
func (f *fields) ownMembers() (first, last int, together bool) {
	first, last = -1, -1
	for i, m := range f.object.members {
		name := m.name(f.object.text)
		if !isOwn(name[1 : len(name)-1]) {
			continue
		}
		if first < 0 {
			first = i
		} else if last+1 != i {
			return 0, 0, false
		}
		last = i
	}
	return first, last, true
}

// readApart reads an object whose members with names of the format's are not next to each other.
func (f *fields) readApart() {
	for _, m := range f.object.members {
		name := m.name(f.object.text)
		dst := &f.members
		if isOwn(name[1 : len(name)-1]) {
			dst = &f.own
		}
		*dst = append(append(append(*dst, ','), name...), ':')
		*dst = append(*dst, m.value(f.object.text)...)
	}
}

// readRepeated reads an object that has a name twice, of which the last value counts, or names with escapes, which may be the same.
func (f *fields) readRepeated(text []byte) {
	var values map[string]json.RawMessage
	if json.Unmarshal(text, &values) != nil {
		return // cannot happen: it is an object
	}
	f.names.clear()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f.addLiteral([]byte(name), values[name])
	}
}

// rebuildObject returns the object that a dyno printed.
func rebuildObject(event []byte, fields []member) []byte {
	start := bytes.LastIndexByte(event[:fields[0].start], ',') + 1 // there can be white space between the comma and the name
	text := append(make([]byte, 0, len(event)-start+1), '{')
	for _, m := range fields {
		value := m.value(event)
		if string(m.name(event)) != `"`+dataName+`"` || value[0] != '{' {
			continue
		}
		text = append(text, event[start:m.start]...)
		text = append(text, value[1:len(value)-1]...)
		return append(text, event[m.valueEnd:]...)
	}
	return append(text, event[start:]...)
}
