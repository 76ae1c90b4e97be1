package logs_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// store is a CloudWatch Logs with one log stream.
type store struct {
	t      *testing.T
	server *awslocal.Server
	client *cloudwatchlogs.Client
	search string // the operation that starts a search
}

const (
	group  = "/heroku/apps"
	stream = "[APP]shop"
)

// inEachClass runs a test with a log group of each class that can be read: Standard with FilterLogEvents, Infrequent Access with queries.
func inEachClass(t *testing.T, test func(t *testing.T, s *store)) {
	t.Helper()
	for class, search := range map[types.LogGroupClass]string{
		types.LogGroupClassStandard: "FilterLogEvents", types.LogGroupClassInfrequentAccess: "StartQuery",
	} {
		t.Run(string(class), func(t *testing.T) {
			s := newStore(t, class)
			s.search = search
			test(t, s)
		})
	}
}

func newStore(t *testing.T, class types.LogGroupClass) *store {
	t.Helper()
	server := localtest.StartAWS(t, awslocal.Options{})
	client := cloudwatchlogs.NewFromConfig(server.Config())
	_, groupErr := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(group), LogGroupClass: class})
	_, streamErr := client.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{
		LogGroupName: aws.String(group), LogStreamName: aws.String(stream),
	})
	if err := errors.Join(groupErr, streamErr); err != nil {
		t.Fatal(err)
	}
	return &store{t: t, server: server, client: client}
}

// put stores a line, and lets the time pass after which queries find it.
func (s *store) put(at time.Time, line string) {
	s.t.Helper()
	s.putIn(stream, at, line)
	s.server.Advance(2 * time.Second)
}

