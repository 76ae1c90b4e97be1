package awslocal_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// settle lets the time pass after which queries find what is stored. moto needs none.
func (b backend) settle() {
	if b.server != nil {
		b.server.Advance(time.Minute)
	}
}

// lastDay is a query of the last 24 hours.
func lastDay(query string) logs.StartQueryInput {
	return logs.StartQueryInput{
		StartTime: aws.Int64(ago(24 * time.Hour).Unix()), EndTime: aws.Int64(ago(-time.Hour).Unix()), QueryString: &query,
	}
}

func (g testGroup) start(t *testing.T, in logs.StartQueryInput) (*string, error) {
	t.Helper()
	if in.LogGroupNames == nil && in.LogGroupIdentifiers == nil {
		in.LogGroupName = g.name
	}
	out, err := g.StartQuery(t.Context(), &in)
	if err != nil {
		return nil, err
	}
	return out.QueryId, nil
}

func (g testGroup) mustStart(t *testing.T, in logs.StartQueryInput) *string {
	t.Helper()
	id, err := g.start(t, in)
	if err != nil {
		t.Fatalf("start %s: %v", *in.QueryString, err)
	}
	return id
}

func (g testGroup) results(t *testing.T, in logs.GetQueryResultsInput) *logs.GetQueryResultsOutput {
	t.Helper()
	out, err := g.GetQueryResults(t.Context(), &in)
	if err != nil {
		t.Fatalf("get the results: %v", err)
	}
	return out
}

// query runs a query to its end, and returns its rows without @ptr.
func (g testGroup) query(t *testing.T, b backend, in logs.StartQueryInput) []string {
	t.Helper()
	id := g.mustStart(t, in)
	b.settle()
	out := g.results(t, logs.GetQueryResultsInput{QueryId: id})
	if out.Status != types.QueryStatusComplete {
		t.Errorf("%s: status %s", *in.QueryString, out.Status)
	}
	return texts(out.Results)
}

// texts returns rows without @ptr, each as name=value.
func texts(rows [][]types.ResultField) []string {
	shown := []string{}
	for _, row := range rows {
		var fields []string
		for _, f := range row {
			if *f.Field != "@ptr" {
				fields = append(fields, *f.Field+"="+*f.Value)
			}
		}
		shown = append(shown, strings.Join(fields, " "))
	}
	return shown
}

