package console_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/console"
	"heroku-drains/lib/drain"
)

// quick lets a tail search again soon, but not as fast as the machine can.
func quick(o *console.Options) {
	o.Wait = func(ctx context.Context, _ time.Duration) error {
		select {
		case <-time.After(10 * time.Millisecond):
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func TestATailShowsWhatIsStoredThenWhatIsNew(t *testing.T) {
	s := serve(t, quick)
	s.put("shop", drain.Patch{})
	s.put("blog", drain.Patch{})
	s.store("shop", time.Now().Add(-2*time.Minute), "app[web.1]: 1")
	s.store("blog", time.Now().Add(-time.Minute), "app[web.1]: 2")
	s.store("shop", time.Now().Add(-time.Second), "app[web.1]: 3")
	f := s.lines("tail=true")
	stored, end := f.messages()
	if diff := cmp.Diff([]string{"1", "2", "3"}, stored); diff != "" || !end.CaughtUp {
		t.Errorf("stored lines in the order of their times (-want +got):\n%s\nthen %+v", diff, end)
	}
	s.store("blog", time.Now(), "app[web.1]: new")
	i, ok := f.next()
	if !ok || i.Line["message"] != "new" || i.Line["app"] != "blog" || i.Line["source"] != "app" || i.Line["process"] != "web.1" || i.Line["id"] == "" {
		t.Errorf("new line %+v", i)
	}
	s.put("late", drain.Patch{})
	s.store("late", time.Now(), "app[web.1]: of a drain that was created later")
	if i, ok := f.next(); !ok || i.Line["app"] != "late" {
		t.Errorf("line of a new drain: %+v", i)
	}
}

// Copies of a line are left out and counted, whether they are stored or new.
func TestLinesWithoutDuplicates(t *testing.T) {
	s := serve(t, quick)
	s.put("shop", drain.Patch{})
	at := time.Now().Add(-time.Minute)
	const line = `{"time":"2026-11-20T12:00:00.000000Z","app":"shop","source":"app","process":"web.1","severity":"info","id":"q83vEjRWeJA","message":"once"}`
	s.store("shop", at, line, "app[web.1]: twice", "app[web.1]: twice", line)
	stored, end := s.lines("limit=100").messages()
	if len(stored) != 3 || end.Duplicates != 1 {
		t.Errorf("%q, then %+v", stored, end)
	}
	f := s.lines("tail=true")
	stored, end = f.messages()
	if len(stored) != 3 || !end.CaughtUp {
		t.Errorf("%q, then %+v", stored, end)
	}
	if i, _ := f.next(); i.Duplicates != 1 {
		t.Errorf("after the stored lines: %+v", i)
	}
	s.store("shop", time.Now(), line)
	if i, _ := f.next(); i.Duplicates != 1 {
		t.Errorf("after a new copy: %+v", i)
	}
}

func TestSelectedLines(t *testing.T) {
	s := serve(t, nil)
	s.put("shop", drain.Patch{})
	s.put("blog", drain.Patch{})
	at := time.Now().Add(-time.Hour).Truncate(time.Second)
	s.store("shop", at, "app[web.1]: 1 hello", "app[worker.1]: 2 ERROR bad", routed(503, 100), routed(200, 10))
	s.store("blog", at.Add(time.Minute), "app[web.1]: 3 hello request_id=abcd-1234", `heroku[web.1]: 4`)
	for query, want := range map[string]int{
		"": 6, "app=shop": 4, "app=shop&app=blog": 6, "app=shop&app=shop": 4, "filter=hello": 2, "filter=hello&app=blog": 1, "source=heroku": 3,
		"process=web": 3, "process=router": 2, "status=5xx": 1, "status=200,503": 2, "slower_than=50ms": 1, "level=error": 2, "request_id=abcd-1234": 1, "limit=1": 1, "limit=0": 0,
		"since=30m": 0, "since=" + at.Add(time.Second).UTC().Format(time.RFC3339): 2, "until=" + at.UTC().Format(time.RFC3339): 4,
		"source=heroku&status=5xx&app=blog": 0,
	} {
		f := s.lines(query)
		lines, end := f.messages()
		if len(lines) != want || !end.CaughtUp {
			t.Errorf("%s: %q, then %+v; want %d lines", query, lines, end, want)
		}
		if _, more := f.next(); more {
			t.Errorf("%s: it goes on", query)
		}
	}
}

func TestWhatCannotBeSelected(t *testing.T) {
	s := serve(t, nil)
	s.put("shop", drain.Patch{})
	many := strings.TrimSuffix(strings.Repeat("x", 5000), "&")
	var apps strings.Builder
	for n := range 201 {
		fmt.Fprintf(&apps, "&app=app-%d", n)
	}
	for query, status := range map[string]int{
		"app=Shop": 400, "app=": 400, "app=../x": 400, "limit=x": 400, "limit=-1": 400, "limit=10001": 400, "tail=maybe": 400, "since=yesterdayish": 400, "since=-5m": 400,
		"until=x": 400, "tail=true&until=2026-11-22T08:00:00Z": 400, "status=9xx": 400, "level=loud": 400, "slower_than=x": 400, "slower_than=-1s": 400, "request_id=%22x": 400, "filter=" + many: 400,
		apps.String()[1:]: 400, "filter=code%3DH12": 400, "filter=%7B+%24.": 400, "app=other": 404,
	} {
		text := s.refusal(s.request(http.MethodGet, "/api/lines?"+query, ""), status)
		if strings.Contains(text, "StatusCode") || strings.Contains(text, "InvalidParameter") || !strings.HasSuffix(text, ".") {
			t.Errorf("%.50s: %s", query, text)
		}
	}
}

// What a visitor of an app makes it print must not become anything but text.
func TestHostileLinesAreJSONText(t *testing.T) {
	s := serve(t, nil)
	s.put("shop", drain.Patch{})
	hostile := []string{
		`<script>alert(1)</script>`, "\x1b[31mred\x1b[0m\x1b]0;title\x07", "\u202Etxt.exe\u2066", `"}` + "\n" + `{"line":{"message":"forged"}}`, `</script><img src=x onerror=alert(1)>`,
		"{\"line\":{\"id\":\"1\"},\"caught_up\":true}", "\u2028\u2029", `\u003cscript>`, "null", `{"id":"forged","app":"evil","time":"1"}`,
	}
	var stored []string
	for _, text := range hostile {
		stored = append(stored, "app[web.1]: "+text)
	}
	s.store("shop", time.Now(), stored...)
	lines, end := s.lines("app=shop").messages()
	if diff := cmp.Diff(hostile, lines); diff != "" || !end.CaughtUp {
		t.Errorf("lines (-want +got):\n%s\nthen %+v", diff, end)
	}
	resp, body := s.send(s.request(http.MethodGet, "/api/lines", ""))
	if resp.Header.Get("Content-Type") != "application/x-ndjson" || strings.Count(body, "\n") != len(hostile)+1 || strings.ContainsAny(body, "\x1b\x07") {
		t.Errorf("%s: %q", resp.Header.Get("Content-Type"), body)
	}
}
