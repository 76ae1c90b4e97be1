package insights_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal/internal/cwlogs/insights"
)

func TestFunctions(t *testing.T) {
	for text, want := range map[string][]string{
		`parse @message /status=(?<text>\d+)/ | fields coalesce(status, text) as code | filter ispresent(code) | sort @timestamp asc`: {
			"code=200", "code=503", "code=200", "code=503", "code=404",
		},
		`fields coalesce(missing, status) as code, process | filter code = 404`:                           {"code=404 process=router"},
		`fields coalesce(missing, "none") as x | limit 1`:                                                 {"x=none"},
		`fields coalesce(missing, absent) as x | filter ispresent(x)`:                                     {},
		`fields concat(source, "/", process) as origin | stats count(*) as n by origin | sort origin asc`: {"n=3", "origin=app/web.1 n=1", "origin=heroku/router n=2"},
		`fields CONCAT('<', concat(message), ">") as x | filter status = 200`:                             {"x=<ok>"},
		`fields strlen(message) as n | filter status = 404`:                                               {"n=4"},
		`fields strlen(concat("ü€", "😀")) as n | limit 1`:                                                 {"n=3"},
		`fields strlen(missing) as n | filter ispresent(n)`:                                               {},
		`fields strlen(@message) as length | stats sum(length) as total`:                                  {fmt.Sprintf("total=%d", total())},
		`stats pct(service, 50) as p50, pct(service, 51), pct(service, 99.9) as p99`:                      {"p50=12 pct(service, 51)=30000 p99=30000"},
		`stats pct(missing, 50) as p50, count(*) as n`:                                                    {"n=6"},
	} {
		if diff := cmp.Diff(want, run(t, text, insights.DefaultLimit)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// total returns the number of characters in all lines.
func total() int {
	n := 0
	for _, line := range lines {
		n += len(line.Message)
	}
	return n
}

// The nearest rank: of 1 to 200, the value at a percentile is twice its number.
func TestPercentiles(t *testing.T) {
	var all []insights.Record
	for i := range 200 {
		all = append(all, insights.Record{Message: fmt.Sprintf(`{"v":%d}`, (i*37)%200+1)})
	}
	for percent, want := range map[string]string{"1": "2", "50": "100", "95": "190", "99": "198", "99.5": "199", "0.1": "1"} {
		q, err := insights.Parse("stats pct(v, " + percent + ") as p")
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Run(slices.Values(all), 1).Rows[0][0].Value; got != want {
			t.Errorf("percentile %s: %s, want %s", percent, got, want)
		}
	}
}

// Only the class Standard has discovered fields. Those of a parse command are there in each class.
func TestUndiscoveredFields(t *testing.T) {
	undiscovered := slices.Clone(lines)
	for i := range undiscovered {
		undiscovered[i].Undiscovered = true
	}
	q, err := insights.Parse(`parse @message /"status":(?<code>\d+)/ | stats count(status) as discovered, count(code) as parsed, count(@logStream) as streams`)
	if err != nil {
		t.Fatal(err)
	}
	want := []insights.Field{{Name: "discovered", Value: "0"}, {Name: "parsed", Value: "3"}, {Name: "streams", Value: "6"}}
	if diff := cmp.Diff(want, q.Run(slices.Values(undiscovered), 1).Rows[0]); diff != "" {
		t.Error(diff)
	}
}

func TestRejectedFunctions(t *testing.T) {
	for text, reason := range map[string]string{
		"fields strlen(a)":                            "unexpected symbol found <EOF>",
		"fields strlen(a, b) as n":                    "strlen takes one argument, not 2",
		"fields coalesce() as a":                      "unexpected symbol found )",
		"fields coalesce(a as b":                      "unexpected symbol found as",
		"fields coalesce(a, 1) as b":                  "unexpected symbol found 1",
		"fields abs(a) as b":                          "unexpected symbol found abs",
		"fields coalesce(a, abs(b)) as c":             "unexpected symbol found abs",
		"fields strlen(a) as b, strlen(a) as b":       "Ephemeral field already defined: b",
		"display strlen(a) as b":                      "unexpected symbol found (",
		"filter coalesce(a, b) = 1":                   "unexpected symbol found (",
		"stats sum(strlen(a))":                        "unexpected symbol found (",
		"stats count(*) as n | fields strlen(n) as m": "unexpected symbol found (",
		"stats pct(a)":                                "unexpected symbol found )",
		"stats pct(a, b)":                             "The percentile must be a number between 0 and 100: b",
		"stats pct(a, '50')":                          "The percentile must be a number between 0 and 100: '50'",
		"stats pct(a, 0)":                             "The percentile must be a number between 0 and 100: 0",
		"stats pct(a, 100)":                           "The percentile must be a number between 0 and 100: 100",
		"stats pct(a, 50, 95)":                        "unexpected symbol found ,",
		"stats avg(a, 50)":                            "unexpected symbol found ,",
		"stats count(*) by bin(61s)":                  "bin(61s) is longer than the unit allows: use a larger unit",
		"stats count(*) by bin(300s)":                 "bin(300s) is longer than the unit allows: use a larger unit",
		"stats count(*) by bin(61m)":                  "bin(61m) is longer than the unit allows: use a larger unit",
		"stats count(*) by bin(25h)":                  "bin(25h) is longer than the unit allows: use a larger unit",
	} {
		_, err := insights.Parse(text)
		e, ok := errors.AsType[*insights.Error](err)
		if !ok || !strings.HasPrefix(e.Message, reason) {
			t.Errorf("%s: error %v, want %q", text, err, reason)
		}
	}
}
