package awslocal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"
)

func TestFilterLogEvents(t *testing.T) {
	conform(t, []check{
		{name: "events of all streams are interleaved", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, "a", "b", "c")
			at := ago(time.Hour)
			for i, name := range []string{"b", "a", "c"} {
				for k := range 4 {
					g.mustPut(t, name, event(at.Add(time.Duration(k*3+i)*time.Second), fmt.Sprint(k*3+i)))
				}
			}
			want := []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}
			for _, limit := range []int32{1, 2, 5, 12, 10_000} {
				//lint:ignore SA1019 AWS has not looked at Interleaved since 2019, moto does
				in := logs.FilterLogEventsInput{Limit: aws.Int32(limit), Interleaved: aws.Bool(true)}
				if diff := cmp.Diff(want, g.messages(t, in)); diff != "" {
					t.Errorf("pages of %d:\n%s", limit, diff)
				}
			}
		}},
		{name: "events of one time are ordered as they came in", notMoto: "it orders them by stream", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, "a", "b")
			at := ago(time.Hour)
			for i, name := range []string{"b", "a", "b", "a"} {
				g.mustPut(t, name, event(at, fmt.Sprint(i)), event(at, fmt.Sprint(i, " again")))
			}
			want := []string{"0", "0 again", "1", "1 again", "2", "2 again", "3", "3 again"}
			if diff := cmp.Diff(want, g.messages(t, logs.FilterLogEventsInput{Limit: aws.Int32(3)})); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "an event has its own id, the same each time", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, "a", "b")
			at := ago(time.Hour)
			g.mustPut(t, "a", event(at, "x"), event(at, "x"))
			g.mustPut(t, "b", event(at, "x"))
			g.mustPut(t, "b", event(at, "x"))
			first, err := g.filter(t, logs.FilterLogEventsInput{})
			if err != nil || len(first) != 4 || !isSorted(first) {
				t.Fatalf("%d events, %v", len(first), err)
			}
			second, err := g.filter(t, logs.FilterLogEventsInput{Limit: aws.Int32(1), FilterPattern: aws.String("x")})
			if err != nil {
				t.Fatal(err)
			}
			seen := make(map[string]bool)
			for i, e := range first {
				if *e.EventId != *second[i].EventId {
					t.Errorf("event %d is %s, then %s", i, *e.EventId, *second[i].EventId)
				}
				seen[*e.EventId] = true
				if *e.LogStreamName == "" || *e.Timestamp != at.UnixMilli() || *e.IngestionTime < ago(time.Minute).UnixMilli() {
					t.Errorf("event %d: %+v", i, e)
				}
			}
			if len(seen) != 4 {
				t.Errorf("%d different ids", len(seen))
			}
		}},
		{name: "streams by name or prefix", notMoto: "it has no prefix", run: func(t *testing.T, b backend) {
			names := []string{shop, "[APP]shop-staging", "[APP]blog"}
			g := newGroup(t, b, names...)
			for i, name := range names {
				g.mustPut(t, name, event(ago(time.Hour-time.Duration(i)*time.Second), name))
			}
			for _, test := range []struct {
				in   logs.FilterLogEventsInput
				want []string
			}{
				{logs.FilterLogEventsInput{}, names},
				{logs.FilterLogEventsInput{LogStreamNames: []string{shop}}, names[:1]},
				{logs.FilterLogEventsInput{LogStreamNames: []string{names[2], shop, shop}}, []string{shop, names[2]}},
				{logs.FilterLogEventsInput{LogStreamNamePrefix: aws.String(shop)}, names[:2]},
				{logs.FilterLogEventsInput{LogStreamNamePrefix: aws.String("[APP]x")}, []string{}},
			} {
				if diff := cmp.Diff(test.want, g.messages(t, test.in)); diff != "" {
					t.Error(diff)
				}
			}
		}},
		{name: "start and end are both in the range", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			at := ago(time.Hour)
			g.mustPut(t, shop, numbered(at, 5)...)
			in := logs.FilterLogEventsInput{
				StartTime: aws.Int64(at.Add(time.Second).UnixMilli()), EndTime: aws.Int64(at.Add(3 * time.Second).UnixMilli()),
			}
			if diff := cmp.Diff([]string{"1", "2", "3"}, g.messages(t, in)); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "the latest first", notMoto: "it has no startFromHead", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, "a", "b")
			at := ago(time.Hour)
			g.mustPut(t, "a", event(at, "1"), event(at.Add(2*time.Second), "3"))
			g.mustPut(t, "b", event(at.Add(time.Second), "2"), event(at.Add(3*time.Second), "4"))
			for _, limit := range []int32{1, 3, 4} {
				in := logs.FilterLogEventsInput{StartFromHead: aws.Bool(false), StartTime: aws.Int64(at.UnixMilli()), Limit: aws.Int32(limit)}
				if diff := cmp.Diff([]string{"4", "3", "2", "1"}, g.messages(t, in)); diff != "" {
					t.Errorf("pages of %d:\n%s", limit, diff)
				}
			}
			_, err := g.filter(t, logs.FilterLogEventsInput{StartFromHead: aws.Bool(false)})
			wantCode(t, err, "InvalidParameterException")
		}},
		{name: "a page with events leads to another, without", notMoto: "its last page has no token", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			g.mustPut(t, shop, numbered(ago(time.Hour), 3)...)
			page, err := g.FilterLogEvents(t.Context(), &logs.FilterLogEventsInput{LogGroupName: g.name})
			if err != nil || len(page.Events) != 3 || page.NextToken == nil || page.SearchedLogStreams == nil || len(page.SearchedLogStreams) != 0 {
				t.Fatalf("%+v, %v", page, err)
			}
			page, err = g.FilterLogEvents(t.Context(), &logs.FilterLogEventsInput{LogGroupName: g.name, NextToken: page.NextToken})
			if err != nil || len(page.Events) != 0 || page.NextToken != nil {
				t.Errorf("%+v, %v", page, err)
			}
		}},
		{name: "terms and phrases", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			at := ago(time.Hour)
			g.mustPut(t, shop, event(at, "an Error happened"), event(at, "Error: it happened again"), event(at, "an error"))
			for text, want := range map[string][]string{
				"Error":            {"an Error happened", "Error: it happened again"},
				"happened Error":   {"an Error happened", "Error: it happened again"},
				`"it happened"`:    {"Error: it happened again"},
				"nothing":          {},
				`"an error" Error`: {},
			} {
				if diff := cmp.Diff(want, g.messages(t, logs.FilterLogEventsInput{FilterPattern: aws.String(text)})); diff != "" {
					t.Errorf("%s:\n%s", text, diff)
				}
			}
		}},
		{name: "the other patterns", notMoto: "it ignores -term, %regex% and { $.json }", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			at := ago(time.Hour)
			lines := []string{
				`{"source":"app","process":"web.1","status":200,"message":"ok"}`,
				`{"source":"heroku","process":"router","status":503,"message":"H12"}`,
				`app[web.1]: at=info status=200`,
				`heroku[router]: at=error code=H12 status=503`,
			}
			for _, line := range lines {
				g.mustPut(t, shop, event(at, line))
			}
			for text, want := range map[string][]string{
				`"H12 status" heroku`:   lines[3:],
				`H12 -source`:           lines[3:],
				`?H12 ?ok`:              {lines[0], lines[1], lines[3]},
				`%status=[45][0-9]{2}%`: lines[3:],
				`{ $.status >= 500 || $.message = "o*" }`:        lines[:2],
				`{ $.process = %^web% && $.missing NOT EXISTS }`: lines[:1],
				`[source = heroku*, ..., status = "status=5*"]`:  lines[3:],
			} {
				if diff := cmp.Diff(want, g.messages(t, logs.FilterLogEventsInput{FilterPattern: aws.String(text)})); diff != "" {
					t.Errorf("%s:\n%s", text, diff)
				}
			}
		}},
	})
}

