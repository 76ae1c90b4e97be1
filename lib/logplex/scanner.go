package logplex

// span is a frame's place in the body. An empty one, at the body's end, says that no frame is left.
type span struct{ start, message, end int }

// scanner finds the frames of one body.
//
// A count is believed when the message opens as Logplex's do and the body's end or the next frame's header follows it. Where that is not
// so, complete headers decide ("<count> <PRI>1 <time> "): one that begins inside the counted bytes shows that the count has swallowed a
// neighbour, and one further on is where reading can go on.
type scanner struct {
	body     []byte
	ahead    int // the last complete header found: there is none between where that search began and here
	searched int // how many bytes have been searched for headers; none is searched twice, which keeps the work linear
}

func newScanner(body []byte) *scanner { return &scanner{body: body, ahead: -1} }

// header is where the next complete header stands, at or after from (see findHeader). It may only be asked in rising order, but for
// positions up to the header it gave last.
func (s *scanner) header(from int) int {
	if s.ahead < from {
		s.ahead = findHeader(s.body, from)
		s.searched += min(s.ahead, len(s.body)) - from
	}
	return s.ahead
}

// frame is the next frame at or after the position, which is where a frame is expected.
func (s *scanner) frame(at int) span {
	f, ok := s.read(at)
	if ok && opening(s.body[f.message:]) > 0 && s.boundary(f.end) {
		return f
	}
	header := s.header(at)
	if ok && header > f.end && (opening(s.body[f.message:]) > 0 || f.end == len(s.body) || s.confirmed(f.end)) {
		return f // a line without a time, or any message with a sound frame behind it, that swallows nothing
	}
	for ; header < len(s.body); header = s.header(header + 1) {
		if f, ok := s.salvage(at, header); ok {
			return f
		}
	}
	return span{len(s.body), len(s.body), len(s.body)}
}

// salvage is the frame whose complete header stands around the given space, begun no sooner than at. Its count may be fused with garbage
// in front that ends in digits, so each start is tried, the longest count first. A frame followed by a boundary is preferred; else it
// must not hold another header.
//
// When the digits begin right where a frame was expected, they are more likely one count, of a truncated frame: a shorter count is then
// only taken when another header follows, or the message ends in a newline, as a whole one does.
func (s *scanner) salvage(at, space int) (span, bool) {
	first := space
	for first > at && space-first < maxCountDigits && isDigit(s.body[first-1]) {
		first--
	}
	for first < space && s.body[first] == '0' {
		first++
	}
	own, inner := completeHeader(s.body, space), s.header(space+1)
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

// read is the frame at the position by its count alone; false when there is no sound count, when it exceeds what is left, and when it is
// wrong in such a way that it ends inside the next frame's own count.
func (s *scanner) read(at int) (span, bool) {
	f, ok := s.counted(at)
	return f, ok && !s.splitsCount(f.end)
}

func (s *scanner) counted(at int) (span, bool) {
	message, length, ok := count(s.body, at)
	return span{at, message, message + length}, ok && message+length <= len(s.body)
}

// boundary reports whether a frame may end at the position: at the body's end, or in front of a header.
func (s *scanner) boundary(at int) bool { return at == len(s.body) || headed(s.body, at) }

// splitsCount reports whether a header at the position is the rest of one that begins sooner: a count that is one too high ends between the
// 8 and the 3 of "83 <40>1 ". A message may well end in digits, so only a frame that fits well, where the shorter count's does not, counts.
func (s *scanner) splitsCount(at int) bool {
	if at == len(s.body) || !isDigit(s.body[at-1]) || !headed(s.body, at) || s.confirmed(at) {
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
