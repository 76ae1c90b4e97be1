package matrix

import (
	"fmt"
	"time"
)

// Result is what came of a row.
type Result struct {
	Row                                 Row
	Made, Acknowledged, Dropped, Stored int // lines
	Dead                                int // lines that are only in dead letters
	Letters                             int // dead letters, before they were sent back
	Lost, Duplicated, Wrong             int // lines
	Copies                              int // those of Duplicated whose messages the queue has got more than once
	LateCopies                          int // those of Copies whose POST was answered so late that copies of it may have been sent
	Plain                               int // lines in the text format, because a drain's settings could not be read in time
	Slowest, P999                       time.Duration
	Recovery                            time.Duration // from the end of the fault until everything that was sent before was stored
	Took                                time.Duration // in real time
	Problems                            []string      // what must not have happened
	Examples                            []string      // lines that are lost, duplicated or wrong
}

func (r *Result) problem(format string, args ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}

// Limits of what a row may take.
const (
	// visibility is how long SQS hides a message that was not stored.
	visibility = 6 * time.Minute
	// storing is for what then remains to be done.
	storing = 30 * time.Second
	// answerLimit is the time for 99.9 % of the answers. Logplex waits for 5 seconds.
	answerLimit = 4500 * time.Millisecond
)

// judge notes what must not have happened.
func (r *Result) judge() {
	if r.Lost > 0 {
		r.problem("%d acknowledged lines are lost", r.Lost)
	}
	if r.Wrong > 0 {
		r.problem("%d events are not those of a line", r.Wrong)
	}
	r.judgeDuplicates()
	if r.Letters > 0 && r.Row.DeadLetters == "" {
		r.problem("%d messages became dead letters", r.Letters)
	}
	if r.Dropped > 0 && r.Row.Drops == "" && !r.overloaded() {
		r.problem("Logplex dropped %d lines", r.Dropped)
	}
	if r.Acknowledged == 0 {
		r.problem("no line was acknowledged")
	}
	if r.Made != r.Acknowledged+r.Dropped {
		r.problem("of %d lines, %d were acknowledged and %d dropped", r.Made, r.Acknowledged, r.Dropped)
	}
	if r.Recovery > visibility+storing && r.Row.DeadLetters == "" && !r.overloaded() {
		r.problem("it took %s to recover", r.Recovery.Round(time.Second))
	}
}

// judgeDuplicates notes lines that are stored twice and must not be, and those whose explanation is not what has happened.
func (r *Result) judgeDuplicates() {
	if why := r.Row.Duplicates; why != "" && why != copyElsewhere && why != cutOff {
		return
	}
	if again := r.Duplicated - r.Copies; again > 0 {
		r.problem("%d lines are stored twice, whose messages the queue has got once", again)
	}
	if early := r.Copies - r.LateCopies; early > 0 && r.Row.Duplicates == "" {
		r.problem("%d lines are stored twice: the queue has got copies of POSTs that were answered in time", early)
	}
}

// slowAnswer is how long an answer takes if the drains function abandons an attempt to send a message after 1.5 seconds: on a machine that is too
// busy, it then sends a copy although nothing is wrong.
const slowAnswer = 1400 * time.Millisecond

// overloaded reports whether the machine was so slow that there were POSTs without an answer in time, although nothing was wrong.
func (r *Result) overloaded() bool { return r.Slowest > answerLimit && r.Row.Slow == "" }

// TooSlow returns what took too long, and what may have come of that. It depends on what else the machine does.
func (r *Result) TooSlow() (problems []string) {
	if r.LateCopies > 0 && r.Row.Duplicates == "" {
		problems = append(problems, fmt.Sprintf("%d lines are stored twice, because their POSTs took longer than %s", r.LateCopies, slowAnswer))
	}
	if r.Plain > 0 {
		problems = append(problems, fmt.Sprintf("%d lines are in the default format: the settings could not be read in time", r.Plain))
	}
	if r.P999 > answerLimit && r.Row.Slow == "" {
		problems = append(problems, fmt.Sprintf("99.9 %% of the answers took up to %s", r.P999.Round(time.Millisecond)))
	}
	if r.overloaded() && (r.Dropped > 0 && r.Row.Drops == "" || r.Recovery > visibility+storing && r.Row.DeadLetters == "") {
		problems = append(problems, fmt.Sprintf("%d lines were dropped, and it took %s to recover", r.Dropped, r.Recovery.Round(time.Second)))
	}
	return problems
}