func TestInfrequentAccess(t *testing.T) {
	const name, notMoto = "events can be written, and read only with Logs Insights", "it has no classes"
	conform(t, []check{{name: name, notMoto: notMoto, run: func(t *testing.T, b backend) {
		g := testGroup{logs.NewFromConfig(b.config), aws.String(groupName)}
		in := &logs.CreateLogGroupInput{LogGroupName: g.name, LogGroupClass: types.LogGroupClassInfrequentAccess}
		if _, err := g.CreateLogGroup(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		if err := g.create(t, shop); err != nil {
			t.Fatal(err)
		}
		g.mustPut(t, shop, event(ago(0), `{"status":503}`))
		if got := g.streams(t, logs.DescribeLogStreamsInput{}); got[0].LastEventTimestamp == nil {
			t.Error("the stream has no lastEventTimestamp")
		}
		const text = "The log group /heroku/apps is of log-group-class INFREQUENT_ACCESS. %s is not supported for this log class."
		_, getErr := g.get(t, logs.GetLogEventsInput{})
		_, filterErr := g.filter(t, logs.FilterLogEventsInput{})
		for operation, err := range map[string]error{"GetLogEvents": getErr, "FilterLogEvents": filterErr} {
			wantCode(t, err, "InvalidOperationException")
			if err != nil && !strings.HasSuffix(err.Error(), ": "+fmt.Sprintf(text, operation)) {
				t.Errorf("error %v", err)
			}
		}
		b.settle()
		const query = `parse @message /"status":(?<code>\d+)/ | stats count(*) as events, count(status) as discovered, count(code) as parsed`
		if got := g.query(t, b, lastDay(query)); len(got) != 1 || got[0] != "events=1 discovered=0 parsed=1" {
			t.Errorf("results %q: this class has no discovered fields", got)
		}
	}}})
}
