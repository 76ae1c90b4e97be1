package cwlogs_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestSearchPages searches for one event among many. The search must return empty pages with a token for the next page until it finds the
// event.
func TestSearchPages(t *testing.T) {
	l := newStreams(t, "s")
	const puts, perPut = 21, 10_000
	start := l.Now().Add(-time.Hour)
	for i := range puts {
		messages := make([]string, perPut)
		for k := range messages {
			messages[k] = "x"
		}
		if i == puts-1 {
			messages[perPut-1] = "needle"
		}
		l.put(t, "s", events(start.Add(time.Duration(i)*time.Minute), messages...))
	}
	got, pages := l.filter(t, object{"filterPattern": "needle"})
	if len(got) != 1 || pages != 4 { // 2 x 100,000 events, the page with the needle, and the one after it
		t.Errorf("%d events on %d pages, want 1 on 4", len(got), pages)
	}
	got, pages = l.filter(t, object{"filterPattern": "needle", "startFromHead": false, "startTime": start.UnixMilli()})
	if len(got) != 1 || pages != 3 { // the needle and 99,999 events, 100,000 events, and the rest
		t.Errorf("from the end: %d events on %d pages, want 1 on 3", len(got), pages)
	}
}

// TestPageSize checks that a page contains at most 1 MiB of events, counted like those of PutLogEvents.
func TestPageSize(t *testing.T) {
	l := newStreams(t, "s")
	half := strings.Repeat("x", 1_048_576/2-26)
	for i := range 3 {
		l.put(t, "s", events(l.Now().Add(time.Duration(i)*time.Second), half))
	}
	var page struct {
		Events                              []event
		NextForwardToken, NextBackwardToken string
	}
	in := object{"logGroupName": "g", "logStreamName": "s", "startFromHead": true}
	for _, want := range []int{2, 1, 0} {
		l.must(t, "GetLogEvents", in, &page)
		if len(page.Events) != want {
			t.Errorf("forward: a page of %d events, want %d", len(page.Events), want)
		}
		in["nextToken"] = page.NextForwardToken
	}
	in = object{"logGroupName": "g", "logStreamName": "s"}
	for _, want := range []int{2, 1, 0} {
		l.must(t, "GetLogEvents", in, &page)
		if len(page.Events) != want {
			t.Errorf("backward: a page of %d events, want %d", len(page.Events), want)
		}
		in["nextToken"] = page.NextBackwardToken
	}
	if got, pages := l.filter(t, object{}); len(got) != 3 || pages != 3 {
		t.Errorf("filtered: %d events on %d pages, want 3 on 3", len(got), pages)
	}
}

func TestTokens(t *testing.T) {
	l := newStreams(t, "a", "b", "c")
	l.put(t, "a", events(l.Now(), "1", "2", "3"))
	var streams, filtered struct{ NextToken string }
	l.must(t, "DescribeLogStreams", object{"logGroupName": "g", "limit": 1}, &streams)
	l.must(t, "FilterLogEvents", object{"logGroupName": "g", "limit": 1}, &filtered)
	try := func(operation, token string) string {
		return l.call(t, operation, object{"logGroupName": "g", "nextToken": token}, nil).Message
	}
	const refused = "The specified nextToken is invalid."
	for name, got := range map[string]string{
		"of another operation": try("FilterLogEvents", streams.NextToken),
		"not in base64":        try("FilterLogEvents", "!"),
		"not JSON":             try("DescribeLogStreams", "e30x"),
		"that is empty JSON":   try("DescribeLogStreams", "e30"),
	} {
		if got != refused {
			t.Errorf("a token %s: %q", name, got)
		}
	}
	l.Advance(24*time.Hour - time.Minute)
	if got := try("DescribeLogStreams", streams.NextToken); got != "" {
		t.Errorf("a token of nearly 24 hours: %q", got)
	}
	l.Advance(2 * time.Minute)
	for _, got := range []string{try("DescribeLogStreams", streams.NextToken), try("FilterLogEvents", filtered.NextToken)} {
		if got != refused {
			t.Errorf("a token of more than 24 hours: %q", got)
		}
	}
}

func BenchmarkPutLogEvents(b *testing.B) {
	for _, order := range []string{"in order", "back in time", "into the middle"} {
		b.Run(order, func(b *testing.B) {
			l := newStreams(b, "s")
			start := l.Now().Add(-7 * 24 * time.Hour)
			messages := strings.Split(strings.Repeat("a line of a log, neither long nor short, at=info status=200\n", 1000), "\n")[:1000]
			offset := map[string]func(i int) int{
				"in order":        func(i int) int { return i },
				"back in time":    func(i int) int { return -i },
				"into the middle": func(i int) int { return i * 7919 % 1000 },
			}[order]
			i := 0
			for b.Loop() {
				l.put(b, "s", events(start.Add(time.Duration(offset(i))*time.Second), messages...))
				i++
			}
			b.ReportMetric(float64(b.N)*1000/b.Elapsed().Seconds(), "events/s")
		})
	}
}

func BenchmarkFilterLogEvents(b *testing.B) {
	var names []string
	for i := range 50 {
		names = append(names, fmt.Sprint("stream", i))
	}
	l := newStreams(b, names...)
	for i := range 500 { // 500,000 events
		messages := make([]string, 1000)
		for k := range messages {
			messages[k] = fmt.Sprintf(`{"status":%d,"path":"/items/%d"}`, 200+k%400, k)
		}
		l.put(b, names[i%len(names)], events(l.Now().Add(-time.Hour+time.Duration(i)*time.Second), messages...))
	}
	for _, text := range []string{"", "nothing", `%/items/[0-9]+x%`, `{ $.status >= 599 }`} {
		b.Run("pattern "+text, func(b *testing.B) {
			for b.Loop() {
				l.must(b, "FilterLogEvents", object{"logGroupName": "g", "filterPattern": text}, nil)
			}
		})
	}
}
