package trace_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/trace"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logformat"
)

const (
	group = "/heroku/apps"
	id    = "4c7a6b0e-1b0f-4a52-9a3e-2f7d8c6b5a41"
)

// store is a CloudWatch Logs with the log streams of shop and blog, in a class and a storage format.
type store struct {
	t      *testing.T
	server *awslocal.Server
	client *cloudwatchlogs.Client
	format func(app string) logformat.Format
}

// inEach runs a test with each class of log group and each storage format.
func inEach(t *testing.T, test func(t *testing.T, s *store)) {
	for _, class := range []types.LogGroupClass{types.LogGroupClassStandard, types.LogGroupClassInfrequentAccess} {
		for name, format := range map[string]func(string) logformat.Format{
			"text": func(string) logformat.Format { return logformat.Text() }, "json": func(string) logformat.Format { return logformat.JSON() },
		} {
			t.Run(string(class)+" "+name, func(t *testing.T) {
				server := localtest.StartAWS(t, awslocal.Options{})
				s := &store{t: t, server: server, client: cloudwatchlogs.NewFromConfig(server.Config()), format: format}
				_, err := s.client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(group), LogGroupClass: class})
				localtest.Must(t, err)
				for _, app := range []string{"shop", "blog"} {
					_, err := s.client.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String(group), LogStreamName: aws.String("[APP]" + app)})
					localtest.Must(t, err)
				}
				test(t, s)
			})
		}
	}
}

// put stores a line of an app, and lets the time pass after which queries find it.
func (s *store) put(at time.Time, app, source, process, message string) {
	s.t.Helper()
	sum := sha256.Sum256([]byte(app + at.String() + source + process + message))
	l := logformat.Line{Time: at, ID: logformat.ID(binary.BigEndian.Uint64(sum[:])).At(at), Source: []byte(source), Process: []byte(process), Message: []byte(message)}
	_, err := s.client.PutLogEvents(s.t.Context(), &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: aws.String(group), LogStreamName: aws.String("[APP]" + app),
		LogEvents: []types.InputLogEvent{{Timestamp: aws.Int64(at.UnixMilli()), Message: aws.String(string(s.format(app).Append(nil, &l)))}},
	})
	localtest.Must(s.t, err)
	s.server.Advance(2 * time.Second)
}

func (s *store) find(since, until time.Time) trace.Story {
	s.t.Helper()
	story, err := trace.Find(s.t.Context(), trace.Query{
		Client: s.client, Group: group, Apps: map[string]string{"[APP]shop": "shop", "[APP]blog": "blog"}, RequestID: id, Since: since, Until: until,
		Wait: localtest.AdvanceInsteadOfWaiting(s.server),
	})
	localtest.Must(s.t, err)
	return story
}

// texts returns the lines as "shop: message".
func texts(lines []trace.Line) []string {
	var found []string
	for _, line := range lines {
		l := logs.ReadLine(line.Event)
		found = append(found, line.App+": "+string(l.Message))
	}
	return found
}

