package logplex

import "bytes"

const (
	// A count with more digits than this is invalid: API Gateway accepts bodies of up to 10 MB.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
	maxCountDigits = 8
	// RFC 5424 limits PRI to three digits. More are accepted, so that an odd PRI does not make the frame malformed.
	maxPriorityDigits = 10
)

// readCount reads the byte count of a frame and the space after it. It returns the position where the message starts, and its length. It
// returns false for anything that a sender would not write: a leading zero (and so zero itself), a sign, or more digits than any body's length
// has.
func readCount(body []byte, at int) (message, length int, ok bool) {
	i := at
	for ; i < len(body) && i-at < maxCountDigits && isDigit(body[i]); i++ {
		length = length*10 + int(body[i]-'0')
	}
	if i == at || body[at] == '0' || i == len(body) || body[i] != ' ' {
		return 0, 0, false
	}
	return i + 1, length, true
}

// opening returns the length of the "<PRI>1 " at the start of message, as every message of Logplex has one, or 0.
func opening(message []byte) int {
	if len(message) == 0 || message[0] != '<' {
		return 0
	}
	i := 1
	for i < len(message) && i <= maxPriorityDigits && isDigit(message[i]) {
		i++
	}
	if i == 1 || !bytes.HasPrefix(message[i:], []byte(">1 ")) {
		return 0
	}
	return i + len(">1 ")
}

// headerAt reports whether the header of a frame, "<count> <PRI>1 ", starts at the position.
func headerAt(body []byte, at int) bool {
	message, _, ok := readCount(body, at)
	return ok && opening(body[message:]) > 0
}

// completeHeader returns the end of the complete header whose count ends before the given space, or 0 if there is no such header. A complete
// header includes the time and the space after it, "<count> <PRI>1 2012-11-30T06:45:29+00:00 ", which does not occur by chance.
func completeHeader(body []byte, space int) int {
	if space == 0 || !isDigit(body[space-1]) || body[space] != ' ' {
		return 0
	}
	n := opening(body[space+1:])
	if n == 0 {
		return 0
	}
	text := body[space+1+n:]
	end := bytes.IndexByte(text, ' ')
	if end < 0 || !timeShaped(text[:end]) {
		return 0
	}
	return space + 1 + n + end + 1
}

// findHeader returns the position of the next space, at or after from, between the count and the PRI of a complete header. Without one, it
// returns a position beyond the end of the body.
func findHeader(body []byte, from int) int {
	for from < len(body) {
		i := bytes.IndexByte(body[from+1:], '<')
		if i < 0 {
			break
		}
		if completeHeader(body, from+i) > 0 {
			return from + i
		}
		from += i + 1
	}
	return len(body) + 1
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
