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
	return beforeRequest(message, "code")
}

// RouterLevel reads only the level of a router line, such as info or error; nil if it has none.
func RouterLevel(message []byte) []byte { return beforeRequest(message, "at") }

// beforeRequest returns the value of a field before the method and the path of the request; nil if it is not there.
func beforeRequest(message []byte, name string) []byte {
	line, _, _ := bytes.Cut(message, []byte("\n"))
	s := pairScanner{line: line}
	for s.next() {
		switch string(s.name) {
		case name:
			return s.value
		case "method", "path":
			return nil
		}
	}
	return nil
}

// ReadResponse reads only the figures at the end of a router line: Service and Status. Fields that it does not know may stand anywhere among them
// and after them. Of a field that is there twice, the last counts: no text of a client comes after the figures.
func ReadResponse(message []byte) Router {
	line, _, _ := bytes.Cut(message, []byte("\n"))
	var r Router
	for end := len(line); end > 0; {
		start := end
		for start > 0 && !isSpace(line[start-1]) {
			if start--; line[start] == '"' {
				return readFigures(line) // a quoted value may contain what looks like a figure
			}
		}
		name, value, _ := bytes.Cut(line[start:end], []byte("="))
		if beforeFigures(name) {
			return r
		}
		if r.setFigure(name, value); r.Service != nil && r.Status != nil {
			return r
		}
		end = start - 1
	}
	return r
}

// readFigures is ReadResponse for a line with a quoted value after its status or its service. It takes longer, because it reads all pairs.
func readFigures(line []byte) Router {
	var last, r Router
	s := pairScanner{line: line}
	for s.next() {
		if beforeFigures(s.name) {
			last = Router{} // what was found is of a client's text
			continue
		}
		r = Router{}
		if r.setFigure(s.name, s.value); r.Status != nil {
			last.Status = r.Status
		} else if r.Service != nil {
			last.Service = r.Service
		}
	}
	return last
}

// setFigure sets Service or Status, unless it is set already. A value that is empty is not nil.
func (r *Router) setFigure(name, value []byte) {
	switch string(name) {
	case "status":
		if r.Status == nil {
			r.Status = value
		}
	case "service":
		if r.Service == nil {
			r.Service = value
		}
	}
}

// beforeFigures reports whether the field of this name comes before the figures: all that a client can influence does.
func beforeFigures(name []byte) bool {
	switch string(name) {
	case "method", "path", "host", "request_id", "fwd", "dyno", "connect":
		return true
	}
	return false
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
