package logplex

import "bytes"

const (
	// A count of more digits than this is absurd: API Gateway takes bodies of up to 10 MB.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
	maxCountDigits = 8
	// RFC 5424 gives PRI three digits. More are let through, so that an odd PRI costs no frame.
	maxPriorityDigits = 10
)

// count reads a frame's byte count and the space behind it: where the message begins, and its length. It is false for anything that no
// sender would write: a leading zero (so zero, too), a sign, more digits than a body can hold bytes.
func count(body []byte, at int) (message, length int, ok bool) {
	i := at
	for ; i < len(body) && i-at < maxCountDigits && isDigit(body[i]); i++ {
		length = length*10 + int(body[i]-'0')
	}
	if i == at || body[at] == '0' || i == len(body) || body[i] != ' ' {
		return 0, 0, false
	}
	return i + 1, length, true
}

// opening is the length of the "<PRI>1 " that every message of Logplex begins with, or 0.
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

// headed reports whether a frame's header, "<count> <PRI>1 ", stands at the position.
func headed(body []byte, at int) bool {
	message, _, ok := count(body, at)
	return ok && opening(body[message:]) > 0
}

// completeHeader is the end of a header whose count ends in front of the space at the position, including the time and the space behind it:
// "<count> <PRI>1 2012-11-30T06:45:29+00:00 ". It is 0 when there is none. That much does not turn up by chance.
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

// findHeader is the position of the next space, at or after from, that stands between the count and the PRI of a complete header; or beyond
// the body's end.
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