func TestTheStoryOfARequest(t *testing.T) {
	inEach(t, func(t *testing.T, s *store) {
		now := time.Now().Truncate(time.Second)
		at := now.Add(-20 * time.Minute)
		router := `at=error code=H12 desc="Request timeout" method=GET path="/pay?request_id=other&dyno=web.9" host=shop.example request_id=` + id +
			` fwd="192.0.2.1" dyno=web.1 connect=1ms service=30000ms status=503 bytes=0 protocol=https`
		s.put(at.Add(-8*24*time.Hour), "shop", "app", "api", "Release v10 created by user old@example.com")
		s.put(at.Add(-2*time.Hour), "shop", "app", "api", "Release v11 created by user ann@example.com")
		s.put(at.Add(-2*time.Hour+time.Second), "shop", "app", "api", "Deploy 4c7a6b0e by user ann@example.com")
		s.put(at.Add(-time.Hour), "shop", "app", "web.1", "Release v99 created by a dyno")
		s.put(at.Add(-15*time.Minute), "shop", "heroku", "web.1", "State changed from starting to up")
		s.put(at.Add(-5*time.Minute), "shop", "heroku", "web.1", "Error R14 (Memory quota exceeded)")
		s.put(at.Add(-5*time.Minute), "shop", "heroku", "web.1", "source=web.1 dyno=heroku.1 sample#memory_total=600.00MB")
		s.put(at.Add(-5*time.Minute), "shop", "heroku", "web.10", "Error R14 (Memory quota exceeded)")
		s.put(at.Add(-20*time.Second), "shop", "app", "web.1", "paying request_id="+id)
		s.put(at.Add(-10*time.Second), "blog", "app", "web.2", `{"level":"info","request_id":"`+id+`"}`)
		s.put(at, "shop", "heroku", "router", router)
		s.put(at.Add(time.Second), "shop", "heroku", "web.1", "State changed from up to crashed")
		s.put(at.Add(time.Minute), "shop", "app", "api", "Release v12 created by user ann@example.com")
		s.put(at.Add(time.Minute), "shop", "heroku", "router", strings.ReplaceAll(router, id, "another-request"))

		story := s.find(now.Add(-time.Hour), now)
		if diff := cmp.Diff([]string{"shop: paying request_id=" + id, `blog: {"level":"info","request_id":"` + id + `"}`, "shop: " + router}, texts(story.Lines)); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
		if story.Router == nil || texts([]trace.Line{*story.Router})[0] != "shop: "+router {
			t.Errorf("router %v", story.Router)
		}
		want := []trace.Request{{
			App: "shop", StartedAt: at.Add(-30_001 * time.Millisecond), EndedAt: at, Method: "GET", Host: "shop.example", Path: "/pay?request_id=other&dyno=web.9",
			Status: 503, Code: "H12", Reason: "Request timeout", Dyno: "web.1", ConnectMS: new(1.0), ServiceMS: new(30_000.0), Bytes: new(0.0),
		}}
		sameTime := cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
		if diff := cmp.Diff(want, story.Requests, sameTime); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"shop: Error R14 (Memory quota exceeded)", "shop: State changed from up to crashed"}, texts(story.DynoLines)); diff != "" || story.Dyno != "web.1" {
			t.Errorf("dyno %s (-want +got):\n%s", story.Dyno, diff)
		}
		if r := story.Release; r == nil || r.Version != "v11" || r.By != "ann@example.com" || r.App != "shop" || !r.At.Equal(at.Add(-2*time.Hour)) {
			t.Errorf("release %+v", r)
		}
		text, err := json.Marshal(story)
		localtest.Must(t, err)
		var object struct {
			RequestID string `json:"request_id"`
			Apps      []string
			Router    struct {
				Status  int
				Service float64
			}
			Lines   []struct{ ID, App string }
			Release struct {
				Version string
				Line    struct{ Message string }
			}
		}
		localtest.Must(t, json.Unmarshal(text, &object))
		if object.RequestID != id || object.Router.Status != 503 || object.Router.Service != 30_000 || len(object.Lines) != 3 || object.Lines[1].App != "blog" ||
			object.Lines[0].ID == "" || object.Release.Version != "v11" || object.Release.Line.Message == "" || fmt.Sprint(object.Apps) != "[blog shop]" {
			t.Errorf("JSON %s", text)
		}
	})
}

func TestARequestThatTheRouterDoesNotMention(t *testing.T) {
	inEach(t, func(t *testing.T, s *store) {
		now := time.Now().Truncate(time.Second)
		at := now.Add(-20 * time.Minute)
		s.put(at.Add(-time.Hour), "blog", "app", "api", "Release v3 created by user ann@example.com")
		s.put(at.Add(-time.Minute), "blog", "heroku", "worker.1", "Restarting")
		s.put(at, "blog", "app", "worker.1", "job of "+id)
		s.put(at, "shop", "heroku", "router", `at=info method=GET path="/`+id+`" request_id=another dyno=web.1 connect=1ms service=1ms status=200 bytes=0`)
		story := s.find(now.Add(-time.Hour), now)
		if story.Router != nil || len(story.Requests) != 0 || len(story.Lines) != 2 || story.Dyno != "worker.1" || story.Release == nil || len(story.DynoLines) != 1 {
			t.Errorf("story %+v", story)
		}
		none := s.find(now.Add(-time.Minute), now)
		if len(none.Lines) != 0 || none.Release != nil || none.Dyno != "" {
			t.Errorf("story of no lines: %+v", none)
		}
		if text, err := json.Marshal(none); err != nil || !strings.Contains(string(text), `"lines":[]`) || !strings.Contains(string(text), `"router":null`) {
			t.Errorf("JSON %s, %v", text, err)
		}
	})
}

// Whatever a line says, what is read of it is a time, and the text of the line.
func FuzzLines(f *testing.F) {
	for _, text := range []string{
		"at=info request_id=" + id + " connect=1ms service=5ms status=200", "request_id=" + id + " service=99999999999999999999ms status=x connect=-1ms",
		"at=error code=H12 path=\"/\" \" request_id=" + id + " dyno=web.99999999999999999999", "Release v1 created by user a", "Release v999999999999 created by \x00",
	} {
		f.Add(text)
	}
	at := time.Date(2026, 11, 22, 15, 17, 21, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		l := logformat.Line{Time: at, Source: []byte("heroku"), Process: []byte("router"), Message: []byte(text)}
		if r, ok := trace.ReadRequest("shop", id, &l); ok {
			if r.StartedAt.After(at) || at.Sub(r.StartedAt) > 5*24*time.Hour {
				t.Errorf("%q: %+v", text, r)
			}
			if _, err := json.Marshal(r); err != nil {
				t.Errorf("%q: %v", text, err)
			}
		}
		l.Process = []byte("api")
		if r, ok := trace.ReadRelease(trace.Line{App: "shop"}, &l); ok && !strings.Contains(text, r.By) {
			t.Errorf("%q: %+v", text, r)
		}
	})
}
