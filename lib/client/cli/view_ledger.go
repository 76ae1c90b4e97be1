package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"heroku-drains/lib/client/daily"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/ledger"
)

// ledgerView is the ledger as JSON.
type ledgerView struct {
	From  string          `json:"from"` // the first day
	Days  []ledgerDayView `json:"days"`
	Total entryView       `json:"total"`
}

type ledgerDayView struct {
	Day string `json:"day"`
	App string `json:"app"`
	entryView
}

type entryView struct {
	ledger.Entry
	Lost        int `json:"lost"`
	Unaccounted int `json:"unaccounted"` // 0, unless a counter is wrong
}

func newEntryView(e ledger.Entry) entryView {
	return entryView{Entry: e, Lost: e.Lost(), Unaccounted: e.Unaccounted()}
}

func newLedgerView(from time.Time, days []ledger.Day) ledgerView {
	v := ledgerView{From: from.Format(time.DateOnly), Days: []ledgerDayView{}, Total: newEntryView(total(days))}
	for _, d := range days {
		v.Days = append(v.Days, ledgerDayView{Day: d.Day.Format(time.DateOnly), App: d.App, entryView: newEntryView(d.Entry)})
	}
	return v
}

func total(days []ledger.Day) ledger.Entry {
	var sum ledger.Entry
	for _, d := range days {
		sum.Add(d.Entry)
	}
	return sum
}

// ledgerColumn is a column of the table of the ledger.
type ledgerColumn struct {
	title  string
	value  func(ledger.Entry) int
	always bool // it is shown even if all its values are 0
}

// count returns a value of the column as a part of a sentence: "2 duplicates", "5 blank", "7 L10".
func (c ledgerColumn) count(n int) string {
	switch {
	case c.title == "DUPLICATES":
		return plural.Count(n, "duplicate")
	case c.title[0] == 'L':
		return fmt.Sprintf("%d %s", n, c.title)
	}
	return fmt.Sprintf("%d %s", n, strings.ToLower(c.title))
}

func ledgerColumns() []ledgerColumn {
	return []ledgerColumn{
		{"POSTS", func(e ledger.Entry) int { return e.Posts }, true},
		{"COPIES", func(e ledger.Entry) int { return e.Copies }, false},
		{"TAKEN", ledger.Entry.Settled, true},
		{"STORED", func(e ledger.Entry) int { return e.Stored }, true},
		{"BLANK", func(e ledger.Entry) int { return e.Blank }, false},
		{"DROPPED", func(e ledger.Entry) int { return e.Dropped }, false},
		{"REJECTED", func(e ledger.Entry) int { return e.Rejected }, false},
		{"DUPLICATES", func(e ledger.Entry) int { return e.Duplicates }, false},
		{"LOST", ledger.Entry.Lost, true},
		{"L10", func(e ledger.Entry) int { return e.L10 }, false},
		{"L12", func(e ledger.Entry) int { return e.L12 }, false},
		{"L13", func(e ledger.Entry) int { return e.L13 }, false},
		{"REFUSED", func(e ledger.Entry) int { return e.Refused }, false},
		{"UNAVAILABLE", func(e ledger.Entry) int { return e.Unavailable }, false},
		{"MALFORMED", func(e ledger.Entry) int { return e.Malformed }, false},
		{"ESCAPED", func(e ledger.Entry) int { return e.Escaped }, false},
		{"MOVED", func(e ledger.Entry) int { return e.Moved }, false},
		{"UNCLAIMED", func(e ledger.Entry) int { return e.Unclaimed }, false},
		{"UNMARKED", func(e ledger.Entry) int { return e.Unmarked }, false},
		{"RETURNED", func(e ledger.Entry) int { return e.Returned }, false},
		{"MISCOUNTED", func(e ledger.Entry) int { return e.Miscounted }, false},
	}
}

// printLedger shows a table of days, with a total if there are several.
func (s *session) printLedger(days []ledger.Day) error {
	sum := total(days)
	columns := slices.DeleteFunc(ledgerColumns(), func(c ledgerColumn) bool { return !c.always && c.value(sum) == 0 })
	heading := []string{"DAY", "APP"}
	for _, c := range columns {
		heading = append(heading, c.title)
	}
	heading = append(heading, "LAG")
	row := func(day, app string, e ledger.Entry) []string {
		cells := []string{day, app}
		for _, c := range columns {
			cells = append(cells, fmt.Sprint(c.value(e)))
		}
		return append(cells, lagText(e))
	}
	var rows [][]string
	for _, d := range days {
		rows = append(rows, row(d.Day.Format(time.DateOnly), d.App, d.Entry))
	}
	if len(days) > 1 {
		rows = append(rows, row("total", "", sum))
	}
	return s.PrintTable(heading, rows)
}

func lagText(e ledger.Entry) string {
	if e.Stored == 0 {
		return none
	}
	return milliseconds(float64(e.LagMS))
}

// today reads what happened to an app's lines today, while the verb does something else. wait waits for that: it returns nil if the ledger is
// unknown. If it cannot be read, it says so on stderr, and the verb shows everything else. The caller must call stop in the end.
func (s *session) today(ctx context.Context, app string) (wait func() *entryView, stop func()) {
	type result struct {
		entry ledger.Entry
		err   error
	}
	done := make(chan result, 1)
	ctx, cancel := context.WithCancel(ctx)
	var reading sync.WaitGroup
	reading.Go(func() {
		reader, err := daily.Open(ctx, s.Installation, s.wait)
		var days []ledger.Day
		if err == nil {
			days, err = reader.Read(ctx, time.Now(), 1, app)
		}
		done <- result{total(days), err}
	})
	stop = func() { cancel(); reading.Wait() }
	wait = func() *entryView {
		r := <-done
		switch {
		case r.err == nil:
			v := newEntryView(r.entry)
			return &v
		case !errors.Is(r.err, daily.ErrOlder) && ctx.Err() == nil:
			s.Note("Cannot show today's lines: %s", errorText(r.err))
		}
		return nil
	}
	return wait, stop
}

// text says what happened to the lines.
func (v *entryView) text() string {
	if v.Entry == (ledger.Entry{}) {
		return "no lines since midnight (UTC)"
	}
	parts := []string{plural.Count(v.Stored, "line") + " stored of " + fmt.Sprint(v.Settled()) + " in " + plural.Count(v.Posts, "POST")}
	for _, c := range ledgerColumns() {
		if n := c.value(v.Entry); n > 0 && !slices.Contains([]string{"POSTS", "COPIES", "TAKEN", "STORED", "RETURNED", "LOST"}, c.title) {
			parts = append(parts, c.count(n))
		}
	}
	text := strings.Join(parts, ", ")
	if n := v.Returned; n > 0 {
		text += "; " + plural.Count(n, "line") + " put back for another try"
	}
	if n := v.Lost; n > 0 {
		text += "; " + fmt.Sprint(n) + " lost"
	}
	return text
}