// putIn stores a line in a stream.
func (s *store) putIn(stream string, at time.Time, line string) {
	s.t.Helper()
	_, err := s.client.PutLogEvents(context.WithoutCancel(s.t.Context()), &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: aws.String(group), LogStreamName: aws.String(stream),
		LogEvents: []types.InputLogEvent{{Timestamp: aws.Int64(at.UnixMilli()), Message: &line}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *store) stream(selection logs.Selection) *logs.Streams {
	return &logs.Streams{
		Client: s.client, Group: group, Names: []string{stream}, Selection: selection, Wait: localtest.AdvanceInsteadOfWaiting(s.server),
	}
}

// read returns the texts of the lines in a range of a selection.
func (s *store) read(selection logs.Selection, r logs.Range) []string {
	s.t.Helper()
	var texts []string
	err := s.stream(selection).Read(s.t.Context(), r, func(e logs.Event) error {
		texts = append(texts, textOf(e))
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return texts
}

func textOf(e logs.Event) string {
	l := logs.ReadLine(e)
	return string(l.Message)
}

func TestReadARange(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		hour := time.Now().Truncate(time.Second).Add(-time.Hour)
		minute := func(n int) time.Time { return hour.Add(time.Duration(n) * time.Minute) }
		for n := range 6 {
			s.put(minute(n), fmt.Sprintf("app[web.1]: %d %s", n, strings.Repeat("x", n)))
		}
		for name, tt := range map[string]struct {
			pattern string
			r       logs.Range
			want    string
		}{
			"everything":         {want: "0 1 2 3 4 5"},
			"since, inclusive":   {r: logs.Range{Since: minute(3)}, want: "3 4 5"},
			"until, inclusive":   {r: logs.Range{Until: minute(2)}, want: "0 1 2"},
			"between":            {r: logs.Range{Since: minute(1), Until: minute(3)}, want: "1 2 3"},
			"nothing in between": {r: logs.Range{Since: minute(6)}},
			"last":               {r: logs.Range{Last: new(2)}, want: "4 5"},
			"last until":         {r: logs.Range{Last: new(2), Until: minute(2)}, want: "1 2"},
			"last since":         {r: logs.Range{Last: new(3), Since: minute(4)}, want: "4 5"},
			"more than there is": {r: logs.Range{Last: new(9)}, want: "0 1 2 3 4 5"},
			"last of none":       {r: logs.Range{Last: new(0)}},
			"a pattern":          {pattern: "xxxx", r: logs.Range{}, want: "4 5"},
			"last of a pattern":  {pattern: "xx", r: logs.Range{Last: new(1), Until: minute(3)}, want: "3"},
		} {
			var got []string
			for _, text := range s.read(logs.Selection{Pattern: tt.pattern}, tt.r) {
				got = append(got, text[:1])
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

func TestReadMoreThanAPage(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		hour := time.Now().Add(-time.Hour)
		long := strings.Repeat("y", 900_000) // a page holds 1 MB
		for n := range 3 {
			s.put(hour.Add(time.Duration(n)*time.Second), "app[web.1]: "+long)
		}
		for _, r := range []logs.Range{{}, {Last: new(3)}} {
			if n := len(s.read(logs.Selection{}, r)); n != 3 {
				t.Errorf("%d lines", n)
			}
		}
	})
}

func TestReadASelection(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		at := time.Now().Add(-time.Minute).Truncate(time.Second)
		stamp := at.UTC().Format("2006-01-02T15:04:05.000000Z")
		for n, line := range []string{
			"app[web.1]: 0 worker.1 heroku router",
			"app[web.10]: 1",
			"app[worker.1]: 2 web.1",
			"heroku[web.1]: 3",
			"heroku[router]: 4 app web.1",
			`{"time":"` + stamp + `","app":"shop","source":"app","process":"web.2","message":"5"}`,
			`{"time":"` + stamp + `","app":"shop","source":"heroku","process":"router","message":"6 web.1 app"}`,
			"by hand: app web.1",
		} {
			s.put(at.Add(time.Duration(n)*time.Millisecond), line)
		}
		for _, tt := range []struct {
			selection logs.Selection
			last      *int
			want      string
		}{
			{logs.Selection{Source: "app"}, nil, "0 1 2 5"},
			{logs.Selection{Source: "heroku"}, nil, "3 4 6"},
			{logs.Selection{Source: "heroku", Process: "web.1"}, nil, "3"},
			{logs.Selection{Process: "web.1"}, nil, "0 3"},
			{logs.Selection{Process: "web"}, nil, "0 1 3 5"},
			{logs.Selection{Process: "worker"}, nil, "2"},
			{logs.Selection{Process: "router"}, new(1), "6"},
			{logs.Selection{Process: "web"}, new(2), "3 5"},
			{logs.Selection{Process: "worker", Pattern: "web"}, nil, "2"},
			{logs.Selection{Source: "app", Pattern: "worker"}, nil, "0 2"},
			{logs.Selection{Process: "we"}, nil, ""},
			{logs.Selection{Process: `web"`}, nil, ""},
		} {
			var got []string
			for _, text := range s.read(tt.selection, logs.Range{Last: tt.last}) {
				got = append(got, text[:1])
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", tt.selection, diff)
			}
		}
	})
}

func TestReadEndsWithAnErrorOfItsCaller(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		s.put(time.Now(), "app[web.1]: one")
		s.put(time.Now(), "app[web.1]: two")
		full := errors.New("no space left on device")
		for _, r := range []logs.Range{{}, {Last: new(5)}} {
			calls := 0
			err := s.stream(logs.Selection{}).Read(t.Context(), r, func(logs.Event) error { calls++; return full })
			if !errors.Is(err, full) || calls != 1 {
				t.Errorf("%d calls, error %v", calls, err)
			}
		}
	})
}

func TestARejectedPattern(t *testing.T) {
	s := newStore(t, types.LogGroupClassStandard)
	for pattern, byField := range map[string]bool{"{ $.": true, "code=H12": false} {
		for _, r := range []logs.Range{{}, {Last: new(5)}} {
			err := s.stream(logs.Selection{Pattern: pattern}).Read(t.Context(), r, func(logs.Event) error { return nil })
			rejected, ok := errors.AsType[*logs.PatternError](err)
			if !ok || rejected.Reason == "" || rejected.Selection.ByField() != byField {
				t.Errorf("%s: error %v", pattern, err)
				continue
			}
			if want := "CloudWatch Logs rejected the filter " + pattern + ": " + rejected.Reason; err.Error() != want {
				t.Errorf("error %q, want %q", err, want)
			}
			if _, ok := errors.AsType[*types.InvalidParameterException](err); !ok {
				t.Errorf("%s: the cause is lost", pattern)
			}
		}
	}
	missing := s.stream(logs.Selection{Pattern: "x"})
	missing.Group = "/none"
	err := missing.Read(t.Context(), logs.Range{}, func(logs.Event) error { return nil })
	if _, ok := errors.AsType[*types.ResourceNotFoundException](err); !ok {
		t.Errorf("error %v", err)
	}
	if _, ok := errors.AsType[*logs.PatternError](err); ok {
		t.Errorf("the pattern is blamed for %v", err)
	}
}
