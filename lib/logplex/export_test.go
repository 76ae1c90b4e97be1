package logplex

// Searched is how many bytes Frames goes through in search of headers, in all, to read a body.
func Searched(body []byte) int {
	s := newScanner(body)
	for at := 0; at < len(body); {
		at = s.frame(at).end
	}
	return s.searched
}
