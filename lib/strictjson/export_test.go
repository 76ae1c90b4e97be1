package strictjson

// Rest returns what has not been read.
func (r *Reader) Rest() []byte { return r.rest }

// PlainSlowly is plainLength, byte by byte.
func PlainSlowly(text []byte) int {
	for n, c := range text {
		if Width(c) != 1 {
			return n
		}
	}
	return len(text)
}

// PlainLength is plainLength.
func PlainLength(text []byte) (n int, ascii bool) { return plainLength(text) }
