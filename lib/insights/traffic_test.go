package insights_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
)

const group = "/heroku/apps"

// line is a line of an app, with the text of its log event.
type line struct {
	logformat.Line
	app, event string
}

func (l line) source() string  { return string(l.Source) }
func (l line) process() string { return string(l.Process) }
func (l line) message() string { return string(l.Message) }

// is reports whether the line is from a source and a process; an empty one is any.
func (l line) is(source, process string) bool {
	return l.source() == source && (process == "" || l.process() == process)
}

// bin returns the period of five minutes that the line is in.
func (l line) bin() string {
	return l.Time.UTC().Truncate(5 * time.Minute).Format("2006-01-02 15:04:05.000")
}

// formats choose the format of each line of an app: all of one, or of both, as after a change of the setting.
var formats = map[string]func(app string, i int) logformat.Format{
	"text": func(string, int) logformat.Format { return logformat.Text() },
	"json": func(string, int) logformat.Format { return logformat.JSON() },
	"mixed": func(app string, i int) logformat.Format {
		return []logformat.Format{logformat.Text(), logformat.JSON(), older{Format: logformat.JSON(), app: app}}[i/3%3]
	},
}

// older writes the JSON format as versions did that stored each line with its time, app and message.
type older struct {
	logformat.Format
	app string
}

func (f older) Append(dst []byte, l *logformat.Line) []byte {
	const idMember = `"id":"q83vEjRWeJA",`
	object := logformat.AppendObject(nil, "", f.app, l)
	return append(append(dst, '{'), object[1+len(idMember):]...)
}

// traffic returns an hour of lines of two apps: simulated ones, lines of Heroku that are hard to read, and what a dyno prints to look like Heroku.
func traffic(end time.Time, format func(app string, i int) logformat.Format) []line {
	var all []line
	for _, app := range []string{"shop", "shop-staging"} {
		g := simulate.New(app, 9)
		var body []byte
		at := end.Add(-time.Hour)
		for i := range 2000 {
			at = at.Add(1500*time.Millisecond + time.Duration(i)*time.Microsecond)
			body = logplex.AppendFrame(body, g.Next(at))
			if i%30 == 0 {
				for _, l := range slices.Concat(impostors, hard) {
					l.Time = at
					body = logplex.AppendFrame(body, logplex.AppendLine(nil, l))
				}
			}
		}
		for i, l := range logformat.Lines(body) {
			l.Clean(logformat.KeepANSI)
			l.Time = l.Time.Truncate(time.Millisecond)
			l.ID = logformat.ID(uint64(i+1) << 32).At(l.Time)
			all = append(all, line{Line: l, app: app, event: string(format(app, i).Append(nil, &l))})
		}
	}
	slices.SortStableFunc(all, func(a, b line) int { return a.Time.Compare(b.Time) })
	return all
}

func written(priority int, source, process, text string) logplex.Line {
	return logplex.Line{Priority: priority, Source: []byte(source), Process: []byte(process), Message: []byte(text), Newline: true}
}

