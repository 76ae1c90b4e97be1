package ledger_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/ledger"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// random returns an entry that adds up.
func random(r *rand.Rand) ledger.Entry {
	n := func() int { return r.IntN(3) * r.IntN(1000) }
	e := ledger.Entry{
		Posts: n(), Copies: n(), Miscounted: n(), Stored: n(), Blank: n(), Dropped: n(), Rejected: n(), Duplicates: n(), Returned: n(),
		Malformed: n(), Escaped: n(), Moved: n(), Unclaimed: n(), Unmarked: n(), L10: n(), L12: n(), L13: n(), LagMS: n(),
	}
	e.Taken = e.Stored + e.Blank + e.Dropped + e.Rejected + e.Duplicates + e.Returned
	return e
}

// logLine returns a line as a function logs it.
func logLine(at time.Time, message string, attrs ...slog.Attr) string {
	var b strings.Builder
	log := slog.New(slog.NewJSONHandler(&b, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		switch a.Key {
		case slog.MessageKey:
			a.Key = "message"
		case slog.TimeKey:
			a.Value = slog.TimeValue(at)
		}
		return a
	}}))
	log.LogAttrs(context.Background(), slog.LevelInfo, message, attrs...)
	return strings.TrimSpace(b.String())
}

// What the functions log is what the query adds up, by day and app, on Logs Insights.
func TestQuery(t *testing.T) {
	t.Parallel()
	server := localtest.StartAWS(t, awslocal.Options{})
	logs := cloudwatchlogs.NewFromConfig(server.Config())
	groups := []string{"/aws/lambda/storage", "/aws/lambda/drains"}
	for _, group := range groups {
		_, err := logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &group})
		localtest.Must(t, err)
		_, err = logs.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &group, LogStreamName: aws.String("s")})
		localtest.Must(t, err)
	}
	put := func(group string, at time.Time, text string) {
		t.Helper()
		_, err := logs.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{
			LogGroupName: &group, LogStreamName: aws.String("s"), LogEvents: []types.InputLogEvent{{Timestamp: aws.Int64(at.UnixMilli()), Message: &text}},
		})
		localtest.Must(t, err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	today := time.Now().UTC().Truncate(24 * time.Hour)
	var want []ledger.Day
	for _, day := range []time.Time{today.AddDate(0, 0, -2), today.AddDate(0, 0, -1)} {
		for _, app := range []string{"blog", "shop", "shop-staging"} {
			d := ledger.Day{Day: day, App: app}
			for i := range 3 {
				e := random(r)
				at := day.Add(time.Duration(i) * 11 * time.Hour)
				put(groups[0], at, logLine(at, ledger.BatchDone, append([]slog.Attr{slog.String("app", app), slog.Int("messages", 3)}, e.Attrs()...)...))
				d.Add(e)
				put(groups[1], at, logLine(at, ledger.PostRejected, slog.String("app", app), slog.Int("status", 401), slog.Int("lines", 5)))
				d.Refused++
			}
			put(groups[1], day, logLine(day, ledger.PostFailed, slog.String("app", app), slog.Int("status", 503)))
			d.Unavailable++
			// What is not part of the ledger: other lines, a version before it, metrics, a name that is not an app's, and what an app logs.
			put(groups[0], day, logLine(day, "events not put", slog.String("app", app), slog.Int("stored", 7)))
			put(groups[0], day, logLine(day, ledger.BatchDone, slog.String("app", app), slog.Int("lines", 7), slog.Int("stored", 7)))
			put(groups[0], day, `{"FunctionName":"f","LinesStored":7,"_aws":{}}`)
			put(groups[1], day, logLine(day, ledger.PostRejected, slog.Int("status", 400)))
			put(groups[1], day, logLine(day, "drain put", slog.String("app", app), slog.Int("taken", 7)))
			want = append(want, d)
		}
	}
	server.Advance(time.Minute) // queries find what is a few seconds old
	for _, apps := range [][]string{nil, {"shop"}, {"blog", "shop-staging"}, {"none"}} {
		rows := run(t, server, groups, ledger.Query(apps...))
		got, err := ledger.Read(rows)
		localtest.Must(t, err)
		of := slices.DeleteFunc(slices.Clone(want), func(d ledger.Day) bool { return apps != nil && !slices.Contains(apps, d.App) })
		if diff := cmp.Diff(append([]ledger.Day{}, of...), got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", apps, diff)
		}
		for _, d := range got {
			if d.Unaccounted() != 0 {
				t.Errorf("%s: %d lines are unaccounted for", d.App, d.Unaccounted())
			}
		}
	}
}

