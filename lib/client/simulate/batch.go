package simulate

import (
	"fmt"
	"time"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/logplex"
)

// Batch returns the next lines: at most lines of them, and as many as fit a body of size bytes, but at least one. Neither exceeds Logplex's
// limits. The time of the first line is at to the millisecond; its microseconds depend on the seed.
func (g *Generator) Batch(at time.Time, lines, size int) delivery.Batch {
	lines, size = min(lines, delivery.MaxLines), min(size, delivery.MaxBytes)
	// The time is in the key, so that two runs with one seed do not look like retries of each other.
	b := delivery.Batch{FrameID: delivery.FrameID(fmt.Sprintf("%s %d %d", g.token, at.UnixNano(), g.batches.Uint64()))}
	at = at.Truncate(time.Millisecond)
	for total := 0; len(b.Messages) == 0 || len(b.Messages) < lines; {
		at = g.nextTime(at)
		total += len(logplex.AppendFrame(nil, g.peek(at)))
		if total > size && len(b.Messages) > 0 {
			break
		}
		b.Messages = append(b.Messages, g.Next(at))
	}
	return b
}

// lastMicro is the last microsecond of a millisecond at which a line may start, so that all lines of its event, which take less than 50
// microseconds, are in the same millisecond. Because trailing zeros are not written, a time at a full millisecond would have a length that
// depends on the clock, and so would the batch.
const lastMicro = 900

// nextTime returns a time for the next line, some microseconds later.
func (g *Generator) nextTime(at time.Time) time.Time {
	millisecond := at.Truncate(time.Millisecond)
	micros := int(at.Sub(millisecond).Microseconds()) + 1 + g.batches.IntN(60)
	if micros > lastMicro {
		millisecond, micros = millisecond.Add(time.Millisecond), 1+g.batches.IntN(60)
	}
	return millisecond.Add(time.Duration(micros) * time.Microsecond)
}
