package logplex

// span is the position of a frame in the body. An empty one, at the end of the body, means that no frame is left.
type span struct{ start, message, end int }

// scanner finds the frames of one body.
//
// A count is trusted if the message starts like Logplex's do and is followed by the end of the body or by the header of the next frame.
// Otherwise, complete headers decide ("<count> <PRI>1 <time> "): one that starts inside the counted bytes shows that the count includes a
// neighbor, and the next one after them is where reading can continue.
type scanner struct {
	body     []byte
	ahead    int // the last complete header found: there is no other between the start of that search and this position
	searched int // how many bytes were searched for headers; no byte is searched twice, which keeps the work linear
}

func newScanner(body []byte) *scanner { return &scanner{body: body, ahead: -1} }

// nextHeader returns the position of the next complete header at or after from (see findHeader). From one call to the next, from must not
// decrease, except within the header that was returned last.
func (s *scanner) nextHeader(from int) int {
	if s.ahead < from {
		s.ahead = findHeader(s.body, from)
		s.searched += min(s.ahead, len(s.body)) - from
	}
	return s.ahead
}

// frame returns the next frame at or after the position, which is where a frame is expected.
func (s *scanner) frame(at int) span {
	f, ok := s.read(at)
	if ok && opening(s.body[f.message:]) > 0 && s.boundary(f.end) {
		return f
	}
	header := s.nextHeader(at)
	if ok && header > f.end && (opening(s.body[f.message:]) > 0 || f.end == len(s.body) || s.confirmed(f.end)) {
		return f // a line without a time, or any message before a sound frame, that includes no other header
	}
	for ; header < len(s.body); header = s.nextHeader(header + 1) {
		if f, ok := s.salvage(at, header); ok {
			return f
		}
	}
	return span{len(s.body), len(s.body), len(s.body)}
}

// salvage returns the frame whose complete header surrounds the given space, and starts at the position or after it. Garbage that ends in
// digits may stand directly before the count, so each digit is tried as the start, the longest count first. A frame followed by a boundary
// is preferred; any other must not contain another header.
//
// If the digits start exactly where a frame was expected, they are probably one count, of a truncated frame: a shorter count is then only
// accepted if another header follows, or if the message ends in a newline, as a whole message does.
func (s *scanner) salvage(at, space int) (span, bool) {
	first := space
	for first > at && space-first < maxCountDigits && isDigit(s.body[first-1]) {
		first--
	}
	for first < space && s.body[first] == '0' {
		first++
	}
	own, inner := completeHeader(s.body, space), s.nextHeader(space+1)
	var unconfirmed span
	for start := first; start < space; start++ {
		f, ok := s.read(start)
		if !ok || f.end < own {
			continue
		}
		likely := start == first || s.body[f.end-1] == '\n'
		switch {
		case s.boundary(f.end) && (likely || first > at || f.end < len(s.body)):
			return f, true
		case inner > f.end && likely && unconfirmed.end == 0:
			unconfirmed = f
		}
	}
	return unconfirmed, unconfirmed.end > 0
}

// read returns the frame at the position by its count alone. It returns false if the count is invalid, exceeds the rest of the body, or is
// wrong in such a way that the frame ends inside the count of the next one.
func (s *scanner) read(at int) (span, bool) {
	f, ok := s.counted(at)
	return f, ok && !s.splitsCount(f.end)
}

func (s *scanner) counted(at int) (span, bool) {
	message, length, ok := readCount(s.body, at)
	return span{at, message, message + length}, ok && message+length <= len(s.body)
}

// boundary reports whether a frame may end at the position: at the end of the body, or before a header.
func (s *scanner) boundary(at int) bool { return at == len(s.body) || headerAt(s.body, at) }

// splitsCount reports whether the header at the position is the rest of one that starts earlier: a count that is one too high ends between
// the 8 and the 3 of "83 <40>1 ". Because a message may also end in digits, the earlier start must give a frame followed by a boundary where
// the later start does not.
func (s *scanner) splitsCount(at int) bool {
	if at == len(s.body) || !isDigit(s.body[at-1]) || !headerAt(s.body, at) || s.confirmed(at) {
		return false
	}
	for start := at - 1; start > 0 && at-start < maxCountDigits && isDigit(s.body[start]); start-- {
		if s.confirmed(start) {
			return true
		}
	}
	return false
}

// confirmed reports whether the frame at the position is followed by a boundary.
func (s *scanner) confirmed(at int) bool {
	f, ok := s.counted(at)
	return ok && s.boundary(f.end)
}