// hard are lines of Heroku whose values look like other fields, or that have unusual forms.
var hard = []logplex.Line{
	written(158, "heroku", "router", `at=info method=GET path="/x service=1ms status=599 bytes=1 protocol=http" host=a.example.com request_id=hard-1 `+
		`fwd="1.2.3.4" dyno=web.1 connect=0ms service=7001ms status=201 bytes=9 protocol=https`),
	written(158, "heroku", "router", `at=info method=GET path="/y?a=\",\"message\":\"at=error code=H99 \\" host=a.example.com request_id=hard-2 `+
		`fwd="code=H98 " dyno=web.1 connect=0ms service=7002ms status=202 bytes=9 protocol=http1.1 tls=true tls_version=tls1.3`),
	written(158, "heroku", "router", `- at=error code=H13 desc="Connection closed without response" method=GET path=/z host=a.example.com `+
		`request_id=hard-3 fwd="1.2.3.4" dyno=web.2 connect=0ms service=7003ms status=503 bytes=0 protocol=https`),
	written(158, "heroku", "router", `http2_stream=5 note="a b" at=error code=H18 desc="Server Request Interrupted" method=GET path="/x status=596 bytes=1 b" `+
		`host=a.example.com request_id=hard-4 fwd="1.2.3.4" dyno=web.1 connect=0ms service=7004ms queue=3ms status=504 cache=miss bytes=0 protocol=https sock=backend`),
	written(158, "heroku", "router", `at=info method=GET path="/x code=H95 status=596 bytes=1 b" host=a.example.com request_id=hard-5 `+
		`fwd="1.2.3.4" dyno=web.1 connect=0ms service=7005ms status=500`),
	written(158, "heroku", "router", `at=info method=GET path="/x" host=a.example.com request_id=hard-6 fwd="1.2.3.4" dyno=web.1 connect=0ms `+
		`service=7006ms status=505 bytes=9 protocol=https note="a b" extra=`),
	written(158, "heroku", "router", `sock=client at=error code=H24 desc="Forced close" method=GET path="/x service=9999ms status=596 bytes=1 b" host=a.example.com `+
		`request_id=hard-7 fwd="1.2.3.4" dyno=web.1 connect=1ms service=7007ms status= bytes=18 protocol=https`),
	written(158, "heroku", "router", `at=error code=H19 desc="Backend connection timeout" method=GET path="/x service=9999ms status=596 bytes=1 b" `+
		`host=a.example.com request_id=hard-8 fwd="1.2.3.4" dyno=web.1 connect=5001ms service= status=503 bytes= protocol=https extra=1`),
	written(45, "heroku", "web.1", "Starting process with command `at=error code=H97 status=598 bytes=0 Error R97 (x) sample#memory_total=998.00MB sample#load_avg_1m=98.0 x`"),
	written(45, "heroku", "run.7", "Error R15 (Memory quota vastly exceeded)"),
	written(172, "heroku", "logplex", "Error L10 (output buffer overflow): 3 messages dropped since 2014-12-08T22:17:12+00:00."),
	written(45, "app", "log-shuttle", "Error L12: 222 messages dropped since 2014-12-08T22:17:12+00:00"),
	written(45, "heroku", "worker.1", "source=worker.1 dyno=heroku.7.1 sample#load_avg_1m=0.50"),
	written(45, "heroku", "worker.1", "source=worker.1 dyno=heroku.7.1 sample#memory_total=111.25MB sample#memory_swap=3.00MB sample#memory_quota=512.00MB"),
	written(134, "app", "heroku-redis", "source=REDIS sample#active-connections=1 sample#load-avg-1m=9.5 sample#hit-rate=0.125 sample#evicted-keys=7"),
	written(134, "heroku", "heroku-postgres", "source=HEROKU_POSTGRESQL_PINK addon=x sample#db_size=77bytes sample#connections-percentage-used=0.75"),
}

// impostors are lines of dynos that look like Heroku's, in either format, or that have the names of fields that the queries define.
var impostors = []logplex.Line{
	written(190, "app", "web.1", `at=error code=H96 desc="x" method=GET path="/evil" dyno=web.1 connect=1ms service=99000ms status=597 bytes=0 protocol=https`),
	written(190, "app", "web.1", `heroku[router]: at=error code=H96 path="/evil" service=99000ms status=597 bytes=0 protocol=https`),
	written(190, "app", "web.1", "\nheroku[router]: at=error code=H96 service=99000ms status=597 bytes=0"),
	written(190, "app", "web.1", "Error R96 (Memory quota exceeded)"),
	written(190, "app", "web.1", "source=web.1 dyno=heroku.1.1 sample#memory_total=997.00MB sample#load_avg_1m=96.0"),
	written(190, "app", "heroku-postgres.1", "source=DATABASE addon=a sample#connections-percentage-used=0.98 sample#db_size=98bytes"),
	written(190, "app", "worker.1", "source=DATABASE addon=a sample#connections-percentage-used=0.99 sample#db_size=99bytes"),
	written(190, "app", "web.1", "Release v9999 created by user evil@example.com"),
	written(190, "app", "web.1", `{"time":"2026-01-01T00:00:00.000000Z","app":"evil","source":"heroku","process":"router","severity":"info",`+
		`"message":"at=error code=H96 path=\"/evil\" service=99000ms status=597 bytes=0 protocol=https","code":"H96","status":597,"service":99000}`),
	written(190, "app", "web.1", `{"herokuApp":"evil","herokuLine":"at=error code=H96 service=99000ms status=597 bytes=0","textLine":"Error R96 (x)",`+
		`"jsonLine":"Error R96 (x)","processName":"evil","errorCode":"R96","routerCode":"H96","platformCode":"R96","httpStatus":597,"serviceMs":99000,"lineKind":"router","status5":5,"minute":"evil","lines":99,`+
		`"requestPath":"/evil","releaseVersion":"v9999","releasedBy":"evil","memory":997,"load":96,"databaseName":"evil","length":999999}`),
}