func TestQueries(t *testing.T) {
	conform(t, []check{
		{name: "fields, sort and limit", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			g.mustPut(t, shop, numbered(ago(time.Hour), 4)...)
			b.settle()
			for query, want := range map[string][]string{
				"fields @message":                                 {"@message=3", "@message=2", "@message=1", "@message=0"},
				"fields @message | sort @timestamp asc":           {"@message=0", "@message=1", "@message=2", "@message=3"},
				"fields @message, @logStream | limit 1":           {"@message=3 @logStream=" + shop},
				"fields @message | sort @timestamp asc | limit 2": {"@message=0", "@message=1"},
			} {
				if diff := cmp.Diff(want, g.query(t, b, lastDay(query))); diff != "" {
					t.Errorf("%s (-want +got):\n%s", query, diff)
				}
			}
		}},
		{name: "the range is in seconds, and inclusive", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			at := ago(time.Hour).Truncate(time.Second)
			g.mustPut(t, shop, numbered(at, 4)...)
			b.settle()
			in := lastDay("fields @message | sort @timestamp asc")
			in.StartTime, in.EndTime = aws.Int64(at.Unix()+1), aws.Int64(ago(-time.Hour).Unix())
			if diff := cmp.Diff([]string{"@message=1", "@message=2", "@message=3"}, g.query(t, b, in)); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "a row has the fields that AWS gives it", notMoto: "its timestamps are numbers", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop, "other")
			at := ago(time.Hour)
			g.mustPut(t, shop, event(at, `{"status":503}`))
			g.mustPut(t, "other", event(at.Add(time.Second), "plain"))
			b.settle()
			rows := g.results(t, logs.GetQueryResultsInput{QueryId: g.complete(t, b, lastDay("fields @log, status, missing | limit 10"))}).Results
			if len(rows) != 2 || len(rows[0]) != 2 || len(rows[1]) != 3 {
				t.Fatalf("rows: %v", texts(rows))
			}
			if *rows[0][1].Field != "@ptr" || *rows[0][1].Value == *rows[1][2].Value || *rows[0][1].Value == "" {
				t.Error("the rows are not identified by @ptr")
			}
			if got, want := texts(rows)[1], "@log="+b.account+":/heroku/apps status=503"; got != want {
				t.Errorf("row %s, want %s", got, want)
			}
			got := g.query(t, b, lastDay(`filter @logStream = "`+shop+`"`))
			if want := []string{"@timestamp=" + at.UTC().Format("2006-01-02 15:04:05.000") + ` @message={"status":503}`}; !cmp.Equal(want, got) {
				t.Errorf("rows %v, want %v", got, want)
			}
		}},
		{name: "filter, parse and stats", notMoto: "it ignores them", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			at := ago(time.Hour).Truncate(time.Hour)
			g.mustPut(t, shop, event(at, "code=H12 status=503"), event(at.Add(time.Second), "code=H10 status=503"), event(at.Add(time.Hour/2), "code=H12"))
			b.settle()
			got := g.query(t, b, lastDay(`filter @message like /code=H\d\d/ | parse @message "code=H*" as number | parse number /(?<n>\d+)/
				| stats count(*) as total by n, bin(1h) | filter total > 1 | sort total desc`))
			if want := []string{"n=12 bin(1h)=" + at.UTC().Format("2006-01-02 15:04:05.000") + " total=2"}; !cmp.Equal(want, got) {
				t.Errorf("rows %v, want %v", got, want)
			}
		}},
		{name: "several groups", notMoto: "it does not know logGroupIdentifiers", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			g.mustPut(t, shop, event(ago(time.Hour), "1"))
			other := testGroup{g.Client, aws.String("other")}
			if _, err := g.CreateLogGroup(t.Context(), &logs.CreateLogGroupInput{LogGroupName: other.name}); err != nil {
				t.Fatal(err)
			}
			if err := other.create(t, "s"); err != nil {
				t.Fatal(err)
			}
			other.mustPut(t, "s", event(ago(time.Minute), "2"))
			b.settle()
			for _, in := range []logs.StartQueryInput{
				{LogGroupNames: []string{*g.name, *other.name, *other.name}},
				{LogGroupIdentifiers: []string{"arn:aws:logs:us-east-1:" + b.account + ":log-group:/heroku/apps", *other.name}},
			} {
				day := lastDay("fields @message")
				in.StartTime, in.EndTime, in.QueryString = day.StartTime, day.EndTime, day.QueryString
				if diff := cmp.Diff([]string{"@message=2", "@message=1"}, g.query(t, b, in)); diff != "" {
					t.Error(diff)
				}
			}
		}},
		{name: "a query takes its time", notMoto: "its queries are complete at once", run: func(t *testing.T, _ backend) {
			const takes = time.Hour // much longer than the calls
			b := newBackend(localtest.StartAWS(t, awslocal.Options{QueryTime: takes}))
			g := newGroup(t, b, shop)
			began := b.server.Now()
			g.mustPut(t, shop, numbered(ago(time.Hour), 4)...)
			id := g.mustStart(t, lastDay("fields @message"))
			inTime := b.server.Now().Sub(began) < time.Second // on a busy machine, they may be found by now
			b.server.Advance(takes)
			if rows := g.results(t, logs.GetQueryResultsInput{QueryId: id}).Results; len(rows) != 0 && inTime {
				t.Errorf("events are found at once: %v", rows)
			}
			id = g.mustStart(t, lastDay("filter @message > 0"))
			for _, step := range []struct {
				after  time.Duration
				status types.QueryStatus
				rows   int
			}{
				{0, types.QueryStatusScheduled, 0}, {takes / 5, types.QueryStatusRunning, 1}, {takes, types.QueryStatusComplete, 3},
			} {
				b.server.Advance(step.after)
				out := g.results(t, logs.GetQueryResultsInput{QueryId: id})
				if out.Status != step.status || len(out.Results) != step.rows {
					t.Errorf("%s: %d rows, want %s, %d", out.Status, len(out.Results), step.status, step.rows)
				}
			}
			got := g.results(t, logs.GetQueryResultsInput{QueryId: id})
			if s := got.Statistics; s.RecordsMatched != 3 || s.RecordsScanned != 4 || s.BytesScanned != 4*27 || got.QueryLanguage != types.QueryLanguageCwli {
				t.Errorf("statistics %+v, language %s", *s, got.QueryLanguage)
			}
			_, err := g.StopQuery(t.Context(), &logs.StopQueryInput{QueryId: id})
			wantCode(t, err, "InvalidParameterException")
			id = g.mustStart(t, lastDay("fields @message"))
			if out, err := g.StopQuery(t.Context(), &logs.StopQueryInput{QueryId: id}); err != nil || !out.Success {
				t.Errorf("stop: %v", err)
			}
			b.server.Advance(takes)
			if out := g.results(t, logs.GetQueryResultsInput{QueryId: id}); out.Status != types.QueryStatusCancelled || len(out.Results) != 0 {
				t.Errorf("after StopQuery: %s, %d rows", out.Status, len(out.Results))
			}
		}},
		{name: "results come in pages", notMoto: "it has no pages", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			for range 2 {
				g.mustPut(t, shop, numbered(ago(5*time.Hour), 6000)...)
			}
			b.settle()
			if n := len(g.query(t, b, lastDay("fields @message"))); n != 10_000 {
				t.Errorf("%d rows without a limit, want 10,000", n)
			}
			in := lastDay("fields @message")
			in.Limit = aws.Int32(100_000)
			id := g.complete(t, b, in)
			first := g.results(t, logs.GetQueryResultsInput{QueryId: id})
			if len(first.Results) != 10_000 || first.NextToken == nil {
				t.Fatalf("%d rows, token %v", len(first.Results), first.NextToken)
			}
			second := g.results(t, logs.GetQueryResultsInput{QueryId: id, NextToken: first.NextToken, MaxItems: aws.Int32(1500)})
			third := g.results(t, logs.GetQueryResultsInput{QueryId: id, NextToken: second.NextToken})
			if len(second.Results) != 1500 || len(third.Results) != 500 || third.NextToken != nil {
				t.Errorf("%d and %d rows, token %v", len(second.Results), len(third.Results), third.NextToken)
			}
			b.server.Advance(time.Hour)
			_, err := g.GetQueryResults(t.Context(), &logs.GetQueryResultsInput{QueryId: id, NextToken: second.NextToken})
			wantCode(t, err, "InvalidParameterException")
		}},
		{name: "the number of running queries is limited", notMoto: "it has no limit", run: func(t *testing.T, _ backend) {
			const takes = time.Hour // much longer than the calls
			b := newBackend(localtest.StartAWS(t, awslocal.Options{QueryTime: takes}))
			g := newGroup(t, b, shop)
			for range 30 {
				g.mustStart(t, lastDay("limit 1"))
			}
			_, err := g.StartQuery(t.Context(), &logs.StartQueryInput{
				LogGroupName: g.name, StartTime: aws.Int64(0), EndTime: aws.Int64(ago(0).Unix()), QueryString: aws.String("limit 1"),
			}, func(o *logs.Options) { o.RetryMaxAttempts = 1 })
			wantCode(t, err, "LimitExceededException")
			b.server.Advance(takes)
			g.mustStart(t, lastDay("limit 1"))
		}},
	})
}

