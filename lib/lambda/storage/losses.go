package storage

import (
	"bytes"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"heroku-drains/lib/logformat"
)

// rememberedLosses is how many losses a warm function remembers. A retry comes within seconds.
const rememberedLosses = 1_000

// losses remembers how many lines were reported as lost, by lossKey. Logplex writes an L10 line anew for each try of a batch: if the answer to one
// is late, the next one reports the same loss again, perhaps with a greater number.
type losses struct {
	mu    sync.Mutex
	known *lru.Cache[string, int]
}

func newLosses() *losses {
	known, err := lru.New[string, int](rememberedLosses)
	if err != nil {
		panic(err) // the size is a positive constant
	}
	return &losses{known: known}
}

// lossKey returns what the L10 lines in all tries of a batch have in common: the batch, and when the loss began. It is empty for other lines, which
// are the same in each try.
func lossKey(l *logformat.Line, sent, code string) string {
	_, since, found := bytes.Cut(l.Message, []byte(" since "))
	if code != logformat.DrainOverflow || !found {
		return ""
	}
	return sent + "\n" + string(since)
}

// count adds to the summary what a report says, as far as no other report has said it.
func (l *losses) count(r lostReport, s *summary) {
	n := r.lines
	if r.key != "" {
		l.mu.Lock()
		before, _ := l.known.Get(r.key)
		n = max(0, n-before)
		l.known.Add(r.key, before+n)
		l.mu.Unlock()
	}
	switch r.code {
	case logformat.DrainOverflow:
		s.L10 += n
	case logformat.LocalOverflow:
		s.L12 += n
	case logformat.LocalFailure:
		s.L13 += n
	}
}
