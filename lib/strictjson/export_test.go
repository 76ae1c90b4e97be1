package strictjson

// Rest returns what has not been read.
func (r *Reader) Rest() []byte { return r.rest }

// PlainSlowly is plain, byte by byte.
func PlainSlowly(text []byte) int {
	for n, c := range text {
		if !isPlain(c) {
			return n
		}
	}
	return len(text)
}

// Plain is plain.
var Plain = plain
