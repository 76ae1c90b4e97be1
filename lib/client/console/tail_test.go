package console_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/client/console"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

func TestATailGoesOnAfterAnOutage(t *testing.T) {
	s := serve(t, quick)
	s.put("shop", drain.Patch{})
	f := s.lines("app=shop&tail=true")
	if _, end := f.messages(); !end.CaughtUp {
		t.Fatalf("%+v", end)
	}
	repair := s.system.AWS.Inject(awslocal.Fault{Service: "logs", Operation: "FilterLogEvents", Status: 503, Code: "ServiceUnavailableException"})
	i, _ := f.next()
	if !strings.HasPrefix(i.Note, "Connection to CloudWatch Logs lost; trying again…") || strings.Contains(i.Note, "StatusCode") || strings.Contains(i.Note, "operation error") {
		t.Errorf("in the outage: %+v", i)
	}
	s.store("shop", time.Now(), "app[web.1]: in the outage")
	repair()
	found, note := f.messages()
	if len(found) == 0 { // the note may come before the line
		found, _ = []string{""}, 0
		next, _ := f.next()
		found[0], _ = next.Line["message"].(string)
	}
	if found[0] != "in the outage" || !strings.Contains(note.Note, "again") {
		t.Errorf("after the outage: %q, %+v", found, note)
	}
}

func TestAnErrorBeforeTheFirstLineHasAStatus(t *testing.T) {
	s := serve(t, nil)
	s.put("shop", drain.Patch{})
	s.system.AWS.Inject(awslocal.Fault{
		Service: "logs", Operation: "FilterLogEvents", Status: 400, Code: "AccessDeniedException",
		Message: "User: arn:aws:iam::000000000000:user/x is not authorized to perform: logs:FilterLogEvents",
	})
	text := s.refusal(s.request(http.MethodGet, "/api/lines?tail=true", ""), http.StatusBadGateway)
	if strings.Contains(text, "operation error") || strings.Contains(text, "RequestID") || !strings.Contains(text, "logs:FilterLogEvents") {
		t.Error(text)
	}
}

func TestAnInstallationThatCannotBeReached(t *testing.T) {
	s := serve(t, nil)
	localtest.Must(t, s.system.AWS.Close())
	for _, path := range []string{"/api/drains", "/api/lines", "/api/lines?app=shop&tail=true", "/api/alerts", "/api/stats"} {
		text := s.refusal(s.request(http.MethodGet, path, ""), http.StatusBadGateway)
		if strings.Contains(text, "operation error") || strings.Contains(text, "StatusCode") || !strings.Contains(text, "refused") {
			t.Errorf("%s: %s", path, text)
		}
	}
}

// A page that reads slowly gets every line, and others do not wait for it.
func TestASlowReaderMissesNothingAndHindersNobody(t *testing.T) {
	s := serve(t, quick)
	s.put("shop", drain.Patch{})
	conn, err := net.Dial("tcp", s.addr)
	localtest.Must(t, err)
	defer conn.Close()
	localtest.Must(t, conn.(*net.TCPConn).SetReadBuffer(128<<10))
	_, err = fmt.Fprintf(conn, "GET /api/lines?app=shop&tail=true&limit=10000 HTTP/1.1\r\nHost: %s\r\n\r\n", s.addr)
	localtest.Must(t, err)

	fast := s.lines("app=shop&tail=true")
	if _, end := fast.messages(); !end.CaughtUp {
		t.Fatalf("%+v", end)
	}
	const batches, perBatch = 9, 9 // more than the buffers of a connection hold
	long := strings.Repeat("x", 100_000)
	for b := range batches {
		var lines []string
		for n := range perBatch {
			lines = append(lines, fmt.Sprintf("app[web.1]: %d %s", b*perBatch+n, long))
		}
		s.store("shop", time.Now(), lines...)
		for range perBatch {
			i, ok := fast.next()
			for ok && i.Ping {
				i, ok = fast.next()
			}
			if i.Line == nil {
				t.Fatalf("the fast reader got %+v", i)
			}
		}
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	localtest.Must(t, err)
	slow := &feed{t: t, items: bufio.NewScanner(resp.Body)}
	slow.items.Buffer(nil, 4<<20)
	seen := map[string]bool{}
	for len(seen) < batches*perBatch {
		i, ok := slow.next()
		if !ok || i.Error != nil {
			t.Fatalf("the slow reader got %d lines, then %+v", len(seen), i)
		}
		if i.Line != nil {
			number, _, _ := strings.Cut(i.Line["message"].(string), " ")
			if seen[number] {
				t.Errorf("line %s twice", number)
			}
			seen[number] = true
		}
	}
}

// waits tells a test about the waits of a tail.
type waits struct{ began, ended chan struct{} }

func (w waits) wait(ctx context.Context, _ time.Duration) error {
	select {
	case w.began <- struct{}{}:
	case <-ctx.Done():
	}
	<-ctx.Done()
	w.ended <- struct{}{}
	return context.Cause(ctx)
}

func TestATailEndsWhenThePageGoesAway(t *testing.T) {
	w := waits{began: make(chan struct{}), ended: make(chan struct{}, 10)}
	s := serve(t, func(o *console.Options) { o.Wait = w.wait })
	s.put("shop", drain.Patch{})
	f := s.lines("app=shop&tail=true")
	f.messages()
	<-w.began
	f.closeIt()
	<-w.ended
}

func TestPingsOfAQuietTail(t *testing.T) {
	s := serve(t, func(o *console.Options) { o.Ping = time.Millisecond })
	s.put("shop", drain.Patch{})
	f := s.lines("app=shop&tail=true")
	for range 3 {
		for i, ok := f.next(); !i.Ping; i, ok = f.next() {
			if !ok {
				t.Fatal("the tail ended")
			}
		}
	}
}

func TestTooManyTails(t *testing.T) {
	s := serve(t, nil)
	for range 32 {
		s.lines("tail=true").messages()
	}
	s.refusal(s.request(http.MethodGet, "/api/lines?tail=true", ""), http.StatusServiceUnavailable)
}

func TestNothingIsLeftAfterTheEnd(t *testing.T) {
	s := serve(t, nil)
	s.put("shop", drain.Patch{})
	for range 3 {
		s.lines("tail=true").messages()
	}
	s.get("/api/drains", &struct{}{}) // its query goes on
	resp, body := s.send(s.request(http.MethodPost, "/api/play", `{"app":"blog","lines":10000}`))
	if resp.StatusCode != http.StatusAccepted {
		t.Errorf("play: %d %s", resp.StatusCode, body)
	}
	s.end()
	stacks := make([]byte, 4<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	for stack := range strings.SplitSeq(string(stacks), "\n\n") {
		if strings.Contains(stack, "lib/client/console.") {
			t.Errorf("left:\n%s", stack)
		}
	}
}
