package logs_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/logs"
)

// streams creates more streams than one search can name, and returns their names. Each has a line, those of the later streams come first.
func (s *store) streams(count int, at time.Time) []string {
	s.t.Helper()
	var names []string
	for n := range count {
		name := fmt.Sprintf("[APP]app-%d", n)
		if _, err := s.client.CreateLogStream(s.t.Context(), &cloudwatchlogs.CreateLogStreamInput{
			LogGroupName: aws.String(group), LogStreamName: &name,
		}); err != nil {
			s.t.Fatal(err)
		}
		names = append(names, name)
		s.putIn(name, at.Add(-time.Duration(n)*time.Second), fmt.Sprintf("app[web.1]: %d", n))
	}
	return names
}

func TestReadSeveralStreamsInTheOrderOfTime(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		const count = 250
		at := time.Now().Add(-time.Minute).Truncate(time.Second)
		names := s.streams(count, at)
		s.put(at, "app[web.1]: in no stream that is read")
		all := s.stream(logs.Selection{})
		all.Names = names
		for name, tt := range map[string]struct {
			r     logs.Range
			first int
			count int
		}{
			"everything": {first: count - 1, count: count},
			"last":       {r: logs.Range{Last: new(3)}, first: 2, count: 3},
			"a range":    {r: logs.Range{Since: at.Add(-120 * time.Second), Until: at.Add(-111 * time.Second)}, first: 120, count: 10},
		} {
			var got, want []string
			for n := range tt.count {
				want = append(want, fmt.Sprintf("[APP]app-%d %d", tt.first-n, tt.first-n))
			}
			err := all.Read(t.Context(), tt.r, func(e logs.Event) error {
				got = append(got, *e.LogStreamName+" "+textOf(e))
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		none := s.stream(logs.Selection{})
		none.Names = nil
		for _, r := range []logs.Range{{}, {Last: new(3)}} {
			if err := none.Read(t.Context(), r, func(logs.Event) error { t.Error("a line of no stream"); return nil }); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestReadSeveralStreamsEndsWithAnErrorOfItsCaller(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		all := s.stream(logs.Selection{})
		all.Names = s.streams(101, time.Now())
		calls := 0
		full := fmt.Errorf("no space left on device")
		err := all.Read(t.Context(), logs.Range{}, func(logs.Event) error { calls++; return full })
		if err != full || calls != 1 {
			t.Errorf("%d calls, error %v", calls, err)
		}
		all.Names = append(slices.Clone(all.Names), "[APP]none")
		if s.search == "FilterLogEvents" {
			if err := all.Read(t.Context(), logs.Range{}, func(logs.Event) error { return nil }); err == nil {
				t.Error("a stream that does not exist is read")
			}
		}
	})
}
