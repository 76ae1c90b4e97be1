package logs_test

import (
	"context"
	"fmt"
	"slices"
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
	"heroku-drains/lib/logformat"
)

// putAtOnce stores lines of one time in one call, as a batch of the storage function is.
func (s *store) putAtOnce(stream string, at time.Time, lines ...string) {
	s.t.Helper()
	in := &cloudwatchlogs.PutLogEventsInput{LogGroupName: aws.String(group), LogStreamName: &stream}
	for _, line := range lines {
		in.LogEvents = append(in.LogEvents, types.InputLogEvent{Timestamp: aws.Int64(at.UnixMilli()), Message: &line})
	}
	_, err := s.client.PutLogEvents(context.WithoutCancel(s.t.Context()), in)
	localtest.Must(s.t, err)
	s.server.Advance(2 * time.Second)
}

// identified returns a line in the JSON format.
func identified(at time.Time, id logformat.ID, message string) string {
	l := logformat.Line{Time: at, ID: id, Source: []byte("app"), Process: []byte("web.1"), Message: []byte(message)}
	return string(logformat.JSON().Append(nil, &l))
}

func TestDuplicatesAreLeftOut(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		at := time.Now().Add(-time.Minute).Truncate(time.Second)
		// A batch that was stored twice, and once more in another order. The app printed b twice.
		s.putAtOnce(stream, at, "app[web.1]: a", "app[web.1]: b", "app[web.1]: b")
		s.putAtOnce(stream, at, "app[web.1]: a", "app[web.1]: b", "app[web.1]: b")
		s.putAtOnce(stream, at, "app[web.1]: b", "app[web.1]: a")
		// The same text at another time is another line, and of another process, too.
		s.putAtOnce(stream, at.Add(time.Millisecond), "app[web.1]: a", "app[web.2]: a")
		// Lines with IDs: the copy's time was moved. Another line has the same text and time.
		s.putAtOnce(stream, at.Add(time.Second), identified(at, 1, "c"), identified(at, 2, "c"))
		s.putAtOnce(stream, at.Add(time.Second), identified(at, 2, "c"), identified(at, 1, "c"))
		s.putAtOnce(stream, at.Add(3*time.Second), identified(at, 1, "c"), identified(at, 3, "d"))
		for last, want := range map[int]string{-1: "a a a b b c c d", 0: "", 1: "d", 2: "c d", 3: "c c d", 4: "a c c d", 5: "a a c c d", 100: "a a a b b c c d"} {
			r := logs.Range{}
			if last >= 0 {
				r.Last = &last
			}
			texts, hidden := s.readWithoutDuplicates([]string{stream}, r)
			slices.Sort(texts) // the order of lines of the same time is not defined
			if got := strings.Join(texts, " "); got != want {
				t.Errorf("last %d: %q, want %q", last, got, want)
			}
			if last < 0 || last == 100 {
				quantity(t, "hidden", hidden, 8)
			}
		}
		quantity(t, "lines with their copies", len(s.read(logs.Selection{}, logs.Range{})), 16)
	})
}

func quantity(t *testing.T, what string, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("%d %s, want %d", got, what, want)
	}
}

// readWithoutDuplicates returns the texts of lines, and how many were left out.
func (s *store) readWithoutDuplicates(names []string, r logs.Range) (texts []string, hidden int) {
	s.t.Helper()
	streams := s.stream(logs.Selection{})
	streams.Names, streams.Duplicates = names, &logs.Duplicates{}
	localtest.Must(s.t, streams.Read(s.t.Context(), r, func(e logs.Event) error {
		texts = append(texts, textOf(e))
		return nil
	}))
	return texts, streams.Duplicates.Hidden()
}

