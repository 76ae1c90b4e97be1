package simulate

import (
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"heroku-drains/lib/client/delivery"
)

// Ledger records what became of every line that a Logplex made, one entry for each drain. The zero value is ready. It is safe for concurrent use,
// and several Logplexes can share one.
type Ledger struct {
	mu      sync.Mutex
	entries []*Entry
	tally   Tally
	answers Answers
	discard bool // do not keep entries
}

// Tally is the sum of a Ledger, including the entries that were taken from it. Lines about losses count only in Losses.
type Tally struct {
	Made         int // waiting, sent, acknowledged and dropped
	Waiting      int
	Sent         int
	Acknowledged int
	Dropped      int
	DroppedFor   map[Reason]int
	MaybeStored  int         // of the dropped ones
	Losses       int         // acknowledged lines about losses
	Posts        int         // batches whose first try has ended
	Tries        int         // POSTs
	Answers      map[int]int // POSTs by status; 0 for no response
}

// All returns the entries at the time of the call, in the order in which they were made.
func (l *Ledger) All() iter.Seq[Entry] {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries := make([]Entry, len(l.entries))
	for i, e := range l.entries {
		entries[i] = *e
	}
	return slices.Values(entries)
}

// Take removes the entries whose outcome is final, and returns them. A long run takes them now and then, so that the ledger does not grow.
func (l *Ledger) Take() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	settled := 0
	for _, e := range l.entries {
		if e.settled() {
			settled++
		}
	}
	taken := make([]Entry, 0, settled) // Entries are large, and a long run takes many at a time
	l.entries = slices.DeleteFunc(l.entries, func(e *Entry) bool {
		if e.settled() {
			taken = append(taken, *e)
		}
		return e.settled()
	})
	return taken
}

// Tally returns the sums.
func (l *Ledger) Tally() Tally {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.tally
	t.DroppedFor, t.Answers = maps.Clone(t.DroppedFor), maps.Clone(t.Answers)
	return t
}

// Answers returns how long every try took until its answer, or until it was given up.
func (l *Ledger) Answers() Answers {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.answers
}

// make adds a line that waits in the buffer of a drain's node.
func (l *Ledger) make(drain string, node int, raw []byte, at time.Time) *Entry {
	e := &Entry{Drain: drain, Node: node, Raw: raw, Made: at, Outcome: Waiting}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keep(e)
	l.tally.Made++
	l.tally.Waiting++
	return e
}

func (l *Ledger) keep(e *Entry) {
	if !l.discard {
		l.entries = append(l.entries, e)
	}
}

// send notes that lines are in a POST.
func (l *Ledger) send(lines []*Entry, frameID string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, e := range lines {
		e.FrameID, e.Position = frameID, i
		l.move(e, Sent, "")
	}
}

// tried notes how a try of lines ended.
func (l *Ledger) tried(d Subscription, node int, frameID string, lines []*Entry, t delivery.Try) {
	if t.Number == 0 {
		return // no connection
	}
	// Without an answer, or with one that is not final, the drain may have stored what it could read.
	open := t.Connected && !t.Final
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.Number == 1 {
		l.tally.Posts++
	}
	l.tally.Tries++
	if l.tally.Answers == nil {
		l.tally.Answers = map[int]int{}
	}
	l.tally.Answers[t.Status]++
	if t.Connected {
		l.answers.add(t.Took)
	}
	for _, e := range lines {
		e.Tries, e.Status, e.Took = t.Number, t.Status, max(e.Took, t.Took)
		e.MaybeStored = e.MaybeStored || open
	}
	for _, raw := range t.Loss {
		e := &Entry{
			Drain: d.Token, Node: node, Raw: raw, Made: time.Now(), FrameID: frameID, Position: -1, Tries: 1, Status: t.Status, Took: t.Took,
			Outcome: Dropped, Reason: Retries, MaybeStored: open, Loss: true,
		}
		switch {
		case t.Delivered():
			e.Outcome, e.Reason = Acknowledged, ""
			l.tally.Losses++
		case t.Final:
			e.Reason = NotRepeated
		}
		l.keep(e)
	}
}

// end notes what became of lines.
func (l *Ledger) end(lines []*Entry, o Outcome, why Reason) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range lines {
		l.move(e, o, why)
	}
}

func (l *Ledger) move(e *Entry, to Outcome, why Reason) {
	*l.tally.of(e.Outcome)--
	e.Outcome, e.Reason = to, why
	*l.tally.of(to)++
	switch to {
	case Acknowledged:
		e.MaybeStored = false
	case Dropped:
		if l.tally.DroppedFor == nil {
			l.tally.DroppedFor = map[Reason]int{}
		}
		l.tally.DroppedFor[why]++
		if e.MaybeStored {
			l.tally.MaybeStored++
		}
	}
}

// of returns the number of lines with an outcome.
func (t *Tally) of(o Outcome) *int {
	switch o {
	case Waiting:
		return &t.Waiting
	case Sent:
		return &t.Sent
	case Acknowledged:
		return &t.Acknowledged
	}
	return &t.Dropped
}
