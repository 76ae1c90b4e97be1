package simulate_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/logplex/logplextest"
)

// long makes lines of 150,000 bytes, in chunks, among others.
type long struct {
	numbered
	pending [][]byte
}

func (l *long) Next(at time.Time) []byte {
	if len(l.pending) == 0 {
		l.pending = [][]byte{l.numbered.Next(at)}
		stamp := at.UTC().Truncate(time.Second).Add(123456 * time.Microsecond)
		for piece := range slices.Chunk([]byte(strings.Repeat("0123456789", 15_000)+"\n"), logplex.ChunkSize) {
			l.pending = append(l.pending, []byte(logplextest.Line(190, stamp, "app", "web.1", string(piece))))
		}
	}
	next := l.pending[0]
	l.pending = l.pending[1:]
	return next
}

// The chunks of a long line keep their order and their node, and are in several POSTs where a body is full.
func TestTheChunksOfALineAreInSeveralPosts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drain, end := newMemoryDrain(func(int, http.ResponseWriter, *http.Request) { time.Sleep(50 * time.Millisecond) })
		defer end()
		var ledger simulate.Ledger
		l := simulate.NewLogplex(&long{}, simulate.Options{Nodes: 3, Rate: 1000, Lines: 17 * 40, Ledger: &ledger, Dial: drain.dial})
		run(t, l, subscription("d.1"))
		for _, p := range drain.received() {
			size := 0
			for _, line := range p.lines {
				size += len(logplex.AppendFrame(nil, []byte(line)))
			}
			if size > 102_400 {
				t.Errorf("a body of %d bytes", size)
			}
		}
		var before simulate.Entry
		split := 0
		for e := range ledger.All() { // in the order in which they were made
			line, ok := logplex.ParseLine(before.Raw)
			if ok && line.IsChunk() {
				if e.Node != before.Node {
					t.Fatal("a line is continued on another node")
				}
				if e.FrameID != before.FrameID {
					split++
				}
			}
			before = e
		}
		if split == 0 {
			t.Error("no line is in two POSTs")
		}
	})
}
