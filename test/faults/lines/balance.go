package lines

import (
	"fmt"
	"slices"
	"time"
)

// Request is what Logplex sent in one request and its retries.
type Request struct {
	ID       string
	Messages [][]byte
	At       time.Time // about when it was sent
	// Acknowledged means that it was answered with 2xx. Otherwise Logplex dropped it. Unless the drain cannot have read it, it may be stored all the
	// same.
	Acknowledged, MaybeStored bool
	// Copies is how many copies of it the queue has got, which may each be stored.
	Copies int
	// Late means that its answer came so late that copies of it may have been sent although nothing was wrong.
	Late bool
	// Report means that the message is Logplex's own, about lines that it dropped.
	Report bool
}

// Stored is a log event.
type Stored struct {
	Text     string
	Time     int64     // milliseconds since 1970
	Ingested time.Time // when it was stored
}

// Balance says where the lines of an app are. It counts messages: a long line is several.
type Balance struct {
	Made, Acknowledged, Stored, Dead, Lost, Duplicated int
	Reports                                            int // acknowledged messages of Logplex about lines that it dropped; the others do not count them
	// Copies are those of Duplicated that the queue has got more than once: the others were stored again for another reason. LateCopies are those
	// of them whose request was Late.
	Copies, LateCopies int
	// Wrong are events that no line explains: texts that are not exact to the byte, or in the stream of another app.
	Wrong int
	// Plain are lines of a drain in the JSON format that are stored in the text format, because the drain's settings could not be read.
	Plain    int
	Examples []string // of what is lost, duplicated and wrong
	// Recovered is when the last line that was sent before Until was stored for the first time.
	Recovered time.Time
}

// want is how often an event must and may be stored.
type want struct {
	text      string
	must, may int
	copies    int       // that the queue has got, beyond the first
	late      int       // those whose request was Late
	messages  int       // of each
	first     []message // those of the lines that must be stored
	before    int       // how many of must were sent before the end of the fault
	report    bool
}

type message []byte

// key identifies an event. The time is 0 for lines whose own time is not the event's.
type key struct {
	text string
	time int64
}

// Check compares what was sent with what is stored and what is in the dead letters. Until is the end of the fault.
func Check(format Format, sent []Request, stored []Stored, dead [][]byte, until time.Time) Balance {
	var b Balance
	wanted, plainly := map[key]*want{}, map[key][]*want{}
	for _, r := range sent {
		switch {
		case !r.Report:
			b.Made += len(r.Messages)
			if r.Acknowledged {
				b.Acknowledged += len(r.Messages)
			}
		case r.Acknowledged:
			b.Reports++
		}
		plain := Expect(Text, r.Messages, r.At)
		for i, e := range Expect(format, r.Messages, r.At) {
			k := key{e.Text, e.Time}
			w := wanted[k]
			if w == nil {
				w = &want{text: e.Text, messages: len(e.Messages), report: r.Report}
				wanted[k] = w
			}
			if k := (key{plain[i].Text, plain[i].Time}); format != Text && !slices.Contains(plainly[k], w) {
				plainly[k] = append(plainly[k], w)
			}
			w.copies += r.Copies
			if r.Late {
				w.late += r.Copies
			}
			if !r.Acknowledged {
				if r.MaybeStored {
					w.may++
				}
				continue
			}
			w.must++
			if r.At.Before(until) {
				w.before++
			}
			for _, m := range e.Messages {
				w.first = append(w.first, r.Messages[m])
			}
		}
	}
	found := b.find(format, wanted, plainly, stored)
	b.compare(wanted, found, dead)
	return b
}

// find returns the events by what they are of. Those in the text format of a drain in the JSON format may be of several lines that look the same.
func (b *Balance) find(format Format, wanted map[key]*want, plainly map[key][]*want, stored []Stored) map[*want][]Stored {
	found := map[*want][]Stored{}
	for _, s := range stored {
		text := Canonical(format, s.Text)
		w := wanted[key{text, s.Time}]
		if w == nil {
			w = wanted[key{text, 0}]
		}
		if others := slices.Concat(plainly[key{text, s.Time}], plainly[key{text, 0}]); w == nil && len(others) > 0 {
			b.Plain++
			w = others[max(slices.IndexFunc(others, func(w *want) bool { return len(found[w]) < w.must }), 0)]
		}
		if w == nil {
			b.Wrong++
			b.example("wrong", text)
			continue
		}
		found[w] = append(found[w], s)
	}
	return found
}

// compare counts what is stored, lost and duplicated.
func (b *Balance) compare(wanted map[key]*want, found map[*want][]Stored, dead [][]byte) {
	letters := map[string]int{}
	for _, m := range dead {
		letters[string(m)]++
	}
	for _, w := range wanted {
		got := found[w]
		slices.SortFunc(got, func(a, b Stored) int { return a.Ingested.Compare(b.Ingested) })
		kept := min(w.must, len(got))
		if !w.report {
			b.Stored += kept * w.messages
		}
		if extra := len(got) - w.must - w.may; extra > 0 {
			b.Duplicated += extra * w.messages
			b.Copies += min(extra, w.copies) * w.messages
			b.LateCopies += min(extra, w.late) * w.messages
			b.example("stored twice", w.text)
		}
		for i, s := range got {
			if i < w.before && s.Ingested.After(b.Recovered) {
				b.Recovered = s.Ingested
			}
		}
		for _, m := range w.first[kept*w.messages:] {
			if letters[string(m)] > 0 {
				letters[string(m)]--
				if !w.report {
					b.Dead++
				}
				continue
			}
			b.Lost++
			b.example("lost", w.text)
		}
	}
}

// maxExamples limits the examples.
const maxExamples = 12

func (b *Balance) example(what, text string) {
	if len(b.Examples) < maxExamples {
		b.Examples = append(b.Examples, fmt.Sprintf("%s: %.200q", what, text))
	}
}
