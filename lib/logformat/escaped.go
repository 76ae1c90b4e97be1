package logformat

import (
	"strconv"
	"time"
)

var escapedProcess = []byte("escaped")

// Escaped returns a line for the text of a log event that CloudWatch Logs refused. Its message is the text, quoted with Go's escapes in printable
// ASCII; strconv.Unquote returns the text. The time is in nanoseconds since 1970.
func Escaped(text []byte, nanoseconds int64) Line {
	return Line{
		Time: time.Unix(0, nanoseconds), Source: ownSource, Process: escapedProcess, Message: strconv.AppendQuoteToASCII(nil, string(text)), bare: true,
	}
}
