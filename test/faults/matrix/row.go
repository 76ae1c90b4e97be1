// Package matrix runs the rows of the fault matrix: the real binaries of the functions on the embedded AWS, a Logplex that keeps a ledger of each
// line, and faults. Each row ends when everything that was acknowledged is stored or has become a dead letter, which takes hours on the clock of
// the embedded AWS, and seconds otherwise.
package matrix

import (
	"heroku-drains/lib/stack"
	"heroku-drains/test/faults/lines"
)

// Row is a fault, or a pair of faults, and what may come of it. Whatever happens, no acknowledged line may be lost.
type Row struct {
	Name string
	// Fault says what goes wrong, for the table.
	Fault string
	// Short means that `go test` runs the row as well.
	Short bool
	Setup Setup
	// Play makes things go wrong, while lines are sent. When it returns, the fault is over.
	Play func(*World) error
	// Before prepares the system before lines are sent.
	Before func(*World) error

	// Duplicates says why lines may be stored twice, and DeadLetters why messages may become dead letters. If empty, neither may happen.
	Duplicates, DeadLetters string
	// Drops says why Logplex may drop lines, which it never says it delivered. If empty, it must not.
	Drops string
	// Redrive means that the dead letters go back to their queues at the end, as `redrive` does it, and must then be stored.
	Redrive bool
	// Slow says why there may be no answer within the time that Logplex waits. If empty, there must be.
	Slow string
}

// Setup says what a row runs on.
type Setup struct {
	Format      lines.Format // default: text
	Nodes       int          // of Logplex, for each app; default 2
	Space       bool         // lines come from a Shield Private Space
	Rate        float64      // lines a second and app; 0: bursts of 100 lines every 200 ms, as far as the buffers have room
	Concurrency int          // see local.Options
	Dedup       stack.Dedup  // default: warm
	Source      func(app string, seed uint64) *lines.Source
}

func (s Setup) withDefaults() Setup {
	if s.Format == "" {
		s.Format = lines.Text
	}
	if s.Nodes == 0 {
		s.Nodes = 2
	}
	if s.Source == nil {
		s.Source = lines.New
	}
	return s
}
