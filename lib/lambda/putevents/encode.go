package putevents

import (
	"encoding/binary"
	"strconv"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// The JSON of an event, without its message and its time of 13 digits, and of the rest of a call, without the names.
const (
	eventBytes = len(`{"message":"","timestamp":1234567890123},`)
	callBytes  = len(`{"logEvents":[],"logGroupName":"","logStreamName":""}`)
)

// encode returns the input as JSON.
func encode(in *cloudwatchlogs.PutLogEventsInput) []byte {
	size := callBytes
	for i := range in.LogEvents {
		size += eventBytes
		if message := in.LogEvents[i].Message; message != nil {
			size += len(*message)
		}
	}
	size += size / 8 // for the escapes of messages that are JSON themselves
	dst := append(make([]byte, 0, size), '{')
	if in.LogEvents != nil {
		dst = append(dst, `"logEvents":[`...)
		for i := range in.LogEvents {
			if i > 0 {
				dst = append(dst, ',')
			}
			event := &in.LogEvents[i]
			dst = append(dst, '{')
			if event.Message != nil {
				dst = append(dst, `"message":`...)
				dst = appendString(dst, *event.Message)
			}
			if event.Timestamp != nil {
				if event.Message != nil {
					dst = append(dst, ',')
				}
				dst = append(dst, `"timestamp":`...)
				dst = strconv.AppendInt(dst, *event.Timestamp, 10)
			}
			dst = append(dst, '}')
		}
		dst = append(dst, ']')
	}
	for _, member := range []struct {
		name  string
		value *string
	}{{`"logGroupName":`, in.LogGroupName}, {`"logStreamName":`, in.LogStreamName}} {
		if member.value == nil {
			continue
		}
		if len(dst) > 1 {
			dst = append(dst, ',')
		}
		dst = append(dst, member.name...)
		dst = appendString(dst, *member.value)
	}
	return append(dst, '}')
}

const hexDigits = "0123456789abcdef"

// appendString appends a text as a JSON string, with the escapes of the SDK's encoder.
func appendString(dst []byte, text string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := plain(text, 0); i < len(text); i = plain(text, i) {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			switch {
			case r == utf8.RuneError && size == 1:
				dst = append(append(dst, text[start:i]...), "\ufffd"...)
				start = i + size
			case r == '\u2028', r == '\u2029': // newlines in JavaScript
				dst = append(append(dst, text[start:i]...), '\\', 'u', '2', '0', '2', hexDigits[r&0xf])
				start = i + size
			}
			i += size
			continue
		}
		dst = append(dst, text[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
		}
		i++
		start = i
	}
	return append(append(dst, text[start:]...), '"')
}

// Masks for the bytes of a word. See https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// plain returns the index of the first byte at or after i that is not copied as it is, or the length of the text. It looks at eight bytes at a time.
func plain(text string, i int) int {
	for ; i+8 <= len(text); i += 8 {
		w := binary.LittleEndian.Uint64([]byte(text[i : i+8]))
		quote, backslash, del := w^(ones*'"'), w^(ones*'\\'), w^(ones*0x7f)
		// The high bit of a byte is set if the byte is 0x80 or above, below 0x20, or one of the three. A borrow may set it too early in a higher byte,
		// which the loop below finds out.
		if (w|(w-ones*0x20)|(quote-ones)|(backslash-ones)|(del-ones))&highs != 0 {
			break
		}
	}
	for ; i < len(text); i++ {
		if c := text[i]; c >= utf8.RuneSelf || c < 0x20 || c == '"' || c == '\\' || c == 0x7f {
			return i
		}
	}
	return i
}
