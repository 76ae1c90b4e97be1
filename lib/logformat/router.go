package logformat

import (
	"bytes"
	"strconv"
)

// Router are fields of a router line. Their memory is the line's. A field without a value is empty.
// https://devcenter.heroku.com/articles/http-routing#heroku-router-log-format
type Router struct {
	Code    []byte // H12
	Method  []byte
	Path    []byte // with its query
	Dyno    []byte
	Service []byte // 18ms
	Status  []byte
}

// ReadRouter reads the message of a router line. A client chooses the path and the headers of a request, so a field counts only where no text of
// a client can be: the code before the method and the path, and the figures at the end of the line.
func ReadRouter(message []byte) Router {
	r := ReadResponse(message)
	r.Code = RouterCode(message)
	line, _, _ := bytes.Cut(message, []byte("\n"))
	s := pairScanner{line: line}
	for s.next() {
		switch string(s.name) {
		case "method":
			r.Method = s.value
		case "path":
			r.Path = s.value
			return r
		}
	}
	return r
}

// RouterCode reads only the code of a router line; nil if it has none.
func RouterCode(message []byte) []byte {
	for {
		word, rest, found := bytes.Cut(message, []byte(" "))
		switch {
		case bytes.HasPrefix(word, []byte("code=")):
			return word[len("code="):]
		case !found, bytes.HasPrefix(word, []byte("method=")), bytes.HasPrefix(word, []byte("path=")):
			return nil
		}
		message = rest
	}
}

// ReadResponse reads only the figures at the end of a router line: Dyno, Service and Status.
func ReadResponse(message []byte) Router {
	var r Router
	for end := len(message); end > 0; {
		start := bytes.LastIndexByte(message[:end], ' ') + 1
		word := message[start:end]
		end = start - 1
		switch {
		case bytes.HasPrefix(word, []byte("status=")):
			if r.Status == nil {
				r.Status = word[len("status="):]
			}
		case bytes.HasPrefix(word, []byte("service=")):
			if r.Service == nil {
				r.Service = word[len("service="):]
			}
		case bytes.HasPrefix(word, []byte("dyno=")):
			r.Dyno = word[len("dyno="):]
			return r
		case !isFigure(word):
			return r
		}
	}
	return r
}

// isFigure reports whether a word is one of the others that Heroku writes after dyno.
func isFigure(word []byte) bool {
	for _, name := range []string{"bytes=", "protocol=", "tls=", "tls_version=", "connect="} {
		if len(word) >= len(name) && string(word[:len(name)]) == name {
			return true
		}
	}
	return false
}

// Number returns the number that a value begins with, and the unit after it, such as 384 and "MB". Anything else is not ok.
func Number(value []byte) (number float64, unit []byte, ok bool) {
	digits := bytes.TrimRight(value, units)
	unit = value[len(digits):]
	if len(digits) == 0 || !isDigit(digits[len(digits)-1]) {
		return 0, nil, false
	}
	if n, ok := decimal(digits); ok {
		return n, unit, true
	}
	n, err := strconv.ParseFloat(string(digits), 64)
	return n, unit, err == nil
}

// powers are those of ten that a float64 represents exactly.
var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// decimal reads a number such as 384.00 without an allocation, and reports whether it is short and simple enough to be exact.
func decimal(text []byte) (float64, bool) {
	if len(text) > len(powers) {
		return 0, false
	}
	whole, fraction := int64(0), -1
	for _, c := range text {
		switch {
		case isDigit(c):
			whole = whole*10 + int64(c-'0')
			if fraction >= 0 {
				fraction++
			}
		case c == '.' && fraction < 0:
			fraction = 0
		default:
			return 0, false
		}
	}
	return float64(whole) / powers[max(0, fraction)], true
}
