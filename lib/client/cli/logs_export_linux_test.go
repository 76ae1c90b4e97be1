package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/stack"
)

// replay answers FilterLogEvents as the first time when it was asked for the same page, and passes all other calls on.
type replay struct {
	to      http.Handler
	answers map[string]*httptest.ResponseRecorder // by streams and token
}

func (r *replay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Header.Get("X-Amz-Target") != "Logs_20140328.FilterLogEvents" {
		r.to.ServeHTTP(w, req)
		return
	}
	body, _ := io.ReadAll(req.Body)
	var in struct {
		LogStreamNames []string
		NextToken      string
	}
	if err := json.Unmarshal(body, &in); err != nil {
		panic(err) // cannot happen: the SDK has written it
	}
	page := fmt.Sprint(in.LogStreamNames, in.NextToken)
	answer := r.answers[page]
	if answer == nil {
		answer = httptest.NewRecorder()
		req.Body = io.NopCloser(bytes.NewReader(body))
		r.to.ServeHTTP(answer, req)
		r.answers[page] = answer
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	_, _ = w.Write(answer.Body.Bytes())
}

// BenchmarkExport prints all lines of a day. The answers of CloudWatch Logs are recorded first, so that the embedded AWS takes no time.
func BenchmarkExport(b *testing.B) {
	s := localtest.Start(b, local.Options{})
	target, err := url.Parse(s.AWS.AWSURL())
	localtest.Must(b, err)
	server := httptest.NewServer(&replay{to: httputil.NewSingleHostReverseProxy(target), answers: map[string]*httptest.ResponseRecorder{}})
	defer server.Close()
	run := func(awsURL string, stdout io.Writer, args ...string) {
		flags := []string{"--local", "--local-api-url", s.AWS.APIURL(), "--local-aws-url", awsURL}
		if code := cli.MainThatWaits(b.Context(), append(args, flags...), strings.NewReader(""), stdout, io.Discard, clock.Sleep); code != 0 {
			b.Fatalf("%q: exit code %d", args, code)
		}
	}
	const count, batch = 100_000, 2000
	client := cloudwatchlogs.NewFromConfig(s.AWS.Config())
	began := time.Now().Add(-23 * time.Hour)
	for _, stored := range []string{"text", "json"} {
		format := logformat.Text()
		if stored == "json" {
			format = logformat.JSON()
		}
		run(s.AWS.AWSURL(), io.Discard, "put", "-a", "as-"+stored)
		for n := 0; n < count; n += batch {
			var events []types.InputLogEvent
			for i := n; i < n+batch; i++ {
				at := began.Add(time.Duration(i) * (23 * time.Hour / count)).Truncate(time.Microsecond)
				l := logformat.Line{Time: at, Source: []byte("app"), Process: []byte("web.1"), Severity: "info", ID: logformat.ID(uint64(i+1) << 20).At(at)}
				switch i % 4 {
				case 0, 1:
					l.Source, l.Process = []byte("heroku"), []byte("router")
					l.Message = fmt.Appendf(nil, `at=info method=GET path="/articles/%d" host=shop.example.com request_id=%08d-1b0f-4a52-9a3e-2f7d8c6b5a41 fwd="203.0.113.7" `+
						`dyno=web.1 connect=0ms service=18ms status=200 bytes=7 protocol=http1.1 tls=true tls_version=tls1.3`, i, i)
				case 2:
					l.Message = fmt.Appendf(nil, `{"level":"info","msg":"request handled","status":200,"duration_ms":%d.5,"user":{"id":%d,"plan":"pro"}}`, i, i)
				default:
					l.Message = fmt.Appendf(nil, "Completed 200 OK in %dms (Views: %d.1ms | ActiveRecord: 1.1ms)", i, i)
				}
				events = append(events, types.InputLogEvent{Timestamp: aws.Int64(at.UnixMilli()), Message: aws.String(string(format.Append(nil, &l)))})
			}
			_, err := client.PutLogEvents(b.Context(), &cloudwatchlogs.PutLogEventsInput{
				LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: aws.String(stack.DefaultStreamPrefix + "as-" + stored), LogEvents: events,
			})
			localtest.Must(b, err)
		}
		for _, printed := range []string{"full", "raw", "json"} {
			args := []string{"logs", "-a", "as-" + stored, "--since", "1d", "--format", printed}
			var lines localtest.Buffer
			run(server.URL, &lines, args...)
			if got := strings.Count(lines.String(), "\n"); got != count {
				b.Fatalf("%d lines, want %d", got, count)
			}
			b.Run(stored+"/"+printed, func(b *testing.B) {
				b.ReportAllocs()
				begin := cpuTime(b)
				for b.Loop() {
					run(server.URL, io.Discard, args...)
				}
				b.ReportMetric(float64((cpuTime(b)-begin).Nanoseconds())/float64(b.N)/count, "cpu-ns/line")
			})
		}
	}
}
