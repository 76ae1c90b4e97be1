package logformat

import "heroku-drains/lib/strictjson"

import "bytes"

// fields are the structured data of a line, as members of an object. The memory is reused from line to line.
type fields struct {
	members []byte // each with a comma before it
	own     []byte // in the same form, those whose names are the format's own
	owns    int    // how many those are
	source  []byte // that of a line of metrics
	whole   bool   // rebuild makes the line's text of the fields
	names   names
	text    builder
	object  object
}

// kind says how the text of a line is read.
type kind int

const (
	objects  kind = iota // a JSON object, or plain text
	requests             // pairs of the router
	metrics              // samples of dynos and data stores
)

var (
	herokuSource  = []byte("heroku")
	routerProcess = []byte("router")
	addonPrefix   = []byte("heroku-")
	nilValue      = []byte("- ") // can be log-shuttle's STRUCTURED-DATA in front of the text: see logplex.Line
	codeName      = []byte("code")
	sourceName    = []byte("source")
)

// kind returns how the line's text is read. Only lines that Heroku wrote are read as Heroku's, because a dyno can print anything.
func (l *Line) kind() kind {
	heroku := bytes.Equal(l.Source, herokuSource)
	switch {
	case heroku && bytes.Equal(l.Process, routerProcess):
		return requests
	case heroku, bytes.HasPrefix(l.Process, addonPrefix):
		return metrics
	}
	return objects
}

// read reads the fields of a line.
func (f *fields) read(l *Line) {
	f.members, f.own, f.owns, f.source, f.whole = f.members[:0], f.own[:0], 0, nil, false
	if l.bare || l.Malformed {
		return
	}
	kind := l.kind()
	message := bytes.TrimPrefix(l.Message, nilValue)
	f.names.clear()
	f.text.begin(kind)
	switch {
	case kind == requests:
		f.readRouter(message)
		f.whole = len(f.members) > 0 && f.owns == 0 && bytes.Equal(f.text.text, l.Message)
	case kind == objects:
		f.whole = f.readObject(message) && len(message) == len(l.Message)
	case bytes.HasPrefix(message, samplesPrefix):
		f.readSamples(message)
		f.whole = len(f.members) > 0 && f.owns == 1 && bytes.Equal(f.text.text, l.Message)
	}
	if kind != objects || bytes.Equal(l.Process, shuttleProcess) {
		if code := ErrorCode(message); code != nil {
			f.addString(codeName, code)
			f.whole = false
		}
	}
}

// append appends the fields as the remaining members of an object.
func (f *fields) append(dst []byte) []byte {
	dst = append(dst, f.members...)
	if len(f.own) > 0 {
		dst = append(append(dst, `,"data":{`...), f.own[1:]...)
		dst = append(dst, '}')
	}
	return dst
}

// appendWhole appends the fields that rebuild needs, if the line's text is left out.
func (f *fields) appendWhole(dst []byte, l *Line) []byte {
	if f.source != nil && bytes.Equal(f.source, l.Process) {
		return append(dst, f.members...) // the source is the only one with a name of the format's
	}
	return f.append(dst)
}

// addString adds a text. Only the first value of a name counts: Heroku writes its own pairs before those that a request can influence.
func (f *fields) addString(name, value []byte) {
	if dst := f.begin(name); dst != nil {
		*dst = strictjson.AppendString(*dst, value)
		f.text.pair(name, value, isText)
	}
}

// addLiteral adds a number or a boolean, which is JSON as it is.
func (f *fields) addLiteral(name, value []byte) {
	if dst := f.begin(name); dst != nil {
		*dst = append(*dst, value...)
		f.text.pair(name, value, isLiteral)
	}
}

// addNumber adds a number without its unit. A value that is not a number, or has more than a unit after it, is added as a text.
func (f *fields) addNumber(name, value []byte) {
	if number := withoutUnit(value); isNumber(number) {
		f.addLiteral(name, number)
		return
	}
	f.addString(name, value)
}

// begin appends a name to the members that it belongs to, and returns these; nil if it is there already.
func (f *fields) begin(name []byte) *[]byte {
	if !f.names.add(name) {
		return nil
	}
	dst := &f.members
	if isOwn(name) {
		dst = &f.own
		f.owns++
	}
	*dst = append(strictjson.AppendString(append(*dst, ','), name), ':')
	return dst
}

// names are different names. The memory of a few is a list, which is faster than a map.
type names struct {
	list [][]byte
	more map[string]struct{} // those after the list
}

// listed is how many names the list has at most. Lines with more are rare.
const listed = 40

func (n *names) clear() { n.list, n.more = n.list[:0], nil }

// add reports whether the name is new.
func (n *names) add(name []byte) bool {
	for _, known := range n.list {
		if string(known) == string(name) {
			return false
		}
	}
	if len(n.list) < listed {
		n.list = append(n.list, name)
		return true
	}
	if _, known := n.more[string(name)]; known {
		return false
	}
	if n.more == nil {
		n.more = map[string]struct{}{}
	}
	n.more[string(name)] = struct{}{}
	return true
}
