package insights_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal/internal/cwlogs/insights"
)

// noon is the time of the first record; each further one is a minute later.
var noon = time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)

func records(messages ...string) []insights.Record {
	var all []insights.Record
	for i, message := range messages {
		at := noon.Add(time.Duration(i) * time.Minute).UnixMilli()
		all = append(all, insights.Record{
			Time: at, Ingested: at + 250, Message: message, Stream: "[APP]shop", Log: "000000000000:/heroku/apps", Ptr: fmt.Sprint("ptr", i),
		})
	}
	return all
}

var lines = records(
	`heroku[router]: at=info method=GET path="/a" status=200 service=7ms`,
	`heroku[router]: at=error code=H12 method=GET path="/b" status=503 service=30001ms`,
	`app[web.1]: say "hello" to a\b`,
	`{"source":"app","process":"web.1","status":200,"slow":true,"user":{"ids":[7,"x"]},"message":"ok"}`,
	`{"source":"heroku","process":"router","status":503,"service":30000,"message":"H12"}`,
	`{"source":"heroku","process":"router","status":404,"service":12,"message":"none"}`,
)

// run runs a query and returns its rows, each as name=value, without @ptr.
func run(t *testing.T, text string, limit int) []string {
	t.Helper()
	q, err := insights.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	shown := []string{}
	for _, row := range q.Run(slices.Values(lines), limit).Rows {
		var fields []string
		for _, f := range row {
			if f.Name != "@ptr" {
				fields = append(fields, f.Name+"="+f.Value)
			}
		}
		shown = append(shown, strings.Join(fields, " "))
	}
	return shown
}

// found returns the numbers of the lines that a filter keeps.
func found(t *testing.T, filter string) string {
	t.Helper()
	q, err := insights.Parse("filter " + filter + " | sort @timestamp asc")
	if err != nil {
		t.Fatalf("%s: %v", filter, err)
	}
	var numbers []string
	for _, row := range q.Run(slices.Values(lines), insights.DefaultLimit).Rows {
		numbers = append(numbers, strings.TrimPrefix(row[len(row)-1].Value, "ptr"))
	}
	return strings.Join(numbers, " ")
}

func TestFilter(t *testing.T) {
	for _, tt := range []struct{ filter, want string }{
		{`@logStream = "[APP]shop"`, "0 1 2 3 4 5"},
		{`@logStream = '[APP]blog'`, ""},
		{`@log = "000000000000:/heroku/apps" and @ptr = "ptr3"`, "3"},
		{`@message like "H12"`, "1 4"},
		{`@message like 'say "hello"'`, "2"},
		{`@message like "say \"hello\""`, "2"},
		{`@message like "a\\b"`, "2"},
		{`@message like "a\b"`, "2"},
		{`@message not like "heroku"`, "2 3"},
		{`@message like /status=[45]\d\d/`, "1"},
		{`@message like /path="\/b"/`, "1"},
		{`@message =~ /(?i)HELLO/`, "2"},
		{`@message not like /^heroku|^\{/`, "2"},
		{`status = 503`, "4"},
		{`status = "503"`, "4"},
		{`status != 503`, "0 1 2 3 5"},
		{`status >= 404`, "4 5"},
		{`status > 404 or status < 300`, "3 4"},
		{`status <= 200`, "3"},
		{`process = "router" and (status = 404 or status = 503)`, "4 5"},
		{`process = "router" and status = 404 or message = "ok"`, "3 5"},
		{`process = "router" and not status = 404`, "4"},
		{`NOT (process = "router") AND ispresent(process)`, "3"},
		{`status in [404, 200]`, "3 5"},
		{`message not in ["ok"]`, "0 1 2 4 5"},
		{`user.ids.0 = 7 and user.ids.1 = "x"`, "3"},
		{"`user.ids.0` = 7", "3"},
		{`slow = 1`, "3"},
		{`message like "none" # a comment | filter`, "5"},
		{fmt.Sprintf(`toMillis(@timestamp) <= %d`, noon.Add(time.Minute).UnixMilli()), "0 1"},
		{fmt.Sprintf(`toMillis(@ingestionTime) > %d`, noon.Add(4*time.Minute).UnixMilli()), "4 5"},
		{`@timestamp like "12:04"`, "4"},
	} {
		if got := found(t, tt.filter); got != tt.want {
			t.Errorf("%s: lines %q, want %q", tt.filter, got, tt.want)
		}
	}
}

