package main

import (
	"testing"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/local/awslocal"
)

// What is stored must be what was sent, to the byte and the millisecond.
func TestChecker(t *testing.T) {
	t.Parallel()
	const (
		raw  = "<190>1 2026-11-20T12:00:00.123456+00:00 host app web.1 - hello #1\n"
		at   = 1795176000123
		text = "app[web.1]: hello #1"
	)
	acknowledged := simulate.Entry{Raw: []byte(raw), Outcome: simulate.Acknowledged}
	dropped := simulate.Entry{Raw: []byte(raw), Outcome: simulate.Dropped}
	for name, test := range map[string]struct {
		sent    []simulate.Entry
		stored  []awslocal.TakenEvent
		want    counts
		lost    int
		foreign int
	}{
		"stored":               {[]simulate.Entry{acknowledged}, []awslocal.TakenEvent{{Time: at, Message: text}}, counts{done: 1, acknowledged: 1, stored: 1}, 0, 0},
		"lost":                 {[]simulate.Entry{acknowledged}, nil, counts{acknowledged: 1}, 1, 0},
		"dropped":              {[]simulate.Entry{dropped}, nil, counts{done: 1, dropped: 1}, 0, 0},
		"dropped, but stored":  {[]simulate.Entry{dropped}, []awslocal.TakenEvent{{Time: at, Message: text}}, counts{done: 1, dropped: 1, stored: 1}, 0, 0},
		"stored, but not sent": {nil, []awslocal.TakenEvent{{Time: at, Message: text}}, counts{stored: 1}, 0, 1},
		"stored twice": {
			[]simulate.Entry{acknowledged}, []awslocal.TakenEvent{{Time: at, Message: text}, {Time: at, Message: text}},
			counts{done: 1, acknowledged: 1, stored: 1, duplicates: 1}, 0, 0,
		},
		"another time": {
			[]simulate.Entry{acknowledged}, []awslocal.TakenEvent{{Time: at + 1, Message: text}}, counts{done: 1, acknowledged: 1, stored: 1, altered: 1}, 0, 0,
		},
		"another text": {
			[]simulate.Entry{acknowledged}, []awslocal.TakenEvent{{Time: at, Message: "app[web.1]: hallo #1"}},
			counts{done: 1, acknowledged: 1, stored: 1, altered: 1}, 0, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newChecker()
			for _, e := range test.sent {
				if err := c.settle(e); err != nil {
					t.Fatal(err)
				}
			}
			for _, e := range test.stored {
				c.store(e)
			}
			got := c.counts
			got.example = ""
			if got != test.want || c.lost() != test.lost || c.foreign() != test.foreign {
				t.Errorf("counts %+v, lost %d, foreign %d, want %+v, %d, %d", got, c.lost(), c.foreign(), test.want, test.lost, test.foreign)
			}
		})
	}
}

func TestExpected(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"<190>1 2026-11-20T12:00:00+00:00 host app web.1 - a  b #7\n":          "app[web.1]: a  b #7",
		"<190>1 2026-11-20T12:00:00+00:00 host app web.1 - \xff #7":            "app[web.1]: \uFFFD #7",
		"<190>1 2026-11-20T12:00:00+00:00 ip-10-0 app web.1 - - x #7\n":        "app[web.1]: x #7 [host ip-10-0]",
		"<190>1 2026-11-20T12:00:00+00:00 host heroku router - at=info x=1 #7": "heroku[router]: at=info x=1 #7",
	} {
		got, err := expected([]byte(raw))
		if err != nil || got.text != want || number(got.text) != 7 {
			t.Errorf("%q: %q, number %d, %v, want %q", raw, got.text, number(got.text), err, want)
		}
	}
	if _, err := expected([]byte("<190>1 2026-11-20T12:00:00+00:00 host app web.1")); err == nil {
		t.Error("a line without a message is accepted")
	}
}