// run runs a query over the last week.
func run(t *testing.T, server *awslocal.Server, groups []string, query string) []map[string]string {
	t.Helper()
	logs := cloudwatchlogs.NewFromConfig(server.Config())
	started, err := logs.StartQuery(t.Context(), &cloudwatchlogs.StartQueryInput{
		LogGroupNames: groups, QueryString: &query, StartTime: aws.Int64(server.Now().AddDate(0, 0, -7).Unix()), EndTime: aws.Int64(server.Now().Unix()),
	})
	localtest.Must(t, err)
	server.Advance(time.Minute)
	out, err := logs.GetQueryResults(t.Context(), &cloudwatchlogs.GetQueryResultsInput{QueryId: started.QueryId})
	localtest.Must(t, err)
	var rows []map[string]string
	for _, row := range out.Results {
		values := map[string]string{}
		for _, f := range row {
			values[*f.Field] = *f.Value
		}
		rows = append(rows, values)
	}
	return rows
}

// A log line has what is not zero, and JSON has everything, under the same names.
func TestNames(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprint(ledger.Entry{}.Attrs()); got != "[taken=0]" {
		t.Errorf("an empty entry is logged as %s", got)
	}
	full := ledger.Entry{
		Posts: 1, Copies: 2, Miscounted: 3, Refused: 4, Unavailable: 5, Taken: 6, Stored: 7, Blank: 8, Dropped: 9, Rejected: 10, Duplicates: 11,
		Returned: 12, Malformed: 13, Escaped: 14, Moved: 15, L10: 16, L12: 17, L13: 18, LagMS: 19, Unclaimed: 20, Unmarked: 21,
	}
	text, err := json.Marshal(full)
	localtest.Must(t, err)
	var want map[string]int64
	localtest.Must(t, json.Unmarshal(text, &want))
	got := map[string]int64{}
	for _, a := range full.Attrs() {
		got[a.Key] = a.Value.Int64()
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 21 {
		t.Errorf("names (-JSON +log):\n%s", diff)
	}
	if lost := full.Lost(); lost != 10+16+17+18 {
		t.Errorf("%d lines are lost", lost)
	}
}

// Numbers and days may come in each form that AWS's pages show.
// TestFilters checks which log lines CloudWatch Logs makes metrics of.
func TestFilters(t *testing.T) {
	t.Parallel()
	server := localtest.StartAWS(t, awslocal.Options{})
	logs := cloudwatchlogs.NewFromConfig(server.Config())
	group, at := "/aws/lambda/storage", server.Now()
	_, err := logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &group})
	localtest.Must(t, err)
	_, err = logs.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &group, LogStreamName: aws.String("s")})
	localtest.Must(t, err)
	attrs := func(e ledger.Entry, more ...slog.Attr) []slog.Attr { return append(e.Attrs(), more...) }
	lag := func(n int) slog.Attr { return slog.Int(ledger.LineLagMember, n) }
	var batch []types.InputLogEvent
	for _, line := range []string{
		logLine(at, ledger.BatchDone, attrs(ledger.Entry{Taken: 7, Stored: 7}, lag(1500))...),
		logLine(at, ledger.BatchDone, attrs(ledger.Entry{Taken: 8, Stored: 8}, lag(0))...),
		logLine(at, ledger.BatchDone, attrs(ledger.Entry{Taken: 9, Stored: 9})...), // without a time of their own
		logLine(at, ledger.BatchDone, attrs(ledger.Entry{Taken: 3, Duplicates: 3})...),
		logLine(at, "events not put", slog.Int("stored", 5), lag(5)),
		`stored 5, "batch done"`,
	} {
		batch = append(batch, types.InputLogEvent{Timestamp: aws.Int64(at.UnixMilli()), Message: &line})
	}
	_, err = logs.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{LogGroupName: &group, LogStreamName: aws.String("s"), LogEvents: batch})
	localtest.Must(t, err)
	for filter, want := range map[ledger.Filter][]float64{ledger.StoredFilter(): {7, 8, 9}, ledger.LineLagFilter(): {1500, 0}} {
		found, err := logs.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &group, FilterPattern: &filter.Pattern})
		localtest.Must(t, err)
		var got []float64
		for _, e := range found.Events {
			var line map[string]any
			localtest.Must(t, json.Unmarshal([]byte(*e.Message), &line))
			got = append(got, line[filter.Member].(float64))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", filter.Pattern, diff)
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	row := func(day, taken string) map[string]string {
		return map[string]string{"ledgerDay": day, "app": "shop", "message": ledger.BatchDone, "sum_taken": taken, "sum_stored": taken, "logLines": "1"}
	}
	noon := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	want := []ledger.Day{{Day: noon, App: "shop", Entry: ledger.Entry{Taken: 1200, Stored: 1200}}}
	for _, r := range []map[string]string{
		row("2026-11-20 00:00:00.000", "1200"), row("1795132800000", "1200.0"), row("2026-11-20 00:00:00.000", "1.2E3"),
	} {
		got, err := ledger.Read([]map[string]string{r})
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v: %v (-want +got):\n%s", r, err, diff)
		}
	}
	for _, r := range []map[string]string{row("yesterday", "1"), row("", "1"), row("2026-11-20 00:00:00.000", "many")} {
		if _, err := ledger.Read([]map[string]string{r}); err == nil {
			t.Errorf("%v: no error", r)
		}
	}
}
