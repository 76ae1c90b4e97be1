package simulate

import (
	"fmt"
	"time"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/logplex"
)

// Batch takes the next lines, at most lines of them and as many as fit a body of size bytes, but at least one. Logplex's own limits
// hold above both. The first line's time is at to the millisecond; what is below that, which Heroku's clocks fill by chance, too, is chosen.
func (g *Generator) Batch(at time.Time, lines, size int) delivery.Batch {
	lines, size = min(lines, delivery.MaxLines), min(size, delivery.MaxBytes)
	// The time is in the key, so that two runs with one seed do not look like retries of each other.
	b := delivery.Batch{FrameID: delivery.FrameID(fmt.Sprintf("%s %d %d", g.token, at.UnixNano(), g.cuts.Uint64()))}
	at = at.Truncate(time.Millisecond)
	for total := 0; len(b.Messages) == 0 || len(b.Messages) < lines; {
		at = g.soonAfter(at)
		total += len(logplex.AppendFrame(nil, g.peek(at)))
		if total > size && len(b.Messages) > 0 {
			break
		}
		b.Messages = append(b.Messages, g.Next(at))
	}
	return b
}

// wholeWidth is the part of a millisecond, in microseconds, at which all lines of a happening (they spread over less than 50) end in the
// same millisecond. A time that ends in zeros is written without them; one that ends at a full millisecond would be as long as the
// clock has it, and a batch's size would depend on when it is made.
const wholeWidth = 900

// soonAfter is the time of the line after one: some microseconds later.
func (g *Generator) soonAfter(at time.Time) time.Time {
	millisecond := at.Truncate(time.Millisecond)
	micros := int(at.Sub(millisecond).Microseconds()) + 1 + g.cuts.IntN(60)
	if micros > wholeWidth {
		millisecond, micros = millisecond.Add(time.Millisecond), 1+g.cuts.IntN(60)
	}
	return millisecond.Add(time.Duration(micros) * time.Microsecond)
}