// An app prints the same text several times within a millisecond, and Heroku sends it in different POSTs.
func TestEqualLinesOfOneMillisecond(t *testing.T) {
	for name, tt := range map[string]struct {
		puts []string // the lines that were stored at once
		want string
	}{
		"two objects":                  {[]string{"{ a }", "{ b }"}, "{ a } { b }"},
		"the end of an object":         {[]string{"{ a }", "} b"}, "{ a } } b"},
		"a batch again":                {[]string{"{ a }", "{ a }"}, "{ a }"},
		"in another order":             {[]string{"{ a }", "a } {"}, "{ a }"},
		"a part of it":                 {[]string{"{ a } }", "} }"}, "{ a } }"},
		"with more":                    {[]string{"{ a }", "{ a } b }"}, "{ a } b }"},
		"two batches as one":           {[]string{"{ a }", "{ b }", "{ a } { b }"}, "{ a } { b }"},
		"one as two batches":           {[]string{"{ a } { b }", "{ a }", "{ b }"}, "{ a } { b }"},
		"and then with more":           {[]string{"{ a }", "{ a } { b }", "{ b } c"}, "{ a } { b } c"},
		"twice what was stored once":   {[]string{"}", "} }"}, "} }"},
		"a copy of one in two batches": {[]string{"a }", "b }", "b }"}, "a } b }"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, types.LogGroupClassStandard)
			at := time.Now().Add(-time.Minute).Truncate(time.Second)
			for _, lines := range tt.puts {
				s.putAtOnce(stream, at, strings.Fields(lines)...)
			}
			texts, _ := s.readWithoutDuplicates([]string{stream}, logs.Range{})
			if got := strings.Join(texts, " "); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// The same line in two streams is two apps'. More streams than one search can name are read at the same time.
func TestDuplicatesInSeveralStreams(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		at := time.Now().Add(-time.Minute).Truncate(time.Second)
		names := s.streams(101, at)
		for range 2 {
			s.putAtOnce(names[0], at, "app[web.1]: same")
			s.putAtOnce(names[100], at, "app[web.1]: same")
		}
		texts, hidden := s.readWithoutDuplicates(names, logs.Range{})
		quantity(t, "lines", len(texts), 103)
		quantity(t, "hidden", hidden, 2)
		texts, _ = s.readWithoutDuplicates(names, logs.Range{Last: new(3)})
		slices.Sort(texts)
		if diff := cmp.Diff([]string{"0", "same", "same"}, texts); diff != "" {
			t.Errorf("the last (-want +got):\n%s", diff)
		}
	})
}

// A copy that is stored while lines are followed is left out, and so is one of a stored line, also after an outage.
func TestFollowWithoutDuplicates(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		now := time.Now()
		s.put(now.Add(-time.Minute), "app[web.1]: stored")
		streams := s.stream(logs.Selection{})
		streams.Duplicates = &logs.Duplicates{}
		f := s.followStreams(streams, logs.Range{})
		f.want("stored lines", "stored", caughtUp)
		s.putAtOnce(stream, now.Add(-time.Minute), "app[web.1]: stored")
		s.putAtOnce(stream, now, "app[web.1]: new", "app[web.1]: new")
		f.search(20)
		f.want("new lines", "new", "new")
		remove := s.server.Inject(awslocal.Fault{Service: "logs", Operation: s.search, Times: 1, Status: 500, Code: "InternalFailure"})
		defer remove()
		s.putAtOnce(stream, now, "app[web.1]: new", "app[web.1]: new")
		s.put(now, "app[web.1]: newer")
		f.search(20)
		if got := strings.Join(slices.DeleteFunc(f.texts, func(text string) bool { return strings.HasPrefix(text, "(") }), " "); got != "newer" {
			t.Errorf("after a copy of new lines: %q", got)
		}
		quantity(t, "hidden", streams.Duplicates.Hidden(), 3)
	})
}

// The memory is bounded: a copy is recognized among the last 50,000 lines.
func TestDuplicatesAreForgotten(t *testing.T) {
	var d logs.Duplicates
	event := func(n int, ingested int64) logs.Event {
		return logs.Event{
			LogStreamName: aws.String(stream), Timestamp: aws.Int64(int64(n)), IngestionTime: &ingested, Message: aws.String(fmt.Sprint("app[web.1]: ", n)),
			EventId: aws.String(fmt.Sprint(n, ingested)),
		}
	}
	isCopy := func(e logs.Event) bool { return len(d.Filter([]logs.Event{e})) == 0 }
	for n := range 200_000 {
		if isCopy(event(n, 1)) {
			t.Fatalf("line %d is a copy", n)
		}
	}
	for n := 199_999; n > 150_000; n-- {
		if !isCopy(event(n, 2)) {
			t.Fatalf("line %d is not recognized", n)
		}
	}
	if isCopy(event(1, 2)) || d.Remembered() > 100_000 {
		t.Errorf("%d lines are remembered", d.Remembered())
	}
}
