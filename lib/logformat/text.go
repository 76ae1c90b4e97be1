package logformat

// The marks of the text format.
const (
	continuedMark = "[continued] "
	noTimeMark    = " [no readable time]"
	movedMark     = " [original time " // the time and "]" follow
)

// Text returns the text format.
func Text() Format { return textFormat{} }

// textFormat writes lines as `heroku logs` prints them after the time: "app[web.1]: message".
type textFormat struct{}

func (textFormat) Append(dst []byte, l *Line) []byte {
	dst = append(dst, l.Source...)
	dst = append(dst, '[')
	dst = append(dst, l.Process...)
	dst = append(dst, "]: "...)
	if l.Continued {
		dst = append(dst, continuedMark...)
	}
	dst = append(dst, l.Message...)
	switch {
	case l.Malformed:
	case l.NoTime:
		dst = append(dst, noTimeMark...)
	case l.Moved:
		dst = append(dst, movedMark...)
		dst = append(dst, l.OriginalTime...)
		dst = append(dst, ']')
	}
	return dst
}

func (textFormat) width(byte) int { return 1 }
