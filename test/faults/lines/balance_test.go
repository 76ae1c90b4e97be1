package lines_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heroku-drains/test/faults/lines"
)

// messages are the messages of a request with these texts.
func messages(texts ...string) (all [][]byte) {
	for _, text := range texts {
		all = append(all, []byte(line("host app web.1 - "+text+"\n")))
	}
	return all
}

func event(text string, at time.Time) lines.Stored {
	return lines.Stored{Text: "app[web.1]: " + text, Time: millis, Ingested: at}
}

// A check that finds nothing is worthless, so each kind of mistake is made once.
func TestCheck(t *testing.T) {
	ok := lines.Request{ID: "1", Messages: messages("a", "b"), At: now, Acknowledged: true}
	unknown := lines.Request{ID: "2", Messages: messages("c"), At: now, MaybeStored: true}
	refused := lines.Request{ID: "3", Messages: messages("d"), At: now}
	again := lines.Request{ID: "4", Messages: messages("a"), At: now, Acknowledged: true} // as another line that looks the same
	copied := lines.Request{ID: "5", Messages: messages("e"), At: now, Acknowledged: true, Copies: 1}
	late := lines.Request{ID: "6", Messages: messages("f"), At: now, Acknowledged: true, Copies: 1, Late: true}
	report := lines.Request{Messages: messages("Error L10"), At: now, Acknowledged: true, Report: true}
	sec := func(n int) time.Time { return now.Add(time.Duration(n) * time.Second) }
	both := []lines.Stored{event("a", sec(1)), event("b", sec(2))}
	for _, test := range []struct {
		name   string
		sent   []lines.Request
		stored []lines.Stored
		dead   [][]byte
		want   lines.Balance
	}{
		{"all stored", []lines.Request{ok}, both, nil, lines.Balance{Made: 2, Acknowledged: 2, Stored: 2, Recovered: sec(2)}},
		{"one lost", []lines.Request{ok}, both[:1], nil, lines.Balance{Made: 2, Acknowledged: 2, Stored: 1, Lost: 1, Recovered: sec(1)}},
		{"one dead", []lines.Request{ok}, both[:1], messages("b"), lines.Balance{Made: 2, Acknowledged: 2, Stored: 1, Dead: 1, Recovered: sec(1)}},
		{"one twice", []lines.Request{ok}, append(both, event("a", sec(9))), nil, lines.Balance{Made: 2, Acknowledged: 2, Stored: 2, Duplicated: 1, Recovered: sec(2)}},
		{"three times, of which the queue got two", []lines.Request{copied}, []lines.Stored{event("e", sec(1)), event("e", sec(2)), event("e", sec(3))}, nil,
			lines.Balance{Made: 1, Acknowledged: 1, Stored: 1, Duplicated: 2, Copies: 1, Recovered: sec(1)}},
		{"twice, answered late", []lines.Request{late}, []lines.Stored{event("f", sec(1)), event("f", sec(2))}, nil,
			lines.Balance{Made: 1, Acknowledged: 1, Stored: 1, Duplicated: 1, Copies: 1, LateCopies: 1, Recovered: sec(1)}},
		{"a copy, stored once", []lines.Request{copied}, []lines.Stored{event("e", sec(1))}, nil, lines.Balance{Made: 1, Acknowledged: 1, Stored: 1, Recovered: sec(1)}},
		{"one at another time", []lines.Request{ok}, []lines.Stored{both[0], {Text: "app[web.1]: b", Time: millis + 1}}, nil,
			lines.Balance{Made: 2, Acknowledged: 2, Stored: 1, Lost: 1, Wrong: 1, Recovered: sec(1)}},
		{"one changed", []lines.Request{ok}, []lines.Stored{both[0], event("B", sec(1))}, nil, lines.Balance{Made: 2, Acknowledged: 2, Stored: 1, Lost: 1, Wrong: 1, Recovered: sec(1)}},
		{"not acknowledged, stored all the same", []lines.Request{ok, unknown}, append(both, event("c", sec(1))), nil, lines.Balance{Made: 3, Acknowledged: 2, Stored: 2, Recovered: sec(2)}},
		{"refused, and stored", []lines.Request{ok, refused}, append(both, event("d", sec(1))), nil, lines.Balance{Made: 3, Acknowledged: 2, Stored: 2, Duplicated: 1, Recovered: sec(2)}},
		{"two that look the same, one lost", []lines.Request{ok, again}, both, nil, lines.Balance{Made: 3, Acknowledged: 3, Stored: 2, Lost: 1, Recovered: sec(2)}},
		{"a report of Logplex", []lines.Request{ok, report}, append(both, event("Error L10", sec(1))), nil, lines.Balance{Made: 2, Acknowledged: 2, Stored: 2, Reports: 1, Recovered: sec(2)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := lines.Check(lines.Text, test.sent, test.stored, test.dead, now.Add(time.Minute))
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreFields(lines.Balance{}, "Examples")); diff != "" {
				t.Errorf("balance (-want +got):\n%s", diff)
			}
		})
	}
}

// A drain whose settings cannot be read stores lines in the text format.
func TestCheckOfOtherFormat(t *testing.T) {
	sent := []lines.Request{{ID: "1", Messages: messages("a"), At: now, Acknowledged: true}}
	got := lines.Check(lines.JSON, sent, []lines.Stored{event("a", now)}, nil, now)
	if got.Stored != 1 || got.Lost != 0 || got.Plain != 1 {
		t.Errorf("balance %+v, want one line in the text format", got)
	}
}
