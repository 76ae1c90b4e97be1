package logformat

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"

	"github.com/go-logfmt/logfmt"
)

// readRouter reads the fields of a router line: at=info method=GET path="/" … connect=1ms service=5ms status=200 bytes=1234.
// https://devcenter.heroku.com/articles/http-routing#heroku-router-log-format
func (f *fields) readRouter(message []byte) {
	pairs(message, func(name, value []byte) {
		switch string(name) {
		case "connect", "service", "status", "bytes": // connect and service are in milliseconds
			f.addNumber(name, value)
		case "tls":
			if string(value) == "true" || string(value) == "false" {
				f.add(name, json.RawMessage(value))
			}
		default:
			f.addString(name, value)
		}
	})
}

var (
	samplesPrefix = []byte("source=")
	samplePrefix  = []byte("sample#")
)

// readSamples reads the fields of a line of metrics: source=web.1 dyno=… sample#memory_total=384.00MB. Each number is in the unit that
// Heroku writes after it, which is always the same for one name.
// https://devcenter.heroku.com/articles/log-runtime-metrics https://devcenter.heroku.com/articles/heroku-postgres-metrics-logs
func (f *fields) readSamples(message []byte) {
	if !bytes.HasPrefix(message, samplesPrefix) {
		return
	}
	pairs(message, func(name, value []byte) {
		if sample, ok := bytes.CutPrefix(name, samplePrefix); ok {
			f.addNumber(sample, value)
			return
		}
		f.addString(name, value)
	})
}

var errorLine = regexp.MustCompile(`^Error ([A-Z][0-9]{2})[ :]`)

// errorCode returns the code of a line such as "Error R14 (Memory quota exceeded)" or "Error L12: 222 messages dropped since …"; nil for
// other lines.
// https://devcenter.heroku.com/articles/error-codes
func errorCode(message []byte) []byte {
	if m := errorLine.FindSubmatch(message); m != nil {
		return m[1]
	}
	return nil
}

// maxBarePairs limits how many pairs that stop the library are read in spite of that. Heroku's lines have one or two. Each makes the
// library start again, which would take quadratic time for a line of nothing else.
const maxBarePairs = 8

// pairs calls add for the logfmt pairs of a line whose value is not empty, up to the first text that is not a pair.
func pairs(message []byte, add func(name, value []byte)) {
	message, _, _ = bytes.Cut(message, []byte("\n"))
	more := true
	for n := 0; more && n <= maxBarePairs; n++ {
		d := logfmt.NewDecoderSize(bytes.NewReader(message), len(message)+1)
		d.ScanRecord()
		for d.ScanKeyval() {
			if len(d.Value()) > 0 {
				add(d.Key(), d.Value())
			}
		}
		bad, ok := errors.AsType[*logfmt.SyntaxError](d.Err())
		if !ok {
			return
		}
		message, more = barePair(message, bad.Pos-1, add)
	}
}

// barePair adds the pair at which the library stopped because its value contains an equals sign or a quote but is not quoted, such as
// path=/search?q=a. It returns the rest of the line after that pair, or false if the library stopped for another reason.
func barePair(message []byte, stop int, add func(name, value []byte)) (rest []byte, ok bool) {
	if stop >= len(message) || message[stop] != '=' && message[stop] != '"' {
		return nil, false
	}
	start := bytes.LastIndexByte(message[:stop], ' ') + 1
	pair, rest, _ := bytes.Cut(message[start:], []byte(" "))
	name, value, _ := bytes.Cut(pair, []byte("="))
	if len(name) == 0 || start+len(name) >= stop {
		return nil, false
	}
	add(name, value)
	return rest, true
}
