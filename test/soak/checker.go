package main

import (
	"fmt"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/local/awslocal"
)

// checker compares what became of an app's lines with what is stored. It only keeps lines that are not known to be both acknowledged and stored.
type checker struct {
	open   map[int]*line // by number
	stored bitmap        // numbers that were stored
	losses map[event]int // lines of Logplex about losses that were acknowledged, less those that are stored
	counts counts
}

// counts are what a checker has found.
type counts struct {
	done         int // both acknowledged and stored, or dropped
	acknowledged int
	stored       int // different lines
	dropped      int
	duplicates   int // stored again
	altered      int // stored with another text or time
	foreign      int // stored without having been sent
	example      string
}

// line is a line that is not acknowledged and stored yet.
type line struct {
	sent    *event // as it must be stored; nil until its outcome is known
	stored  *event
	dropped bool
}

func newChecker() *checker {
	return &checker{open: map[int]*line{}, losses: map[event]int{}}
}

// settle takes an entry of the ledger whose outcome is final.
func (c *checker) settle(e simulate.Entry) error {
	want, err := expected(e.Raw)
	if err != nil {
		return err
	}
	if e.Loss {
		if e.Outcome == simulate.Acknowledged {
			c.losses[want]++
		}
		return nil
	}
	n := number(want.text)
	l := c.line(n)
	l.sent, l.dropped = &want, e.Outcome != simulate.Acknowledged
	if l.dropped {
		c.counts.dropped++
		c.counts.done++
	} else {
		c.counts.acknowledged++
	}
	c.compare(n, l)
	return nil
}

// store takes an event of the store.
func (c *checker) store(e awslocal.TakenEvent) {
	got := event{time: e.Time, text: e.Message}
	n := number(got.text)
	switch {
	case n == 0: // about losses, or nothing that was sent
		c.losses[got]--
	case c.stored.has(n):
		c.counts.duplicates++
	default:
		c.stored.add(n)
		c.counts.stored++
		l := c.line(n)
		l.stored = &got
		c.compare(n, l)
	}
}

func (c *checker) line(n int) *line {
	l := c.open[n]
	if l == nil {
		l = &line{}
		c.open[n] = l
	}
	return l
}

// compare compares a line with its event if both are known, and forgets it.
func (c *checker) compare(n int, l *line) {
	if l.sent == nil || l.stored == nil {
		return
	}
	if *l.sent != *l.stored {
		c.counts.altered++
		c.counts.example = fmt.Sprintf("sent %q at %d, stored %q at %d", l.sent.text, l.sent.time, l.stored.text, l.stored.time)
	}
	if !l.dropped {
		c.counts.done++
	}
	delete(c.open, n)
}

// lost returns how many lines were acknowledged, and are not stored.
func (c *checker) lost() int {
	lost := 0
	for _, l := range c.open {
		if l.sent != nil && !l.dropped && l.stored == nil {
			lost++
		}
	}
	for _, missing := range c.losses {
		lost += max(missing, 0)
	}
	return lost
}

// foreign returns how many events are of no line that was sent. It is only known once everything is settled.
func (c *checker) foreign() int {
	foreign := 0
	for _, l := range c.open {
		if l.sent == nil {
			foreign++
		}
	}
	return foreign
}

// bitmap is a set of small numbers.
type bitmap []uint64

func (b *bitmap) add(n int) {
	for n/64 >= len(*b) {
		*b = append(*b, 0)
	}
	(*b)[n/64] |= 1 << (n % 64)
}

func (b bitmap) has(n int) bool { return n/64 < len(b) && b[n/64]&(1<<(n%64)) != 0 }