// complete runs a query to its end, and returns its ID.
func (g testGroup) complete(t *testing.T, b backend, in logs.StartQueryInput) *string {
	t.Helper()
	id := g.mustStart(t, in)
	b.settle()
	return id
}

func TestQueriesRejected(t *testing.T) {
	conform(t, []check{
		{name: "the query is malformed", notMoto: "it ignores commands that it does not know", run: func(t *testing.T, b backend) {
			g := newGroup(t, b)
			_, err := g.start(t, lastDay("fields @message | count()"))
			wantCode(t, err, "MalformedQueryException")
			malformed, ok := errors.AsType[*types.MalformedQueryException](err)
			if !ok || malformed.QueryCompileError == nil || malformed.QueryCompileError.Location == nil {
				t.Fatalf("error %v", err)
			}
			at := malformed.QueryCompileError.Location
			if *at.StartCharOffset != 18 || *at.EndCharOffset != 23 || *malformed.QueryCompileError.Message != malformed.ErrorMessage() {
				t.Errorf("location %d to %d", *at.StartCharOffset, *at.EndCharOffset)
			}
		}},
		{name: "the range is too old", notMoto: "it does not check the range", run: func(t *testing.T, b backend) {
			g := newGroup(t, b)
			in := lastDay("limit 1")
			in.EndTime = aws.Int64(ago(time.Hour).Unix()) // before the group was created
			_, err := g.start(t, in)
			wantCode(t, err, "MalformedQueryException")
			b.server.Advance(48 * time.Hour)
			if err := g.retain(t, 1); err != nil {
				t.Fatal(err)
			}
			_, err = g.start(t, lastDay("limit 1"))
			wantCode(t, err, "MalformedQueryException")
		}},
		{name: "a group does not exist", run: func(t *testing.T, b backend) {
			g := testGroup{logs.NewFromConfig(b.config), aws.String("/none")}
			_, err := g.start(t, lastDay("limit 1"))
			wantCode(t, err, "ResourceNotFoundException")
		}},
		{name: "the class has no queries", notMoto: "it has no classes", run: func(t *testing.T, b backend) {
			g := testGroup{logs.NewFromConfig(b.config), aws.String("/delivery")}
			in := &logs.CreateLogGroupInput{LogGroupName: g.name, LogGroupClass: types.LogGroupClassDelivery}
			if _, err := g.CreateLogGroup(t.Context(), in); err != nil {
				t.Fatal(err)
			}
			_, err := g.start(t, lastDay("limit 1"))
			wantCode(t, err, "InvalidOperationException")
		}},
		{name: "a query does not exist", notMoto: "it fails with status 500", run: func(t *testing.T, b backend) {
			g := newGroup(t, b)
			_, err := g.GetQueryResults(t.Context(), &logs.GetQueryResultsInput{QueryId: aws.String("none")})
			wantCode(t, err, "ResourceNotFoundException")
			_, err = g.StopQuery(t.Context(), &logs.StopQueryInput{QueryId: aws.String("none")})
			wantCode(t, err, "ResourceNotFoundException")
			id := g.mustStart(t, lastDay("limit 1"))
			_, err = g.GetQueryResults(t.Context(), &logs.GetQueryResultsInput{QueryId: id, NextToken: aws.String("none")})
			wantCode(t, err, "InvalidParameterException")
		}},
		{name: "a parameter is invalid", notMoto: "it checks none", run: func(t *testing.T, b backend) {
			g := newGroup(t, b)
			for name, change := range map[string]func(*logs.StartQueryInput){
				"limit 0":           func(in *logs.StartQueryInput) { in.Limit = aws.Int32(0) },
				"limit too large":   func(in *logs.StartQueryInput) { in.Limit = aws.Int32(100_001) },
				"negative start":    func(in *logs.StartQueryInput) { in.StartTime = aws.Int64(-1) },
				"negative end":      func(in *logs.StartQueryInput) { in.EndTime = aws.Int64(-1) },
				"end before start":  func(in *logs.StartQueryInput) { in.EndTime = aws.Int64(*in.StartTime - 1) },
				"PPL":               func(in *logs.StartQueryInput) { in.QueryLanguage = types.QueryLanguagePpl },
				"query too long":    func(in *logs.StartQueryInput) { in.QueryString = aws.String("limit 1 #" + strings.Repeat("x", 10_000)) },
				"51 groups":         func(in *logs.StartQueryInput) { in.LogGroupName, in.LogGroupNames = nil, make51() },
				"no group":          func(in *logs.StartQueryInput) { in.LogGroupName = nil },
				"two kinds of name": func(in *logs.StartQueryInput) { in.LogGroupNames = []string{groupName} },
			} {
				in := lastDay("limit 1")
				in.LogGroupName = g.name
				change(&in)
				_, err := g.StartQuery(t.Context(), &in)
				t.Log(name)
				wantCode(t, err, "InvalidParameterException")
			}
			_, err := g.GetQueryResults(t.Context(), &logs.GetQueryResultsInput{QueryId: g.mustStart(t, lastDay("limit 1")), MaxItems: aws.Int32(10_001)})
			wantCode(t, err, "InvalidParameterException")
		}},
	})
}

func make51() []string {
	var names []string
	for i := range 51 {
		names = append(names, fmt.Sprint(i))
	}
	return names
}