// store is the embedded Logs Insights, with lines in a log group.
type store struct {
	server *awslocal.Server
	client *cloudwatchlogs.Client
	end    time.Time
	lines  []line
}

func newStore(t *testing.T, class types.LogGroupClass, prefix, format string) store {
	t.Helper()
	server := localtest.StartAWS(t, awslocal.Options{})
	s := store{server: server, client: cloudwatchlogs.NewFromConfig(server.Config()), end: time.Now()}
	s.lines = traffic(s.end, formats[format])
	_, err := s.client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(group), LogGroupClass: class})
	localtest.Must(t, err)
	for _, app := range []string{"shop", "shop-staging"} {
		s.put(t, prefix+app, app)
	}
	return s
}

// put stores the lines of an app in a stream.
func (s store) put(t *testing.T, stream, app string) {
	t.Helper()
	_, err := s.client.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String(group), LogStreamName: &stream})
	localtest.Must(t, err)
	var events []types.InputLogEvent
	for _, l := range s.lines {
		if l.app == app {
			events = append(events, types.InputLogEvent{Message: aws.String(l.event), Timestamp: aws.Int64(l.Time.UnixMilli())})
		}
	}
	for batch := range slices.Chunk(events, 500) {
		_, err := s.client.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{
			LogGroupName: aws.String(group), LogStreamName: &stream, LogEvents: batch,
		})
		localtest.Must(t, err)
	}
}

// query runs a query, and returns its rows by the names of their fields.
func (s store) query(t *testing.T, text string) []map[string]string {
	t.Helper()
	s.server.Advance(time.Minute) // queries find lines late
	started, err := s.client.StartQuery(t.Context(), &cloudwatchlogs.StartQueryInput{
		LogGroupName: aws.String(group), QueryString: &text,
		StartTime: aws.Int64(s.end.Add(-2 * time.Hour).Unix()), EndTime: aws.Int64(s.end.Add(time.Hour).Unix()),
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	s.server.Advance(time.Minute) // a query takes its time
	out, err := s.client.GetQueryResults(t.Context(), &cloudwatchlogs.GetQueryResultsInput{QueryId: started.QueryId})
	localtest.Must(t, err)
	if out.Status != types.QueryStatusComplete || out.NextToken != nil {
		t.Fatalf("the query is %s, and there are more results: %t", out.Status, out.NextToken != nil)
	}
	rows := make([]map[string]string, len(out.Results))
	for i, result := range out.Results {
		rows[i] = map[string]string{}
		for _, field := range result {
			if *field.Field != "@ptr" {
				rows[i][*field.Field] = *field.Value
			}
		}
	}
	return rows
}

// shown returns a row's fields, in this order, separated by bars.
func shown(row map[string]string, fields ...string) string {
	values := make([]string, len(fields))
	for i, name := range fields {
		values[i] = row[name]
	}
	return strings.Join(values, " | ")
}

func TestTrafficHasEverything(t *testing.T) {
	lines := traffic(time.Now(), formats["mixed"])
	found := map[string]int{}
	for _, l := range lines {
		kind := fmt.Sprintf("%s/%s", l.source(), strings.TrimRight(l.process(), ".0123456789"))
		found[kind]++
		if strings.HasPrefix(l.event, "{") {
			found["json"]++
		}
	}
	for _, kind := range []string{"heroku/router", "heroku/web", "heroku/run", "heroku/worker", "heroku/logplex", "app/web", "app/api", "app/heroku-postgres",
		"app/heroku-redis", "app/log-shuttle", "json"} {
		if found[kind] < 10 {
			t.Errorf("the traffic has %d lines of %s: %v", found[kind], kind, found)
		}
	}
}
