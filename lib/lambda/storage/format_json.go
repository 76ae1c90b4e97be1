package storage

// jsonTime is RFC 3339 with microseconds, the precision that dynos' lines have.
const jsonTime = "2006-01-02T15:04:05.000000Z07:00"

// jsonFormat writes lines as JSON objects; the package's page says what they hold.
type jsonFormat struct {
	app    string
	fields fields
}

func (f *jsonFormat) append(dst []byte, e *entry) []byte {
	dst = append(dst, `{"time":"`...)
	dst = e.time.UTC().AppendFormat(dst, jsonTime)
	dst = append(dst, `","app":`...)
	dst = appendString(dst, f.app)
	dst = append(dst, `,"source":`...)
	dst = appendString(dst, e.source)
	dst = append(dst, `,"process":`...)
	dst = appendString(dst, e.process)
	if e.severity != "" {
		dst = append(dst, `,"severity":`...)
		dst = appendString(dst, e.severity)
	}
	if (e.noTime || e.moved) && !e.malformed {
		dst = append(dst, `,"original_time":`...)
		dst = appendString(dst, e.timeText)
	}
	if e.malformed {
		dst = append(dst, `,"malformed":true`...)
	}
	if e.continued {
		dst = append(dst, `,"continued":true`...)
	}
	dst = append(dst, `,"message":`...)
	dst = appendString(dst, e.message)
	if !e.plain && !e.malformed {
		f.fields.read(e)
		dst = f.fields.append(dst)
	}
	return append(dst, '}')
}

func (*jsonFormat) width(c byte) int { return stringWidth(c) }

// isOwn reports whether a name is one of the format's own, which no field of a line may take.
func isOwn(name string) bool {
	switch name {
	case "time", "app", "source", "process", "severity", "original_time", "malformed", "continued", "message", "data":
		return true
	}
	return false
}
