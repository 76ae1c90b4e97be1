package awslocal_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// functionGroup creates the log group of the function f.
func functionGroup(t *testing.T, s *awslocal.Server) testGroup {
	t.Helper()
	g := testGroup{logs.NewFromConfig(s.Config()), aws.String("/aws/lambda/f")}
	_, err := g.CreateLogGroup(t.Context(), &logs.CreateLogGroupInput{LogGroupName: g.name})
	localtest.Must(t, err)
	return g
}

// allStreams returns the log streams of the group.
func (g testGroup) allStreams(t *testing.T) []types.LogStream {
	t.Helper()
	found, err := g.DescribeLogStreams(t.Context(), &logs.DescribeLogStreamsInput{LogGroupName: g.name})
	localtest.Must(t, err)
	return found.LogStreams
}

// What a binary prints is in its log group, in a stream for each process, whose name the process knows.
func TestOutputOfBinariesIsLogged(t *testing.T) {
	t.Parallel()
	s := binary(t, awslocal.Function{Timeout: time.Minute})
	g := functionGroup(t, s)
	first := invokeReport(t, s, order{Do: "print", Text: "a line"})
	invoke(t, s, order{Do: "print and exit", Text: "the last line"})
	second := invokeReport(t, s, order{Do: "print", Text: "of another process"})
	want := []string{"a line", "a line on stderr", "of another process", "of another process on stderr", "the last line"}
	waitFor(t, func() bool {
		got := g.messages(t, logs.FilterLogEventsInput{})
		slices.Sort(got)
		return slices.Equal(want, got)
	})
	for process, report := range map[string]report{"a line": first, "of another process": second} {
		got := g.messages(t, logs.FilterLogEventsInput{LogStreamNames: []string{report.Env["AWS_LAMBDA_LOG_STREAM_NAME"]}})
		if !slices.Contains(got, process) {
			t.Errorf("the stream of the process that printed %q has %q", process, got)
		}
		if report.Env["AWS_LAMBDA_LOG_GROUP_NAME"] != *g.name {
			t.Errorf("the process believes that its log group is %s", report.Env["AWS_LAMBDA_LOG_GROUP_NAME"])
		}
	}
}

// Functions that run in process have a stream of their own.
func TestOutputInProcessIsLogged(t *testing.T) {
	t.Parallel()
	s := localtest.StartAWS(t, awslocal.Options{})
	out := s.FunctionLog("f")
	printLine := func(line string) {
		t.Helper()
		if n, err := out.Write([]byte(line)); n != len(line) || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	printLine("before the group exists\n") // as on AWS, it is lost
	g := functionGroup(t, s)
	printLine("one\n")
	printLine("\n")
	printLine("two")
	if got := g.messages(t, logs.FilterLogEventsInput{}); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("%q", got)
	}
	form := regexp.MustCompile(`^\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$`)
	if streams := g.allStreams(t); len(streams) != 1 || !form.MatchString(*streams[0].LogStreamName) {
		t.Errorf("%+v", streams)
	}
	s.Advance(time.Hour)
	printLine("three")
	events, err := g.filter(t, logs.FilterLogEventsInput{StartTime: aws.Int64(s.Now().Add(-time.Minute).UnixMilli())})
	if err != nil || len(events) != 1 || *events[0].Message != "three" {
		t.Errorf("%v, %v", events, err)
	}
}

// The memory that the output of functions takes is limited: the oldest events are removed.
func TestOutputIsLimited(t *testing.T) {
	t.Parallel()
	s := localtest.StartAWS(t, awslocal.Options{})
	g := functionGroup(t, s)
	const lines = 1200
	for _, out := range []interface{ Write([]byte) (int, error) }{s.FunctionLog("f"), s.FunctionLog("f")} {
		for i := range lines / 2 {
			_, err := fmt.Fprintf(out, "%d %s\n", i, strings.Repeat("x", 60_000))
			localtest.Must(t, err)
		}
	}
	found, err := g.DescribeLogGroups(t.Context(), &logs.DescribeLogGroupsInput{LogGroupNamePrefix: g.name})
	localtest.Must(t, err)
	if bytes := *found.LogGroups[0].StoredBytes; bytes > 64<<20 || bytes < 32<<20 {
		t.Errorf("%d bytes are stored", bytes)
	}
	var newest string
	for _, st := range g.allStreams(t) {
		out, err := g.GetLogEvents(t.Context(), &logs.GetLogEventsInput{LogGroupName: g.name, LogStreamName: st.LogStreamName, Limit: aws.Int32(1)})
		localtest.Must(t, err)
		for _, e := range out.Events {
			newest += " " + strings.Fields(*e.Message)[0]
		}
	}
	if !strings.Contains(newest, fmt.Sprint(lines/2-1)) {
		t.Errorf("the newest events are%s", newest)
	}
}
