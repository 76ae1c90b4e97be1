package storage

// textFormat writes lines as `heroku logs` prints them behind the time: "app[web.1]: message".
type textFormat struct{}

func (textFormat) append(dst []byte, e *entry) []byte {
	dst = append(dst, e.source...)
	dst = append(dst, '[')
	dst = append(dst, e.process...)
	dst = append(dst, "]: "...)
	if e.continued {
		dst = append(dst, "[continued] "...)
	}
	dst = append(dst, e.message...)
	switch {
	case e.malformed:
	case e.noTime:
		dst = append(dst, " [no readable time]"...)
	case e.moved:
		dst = append(dst, " [original time "...)
		dst = append(dst, e.timeText...)
		dst = append(dst, ']')
	}
	return dst
}

func (textFormat) width(byte) int { return 1 }
