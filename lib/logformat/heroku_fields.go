package logformat

import (
	"bytes"
	"encoding/json"
	"regexp"
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
