package logplex

// Searched returns how many bytes Frames searches for headers in total to read a body.
func Searched(body []byte) int {
	s := newScanner(body)
	for at := 0; at < len(body); {
		at = s.frame(at).end
	}
	return s.searched
}