func TestResults(t *testing.T) {
	for text, want := range map[string][]string{
		"fields @timestamp, status | filter status = 503":                                    {"@timestamp=2026-11-20 12:04:00.000 status=503"},
		"filter status = 404":                                                                {"@timestamp=2026-11-20 12:05:00.000 @message=" + lines[5].Message},
		"fields status | filter ispresent(status)":                                           {"status=404", "status=503", "status=200"}, // the newest first
		"fields status, missing | fields status, message | filter status = 200":              {"status=200 message=ok"},
		"fields status | display message | filter status = 200":                              {"message=ok"},
		"fields status | filter ispresent(status) | sort status asc":                         {"status=200", "status=404", "status=503"},
		"fields status | filter ispresent(status) | sort source desc, status desc | limit 2": {"status=503", "status=404"},
		"fields @ingestionTime, @logStream | sort @timestamp asc | limit 1":                  {"@ingestionTime=2026-11-20 12:00:00.250 @logStream=[APP]shop"},
		`parse @message "code=* method=*" as code, method | filter ispresent(code) | fields code, method`: {
			`code=H12 method=GET path="/b" status=503 service=30001ms`,
		},
		`parse @message "code=* " as code | filter ispresent(code) | display code`:                        {"code=H12"},
		`parse @message /service=(?<ms>\d+)ms/ | filter ms > 100 | display ms`:                            {"ms=30001"},
		`parse @message "path=\"*\"" as path | parse path "/*" as name | filter name = "a" | fields name`: {"name=a"},
		"stats count(*)":                                                              {"count(*)=6"},
		"stats count() as n, count(status)":                                           {"n=6 count(status)=3"},
		"filter status = 1 | stats count(*)":                                          {"count(*)=0"},
		"filter status = 1 | stats max(status) by process":                            {},
		"stats count(*) as n by process | filter n > 1 | sort n desc, process asc":    {"n=3", "process=router n=2"},
		"stats count(*) by bin(5m) | sort `bin(5m)` asc":                              {"bin(5m)=2026-11-20 12:00:00.000 count(*)=5", "bin(5m)=2026-11-20 12:05:00.000 count(*)=1"},
		"stats count(*) as n by bin(1h) as hour, process | filter process = 'router'": {"hour=2026-11-20 12:00:00.000 process=router n=2"},
		"stats sum(service) as s, avg(service) as a, min(service) as l, max(service) as h by source | filter source = 'heroku'": {
			"source=heroku s=30012 a=15006 l=12 h=30000",
		},
		"stats count(*) as n, max(status) as worst by source | filter ispresent(source) | sort worst desc | limit 1": {"source=heroku n=2 worst=503"},
	} {
		if diff := cmp.Diff(want, run(t, text, insights.DefaultLimit)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestLimits(t *testing.T) {
	for text, want := range map[string]int{"fields status": 4, "limit 3": 3, "limit 5": 4} {
		if got := len(run(t, text, 4)); got != want {
			t.Errorf("%s: %d rows, want %d", text, got, want)
		}
	}
	q, err := insights.Parse(`filter @message like "heroku" | limit 1`)
	if err != nil {
		t.Fatal(err)
	}
	if got := q.Run(slices.Values(lines), 10); got.Matched != 4 || len(got.Rows) != 1 {
		t.Errorf("%d rows, %d matched", len(got.Rows), got.Matched)
	}
}

// The example of AWS's page, https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Sort.html
func TestNaturalOrder(t *testing.T) {
	want := []string{"!", "#", "*%04", "0#", "5A", "111A", "2345_", "@", "@_", "A", "A9876fghj", "a12345hfh", "0", "01", "1", "2", "3"}
	var shuffled []insights.Record
	for i := range want {
		value := want[(i*7+3)%len(want)]
		shuffled = append(shuffled, insights.Record{Message: `{"v":"` + value + `"}`})
	}
	q, err := insights.Parse("fields v | sort v asc")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range q.Run(slices.Values(shuffled), 100).Rows {
		got = append(got, row[0].Value)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDiscoveredFieldsAreLimited(t *testing.T) {
	var members []string
	for i := range 201 {
		members = append(members, fmt.Sprintf(`"f%d":%d`, i, i))
	}
	q, err := insights.Parse("fields f0, f199, f200")
	if err != nil {
		t.Fatal(err)
	}
	row := q.Run(slices.Values(records("{"+strings.Join(members, ",")+"}")), 1).Rows[0]
	if len(row) != 3 || row[1].Value != "199" {
		t.Errorf("fields %v", row)
	}
}

func TestRejected(t *testing.T) {
	for text, want := range map[string]insights.Error{
		"":                                    {Message: "unexpected symbol found <EOF> at line 1 and position 1"},
		"fields":                              {Message: "unexpected symbol found <EOF> at line 1 and position 7", Start: 6, End: 6},
		"fields @timestamp, custom | count()": {Message: "unexpected symbol found count at line 1 and position 29", Start: 28, End: 33},
		"fields @message\n| filter a == 1":    {Message: "unexpected symbol found = at line 2 and position 13", Start: 28, End: 29},
		"filter a ~ 1":                        {Message: "unexpected symbol found ~ at line 1 and position 10", Start: 9, End: 10},
		`filter "é" = 1`:                      {Message: `unexpected symbol found "é" at line 1 and position 8`, Start: 7, End: 10},
		"limit 0":                             {Message: "limit must be a number from 1 to 10000: 0", Start: 6, End: 7},
		"limit 10001":                         {Message: "limit must be a number from 1 to 10000: 10001", Start: 6, End: 11},
		"filter a like /(/":                   {Message: "Invalid regular expression: (", Start: 14, End: 17},
		"filter a like /(?P<x>y)/":            {Message: "Invalid regular expression: (?P<x>y)", Start: 14, End: 24},
		`parse @message "*-*" as a`:           {Message: "The glob pattern has 2 wildcards, and 1 names", Start: 15, End: 20},
		`parse @message "*" as a | parse @message "*" as a`: {Message: "Ephemeral field already defined: a", Start: 48, End: 49},
		"parse @message /x/":     {Message: "The regular expression has no named groups: x", Start: 15, End: 18},
		"parse @message /(x)/":   {Message: "Each group needs a name that is not defined yet: (x)", Start: 15, End: 20},
		"filter toMillis(a) > 1": {Message: "toMillis needs a timestamp: a", Start: 15, End: 16},
	} {
		_, err := insights.Parse(text)
		got, ok := errors.AsType[*insights.Error](err)
		if !ok || *got != want {
			t.Errorf("%q: error %+v, want %+v", text, got, want)
		}
	}
	for _, text := range []string{
		"pattern @message", "diff", "filterIndex a = 1", "unmask(@message)", "dedup a", "SOURCE logGroups()", "anomaly", // not for this class, or not implemented
		"fields a as b", "fields strlen(a)", "fields a + 1", "filter a", "filter a = b", "filter a = 1 2", "filter a not = 1", "filter not", "filter (a = 1",
		"filter a in []", "filter a in [b]", "filter a in 1", "filter a like b", `filter a like "x`, "filter a like /x", "filter `` = 1", "filter strlen(a) > 1",
		"filter and = 1", "filter 1 = 1", "filter ispresent(1)", "filter ispresent a", "filter toMillis @timestamp > 1",
		"sort a", "sort a asc desc", "sort", "sort a asc | sort b asc", "sort a asc | filter a = 1", "limit", "limit x", "limit 1 | limit 1", "limit 1 | sort a asc",
		"stats", "stats avg(*)", "stats avg()", "stats median(a)", "stats count(*) by", "stats count(*) by bin(5)", "stats count(*) by bin(0m)",
		"stats count(*) by bin(m)", "stats count(*) by bin()", "stats count(*) | stats count(*)", "stats count(*) as n, count(a) as n",
		`parse "x*" as a`, `parse @message "x*"`, "parse @message x", `parse @message "x*" a`, "fields a |", "| fields a", "fields a fields b",
		"parse @message /(?<a>x)(?<a>y)/",
	} {
		_, err := insights.Parse(text)
		if _, ok := errors.AsType[*insights.Error](err); !ok {
			t.Errorf("%q: error %v, want an *Error", text, err)
		}
	}
}
