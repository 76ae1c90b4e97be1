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
	if bytes.HasPrefix(message, []byte("at=info method=")) {
		return nil // the usual case
	}
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

// ReadResponse reads only the figures at the end of a router line: Service and Status.
func ReadResponse(message []byte) Router {
	var r Router
	for end := len(message); end > 0; {
		start := bytes.LastIndexByte(message[:end], ' ') + 1
		word := message[start:end]
		end = start - 1
		switch name, value := cutWord(word); name {
		case "status":
			r.Status = value
		case "service": // it comes before the status
			r.Service = value
			return r
		case "bytes", "protocol", "tls", "tls_version":
		default:
			return r
		}
	}
	return r
}

// cutWord returns the name and the value of a word such as "status=200". The name is empty if it is not one of those at the end of a router line.
func cutWord(word []byte) (name string, value []byte) {
	if len(word) == 0 {
		return "", nil
	}
	switch word[0] {
	case 's':
		if name = "status"; word[min(1, len(word)-1)] == 'e' {
			name = "service"
		}
	case 'b':
		name = "bytes"
	case 'p':
		name = "protocol"
	case 't':
		if name = "tls"; len(word) > len(name) && word[len(name)] == '_' {
			name = "tls_version"
		}
	default:
		return "", nil
	}
	if len(word) <= len(name) || word[len(name)] != '=' || string(word[:len(name)]) != name {
		return "", nil
	}
	return name, word[len(name)+1:]
}

// Number returns the number that a value begins with, and the unit after it, such as 384 and "MB". Anything else is not ok.
func Number(value []byte) (number float64, unit []byte, ok bool) {
	digits := withoutUnit(value)
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
