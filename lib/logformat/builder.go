package logformat

import "heroku-drains/lib/strictjson"

// builder makes the text of a line of Heroku's of its pairs, as Heroku writes them. What it makes of a line's fields is compared with the line
// when it is stored, so it need not know every form: a line that Heroku writes in another one is stored with its text.
type builder struct {
	kind kind
	text []byte
	next int // the figure that comes next in a line of the router; notYet before them
}

// notYet is before the pair that precedes the figures.
const notYet = -1

// figures are the pairs of a router line, from the first that may be without a value to the last: dyno= connect= service= status=503 bytes=.
// https://devcenter.heroku.com/articles/http-routing#heroku-router-log-format
var figures = [...]string{"dyno", "connect", "service", "status", "bytes"}

func (b *builder) begin(kind kind) { b.kind, b.text, b.next = kind, b.text[:0], notYet }

// form is what a value is in JSON.
type form int

const (
	isText    form = iota
	isLiteral      // a number without its unit, or a boolean
)

// pair appends a pair.
func (b *builder) pair(name, value []byte, of form) {
	switch b.kind {
	case requests:
		b.request(name, value, of)
	case metrics:
		b.sample(name, value, of)
	case objects:
	}
}

func (b *builder) sample(name, value []byte, of form) {
	if of == isText {
		b.append(name, value)
		return
	}
	b.space()
	b.text = append(b.text, samplePrefix...)
	b.text = append(append(b.text, name...), '=')
	b.text = append(append(b.text, value...), unit(name)...)
}

func (b *builder) request(name, value []byte, of form) {
	b.skipTo(name)
	switch string(name) {
	case "path", "desc", "fwd":
		b.space()
		b.text = strictjson.AppendString(append(append(b.text, name...), '='), value)
	case "connect", "service":
		if b.append(name, value); of == isLiteral {
			b.text = append(b.text, "ms"...)
		}
	default:
		b.append(name, value)
	}
	if string(name) == "fwd" {
		b.next = 0
	}
}

// skipTo appends the figures before this pair: they have no value.
func (b *builder) skipTo(name []byte) {
	if b.next == notYet {
		return
	}
	for b.next < len(figures) {
		figure := figures[b.next]
		b.next++
		if string(name) == figure {
			return
		}
		b.space()
		b.text = append(append(b.text, figure...), '=')
	}
}

func (b *builder) append(name, value []byte) {
	b.space()
	b.text = append(append(b.text, name...), '=')
	b.text = append(b.text, value...)
}

func (b *builder) space() {
	if len(b.text) > 0 {
		b.text = append(b.text, ' ')
	}
}

// unit returns the unit that Heroku writes after a sample. It is always the same for one name.
// https://devcenter.heroku.com/articles/log-runtime-metrics https://devcenter.heroku.com/articles/heroku-postgres-metrics-logs
// https://devcenter.heroku.com/articles/heroku-redis-metrics-logs
func unit(name []byte) string {
	switch string(name) {
	case "memory_total", "memory_rss", "memory_cache", "memory_swap", "memory_quota":
		return "MB"
	case "memory_pgpgin", "memory_pgpgout":
		return "pages"
	case "db_size", "memory-redis":
		return "bytes"
	case "memory-total", "memory-free", "memory-cached", "memory-postgres":
		return "kB"
	}
	return ""
}

// rebuild returns the text of a line of the JSON format that is stored without it, from the text of its event and its fields in there, which are
// at least one.
func rebuild(l *Line, event []byte, fields []member) []byte {
	kind := l.kind()
	if kind == objects {
		return rebuildObject(event, fields)
	}
	var b builder
	b.text = make([]byte, 0, len(event)+len(event)/2) // the names of samples are longer
	b.begin(kind)
	if kind == metrics {
		b.pair(sourceName, sourceOf(l, event, fields), isText)
	}
	for _, m := range fields {
		name, value := unquoted(m.name(event)), m.value(event)
		switch {
		case string(name) == dataName:
		case value[0] == '"':
			b.pair(name, unquoted(value), isText)
		default:
			b.pair(name, value, isLiteral)
		}
	}
	return b.text
}

// sourceOf returns the source in a line of metrics, which is its process unless the event says otherwise.
func sourceOf(l *Line, event []byte, fields []member) []byte {
	var data object
	for _, m := range fields {
		if string(unquoted(m.name(event))) != dataName || !data.read(m.value(event)) || len(data.members) != 1 {
			continue
		}
		if source := data.members[0].value(data.text); source[0] == '"' {
			return unquoted(source)
		}
	}
	return l.Process
}
