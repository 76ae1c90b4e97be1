package simulate

import (
	"fmt"
	"time"
)

var overflow = header{priorityOverflow, seconds, "heroku", "logplex"}

// overflowMessage is L10 as Logplex puts it before the first batch after a loss: in whole seconds, without a newline.
// https://devcenter.heroku.com/articles/error-codes#l10-drain-buffer-overflow
func overflowMessage(at time.Time, lost int, since time.Time) []byte {
	text := fmt.Sprintf("Error L10 (output buffer overflow): %d messages dropped since %s.", lost, since.UTC().Format(seconds))
	return overflow.message(at, text)
}

// ownOverflow is a loss of this very drain, somewhere else in Logplex than in this sender.
func ownOverflow(g *Generator, at time.Time) [][]byte {
	return one(overflowMessage(at, g.between(1, 40), at.Add(-time.Duration(g.between(5, 300))*time.Second)))
}

// otherOverflow is the other text of L10, an event in the app's stream that names a drain; mostly another one than this.
func otherOverflow(g *Generator, at time.Time) [][]byte {
	drain := g.token
	if g.rng.IntN(4) > 0 {
		drain = "d." + g.uuid()
	}
	since := at.Add(-time.Duration(g.between(1, 90)) * time.Second).UTC().Format(microseconds)
	text := fmt.Sprintf("Error L10 (output buffer overflow): drain '%s' dropped %d messages since %s.", drain, g.between(1, 20), since)
	return one(header{priorityOverflow, microseconds, "heroku", "logplex"}.message(at, text))
}
