package logformat

import "bytes"

// readRouter reads the fields of a router line: at=info method=GET path="/" … connect=1ms service=5ms status=200 bytes=1234.
// https://devcenter.heroku.com/articles/http-routing#heroku-router-log-format
func (f *fields) readRouter(message []byte) {
	Pairs(message, func(name, value []byte) {
		switch string(name) {
		case "connect", "service", "status", "bytes": // connect and service are in milliseconds
			f.addNumber(name, value)
		case "tls":
			if string(value) == "true" || string(value) == "false" {
				f.addLiteral(name, value)
			}
		default:
			f.addString(name, value)
		}
	})
}

var (
	samplesPrefix = []byte("source=")
	samplePrefix  = []byte("sample#")
	errorPrefix   = []byte("Error ")
)

// readSamples reads the fields of a line of metrics: source=web.1 dyno=… sample#memory_total=384.00MB. Each number is in the unit that
// Heroku writes after it, which is always the same for one name.
// https://devcenter.heroku.com/articles/log-runtime-metrics https://devcenter.heroku.com/articles/heroku-postgres-metrics-logs
func (f *fields) readSamples(message []byte) {
	Pairs(message, func(name, value []byte) {
		sample, isSample := bytes.CutPrefix(name, samplePrefix)
		switch {
		case isSample:
			f.addNumber(sample, value)
		case f.source == nil && bytes.Equal(name, sourceName):
			f.source = value
			f.addString(name, value)
		default:
			f.addString(name, value)
		}
	})
}

// Samples calls add for the figures of a line of metrics: their names without "sample#", and their values with a unit: "memory_total" and
// "384.00MB". It returns the dyno or data store that they are of, such as "web.1" or "DATABASE", which is empty if the message is not a line of
// metrics. Anybody can print that: see Line.Writer.
func Samples(message []byte, add func(name, value []byte)) (subject []byte) {
	if !bytes.HasPrefix(message, samplesPrefix) {
		return nil
	}
	Pairs(message, func(name, value []byte) {
		if sample, ok := bytes.CutPrefix(name, samplePrefix); ok {
			add(sample, value)
		} else if subject == nil && string(name) == "source" {
			subject = value
		}
	})
	return subject
}

// ErrorCode returns the code of a message such as "Error R14 (Memory quota exceeded)" or "Error L12: 222 messages dropped since …"; nil for
// other messages. Anybody can print that: see Line.Writer.
// https://devcenter.heroku.com/articles/error-codes
func ErrorCode(message []byte) []byte {
	text, found := bytes.CutPrefix(message, errorPrefix)
	if !found || len(text) < 4 || text[0] < 'A' || 'Z' < text[0] || !isDigit(text[1]) || !isDigit(text[2]) || text[3] != ' ' && text[3] != ':' {
		return nil
	}
	return text[:3]
}
