package simulate

import (
	"crypto/md5"
	"fmt"
	"time"

	"heroku-drains/lib/logplex"
)

// Limits of one POST in Logplex's last public source (logplex_http_drain.erl, logplex.app.src).
const (
	MaxBytes = 102_400 // what a body is filled to; a single larger message goes alone
	MaxLines = 1024    // the drain's whole buffer
)

// Batch is what one POST to a drain carries.
type Batch struct {
	FrameID  string   // 32 upper-case hexadecimal digits, kept on every try of this batch
	Messages [][]byte // syslog messages without their octet counts
}

// Batch takes the next lines, at most lines of them and as many as fit a body of size bytes, but at least one. Logplex's own limits
// hold above both. The first line's time is at to the millisecond; what is below that, which Heroku's clocks fill by chance, too, is chosen.
func (g *Generator) Batch(at time.Time, lines, size int) Batch {
	lines, size = min(lines, MaxLines), min(size, MaxBytes)
	b := Batch{FrameID: g.frameID(at)}
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

// frameID hashes what Logplex hashes, a process and the time, so that two runs with one seed do not look like retries of each other.
func (g *Generator) frameID(at time.Time) string {
	return fmt.Sprintf("%X", md5.Sum(fmt.Appendf(nil, "%s %d %d", g.token, at.UnixNano(), g.cuts.Uint64())))
}

// body is messages as they stand in a POST: one frame after the other, and nothing between them.
func body(messages [][]byte) []byte {
	var b []byte
	for _, m := range messages {
		b = logplex.AppendFrame(b, m)
	}
	return b
}
