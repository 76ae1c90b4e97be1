package storage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
)

const prefix = "app[web.1]: "

// sized returns messages whose events in the text format take the given numbers of bytes in a put, including 26 for each event.
func sized(t *testing.T, when time.Time, bytes ...int) []events.SQSMessage {
	t.Helper()
	var all []events.SQSMessage
	for i, n := range bytes {
		const most = 9_000 // under log-shuttle's chunk
		var frames []string
		for n > 0 {
			take := min(n, most)
			if rest := n - take; rest > 0 && rest < 26+len(prefix) {
				take -= 26 + len(prefix)
			}
			frames = append(frames, dyno(when, strings.Repeat("x", take-26-len(prefix))))
			n -= take
		}
		all = append(all, post(t, fmt.Sprint(i+1), frames...))
	}
	return all
}

func TestBatchIsFilledToTheByte(t *testing.T) {
	for _, test := range []struct {
		name     string
		messages []int // bytes of a put that each message takes
		puts     int
	}{
		{"exactly full", []int{524_288, 524_288}, 1},
		{"one byte over", []int{524_288, 524_289}, 2},
		{"one message exactly full", []int{600_000, 448_576}, 1},
		{"the third starts another", []int{500_000, 500_000, 48_577}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSystem(t, nil)
			quantity(t, "failed messages", len(s.handle(t, sized(t, noon, test.messages...)...)), 0)
			quantity(t, "puts", len(s.logs.puts), test.puts)
			total := 0
			for _, text := range s.logs.texts() {
				total += len(text) + 26
			}
			want := 0
			for _, n := range test.messages {
				want += n
			}
			quantity(t, "bytes stored", total, want)
		})
	}
}

// lines returns the frames of n short lines.
func lines(n int, when time.Time) []string {
	frames := make([]string, n)
	for i := range frames {
		frames[i] = dyno(when, fmt.Sprint(i))
	}
	return frames
}

func TestBatchOfTenThousandEvents(t *testing.T) {
	for _, test := range []struct {
		second int
		want   []int
	}{
		{5_000, []int{10_000}},
		{5_001, []int{5_000, 5_001}},
	} {
		s := newSystem(t, nil)
		s.handle(t, post(t, "1", lines(5_000, noon)...), post(t, "2", lines(test.second, noon)...))
		if diff := cmp.Diff(test.want, s.logs.sizes()); diff != "" {
			t.Errorf("events of the puts (-want +got):\n%s", diff)
		}
	}
}

func TestBatchOfOneDay(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		name  string
		times [][]time.Duration // of the lines of each message, relative to noon
		want  []int
	}{
		{"24 h", [][]time.Duration{{-day}, {0}}, []int{2}},
		{"24 h and 1 ms", [][]time.Duration{{-day - time.Millisecond}, {0}}, []int{1, 1}},
		{"messages stay whole", [][]time.Duration{{0, -day / 2}, {-day, -day - time.Second}, {0}}, []int{2, 2, 1}},
		{"one message of several days", [][]time.Duration{{0, -3 * day, -2 * day, -day, -day - time.Second}}, []int{2, 2, 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSystem(t, nil)
			var messages []events.SQSMessage
			for i, times := range test.times {
				var frames []string
				for _, d := range times {
					frames = append(frames, dyno(at(d), "x"))
				}
				messages = append(messages, post(t, fmt.Sprint(i), frames...))
			}
			quantity(t, "failed messages", len(s.handle(t, messages...)), 0)
			if diff := cmp.Diff(test.want, s.logs.sizes()); diff != "" {
				t.Errorf("events of the puts (-want +got):\n%s", diff)
			}
		})
	}
}

// The message takes several puts because its lines grow: each byte of invalid UTF-8 becomes three.
func TestMessageOfSeveralPuts(t *testing.T) {
	var frames []string
	for i := range 90 {
		frames = append(frames, dyno(at(time.Duration(i)*time.Millisecond), fmt.Sprint(i)+strings.Repeat(" \xff", 3_500)))
	}
	large := post(t, "large", frames...)
	s := newSystem(t, nil)
	s.logs.before = throttle(2)
	if diff := cmp.Diff([]string{"large"}, s.handle(t, post(t, "1", dyno(noon, "before")), large, post(t, "2", dyno(noon, "after")))); diff != "" {
		t.Errorf("failed messages (-want +got):\n%s", diff)
	}
	s.logs.before = nil
	quantity(t, "failed messages", len(s.handle(t, large)), 0)

	want := []string{prefix + "after", prefix + "before"}
	for i := range 90 {
		want = append(want, prefix+fmt.Sprint(i)+strings.Repeat(" \ufffd", 3_500))
	}
	got := s.logs.texts()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%d events stored, want %d", len(got), len(want))
	}
	quantity(t, "failed messages", len(s.handle(t, large)), 0)
	quantity(t, "events once all is known to be stored", len(s.logs.events()), len(want))
}
