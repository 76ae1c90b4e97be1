package logformat

import "bytes"

// The codes of Heroku's log system for lines that it lost on their way to a drain.
// https://devcenter.heroku.com/articles/error-codes
const (
	DrainOverflow = "L10" // Logplex dropped lines of a drain that did not take them fast enough
	LocalOverflow = "L12" // a dyno printed faster than its log-shuttle could send
	LocalFailure  = "L13" // log-shuttle could not deliver lines to Logplex
)

// maxLost is the largest number that a line is believed. It keeps sums of them far from the limit of an int.
const maxLost = 1_000_000_000

// Lost returns how many lines of its drain a line reports as lost, and the code of the report: L10, L12 or L13. The number is 0 for every
// other line, also for an L10 line about another drain, which Heroku puts into the log of the app: "… drain 'd.9bb1…' dropped 1 messages since …".
// Such a line counts if the token of the drain that it came through is unknown, that is, empty. A report without a readable number counts as one
// lost line.
//
// Only lines of Heroku's own sources are reports, because a dyno can print the same text. Whoever has the drain's password can send anything.
func Lost(l *Line, token string) (n int, code string) {
	writer := l.Writer()
	if writer != ByLogplex && writer != ByShuttle {
		return 0, ""
	}
	text := HerokuText(l.Message)
	switch code = string(ErrorCode(text)); {
	case writer == ByLogplex && code == DrainOverflow && !NamesOtherDrain(text, token):
	case writer == ByShuttle && (code == LocalOverflow || code == LocalFailure):
	default:
		return 0, ""
	}
	return lostCount(text), code
}

var namedDrain = []byte(": drain '")

// NamesOtherDrain reports whether the text of a line of Logplex's names a drain other than the one with the token: see Lost. It does not if the
// token is unknown.
func NamesOtherDrain(text []byte, token string) bool {
	_, rest, named := bytes.Cut(text, namedDrain)
	name, _, closed := bytes.Cut(rest, []byte("'"))
	return named && closed && token != "" && string(name) != token
}

// lostCount reads the number in "Error L10 (output buffer overflow): 3 messages dropped since …", "…: drain 'd.9bb1…' dropped 1 messages since …"
// and "Error L12: 222 messages dropped since …".
func lostCount(text []byte) int {
	_, rest, _ := bytes.Cut(text, []byte(": "))
	if name, after, named := bytes.Cut(rest, []byte("' dropped ")); named && bytes.HasPrefix(name, namedDrain[2:]) {
		rest = after
	}
	digits := rest
	for i, c := range rest {
		if !isDigit(c) {
			digits = rest[:i]
			break
		}
	}
	n := 0
	for _, c := range digits {
		n = min(n*10+int(c-'0'), maxLost)
	}
	return max(1, n)
}
