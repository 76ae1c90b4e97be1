package delivery_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/local/localtest"
)

func TestAPostIsLikeLogplexs(t *testing.T) {
	drain := newServer(t, http.StatusOK)
	r, err := newSender(t, drain.URL).Send(t.Context(), batch("äb\n", "c"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(delivery.Result{Lines: 2, Bytes: 9, Tries: 1, Status: 200}, r); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	if len(drain.seen()) != 1 {
		t.Fatalf("%d posts", len(drain.seen()))
	}
	p := drain.seen()[0]
	if p.User != "shop" || p.Password != "s3cret" || p.Path != "/drains/shop" || p.Body != "4 äb\n1 c" {
		t.Errorf("user %q, password %q, path %q, body %q", p.User, p.Password, p.Path, p.Body)
	}
	want := map[string]string{
		"Content-Type":        "application/logplex-1",
		"Content-Length":      "9",
		"Logplex-Msg-Count":   "2",
		"Logplex-Frame-Id":    "0123456789ABCDEF0123456789ABCDEF",
		"Logplex-Drain-Token": "d.01234567-89ab-4cde-8f01-23456789abcd",
		"User-Agent":          "Logplex/v73",
	}
	for name, value := range want {
		if got := p.Header.Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	if got := p.Header.Get("Accept-Encoding"); got != "" {
		t.Errorf("Accept-Encoding: %q", got)
	}
}

func TestEachClassOfStatus(t *testing.T) {
	tests := map[string]struct {
		statuses  []int
		wantTries int
		wantLost  bool
	}{
		"200":                                {[]int{200}, 1, false},
		"204":                                {[]int{204}, 1, false},
		"400 is permanent":                   {[]int{400, 200}, 1, true},
		"401 is permanent":                   {[]int{401, 200}, 1, true},
		"413 is permanent":                   {[]int{413, 200}, 1, true},
		"429 is temporary":                   {[]int{429, 200}, 2, false},
		"302 is temporary, and not followed": {[]int{302, 200}, 2, false},
		"301 every time":                     {[]int{301}, 3, true},
		"500 once":                           {[]int{500, 200}, 2, false},
		"503 twice":                          {[]int{503, 503, 200}, 3, false},
		"503 three times":                    {[]int{503, 503, 503, 200}, 3, true},
		"503, then 404":                      {[]int{503, 404, 200}, 2, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			drain := newServer(t, tt.statuses...)
			r, err := newSender(t, drain.URL).Send(t.Context(), batch("a", "b"))
			if err != nil {
				t.Fatal(err)
			}
			posts := drain.seen()
			status := tt.statuses[min(tt.wantTries, len(tt.statuses))-1]
			want := delivery.Result{Lines: 2, Bytes: 6, Tries: tt.wantTries, Status: status, Lost: tt.wantLost, Refused: status/100 == 4 && tt.wantLost}
			if diff := cmp.Diff(want, r); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			if len(posts) != tt.wantTries {
				t.Errorf("%d posts, want %d", len(posts), tt.wantTries)
			}
			for _, p := range posts {
				if p.Path != "/drains/shop" || p.Header.Get("Logplex-Frame-Id") != "0123456789ABCDEF0123456789ABCDEF" {
					t.Errorf("a try went to %s with the frame id %s", p.Path, p.Header.Get("Logplex-Frame-Id"))
				}
			}
		})
	}
}

func TestABatchIsDroppedAfterThreeTimeouts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var posts atomic.Int64
		s := newSender(t, "http://drain.example.com")
		s.DialWith(func(context.Context, string, string) (net.Conn, error) {
			sender, drain := net.Pipe()
			go func() { // takes a POST, and does not respond
				defer drain.Close()
				read := bufio.NewReader(drain)
				if r, err := http.ReadRequest(read); err == nil && r.Method == http.MethodPost {
					posts.Add(1)
				}
				_, _ = io.Copy(io.Discard, read)
			}()
			return sender, nil
		})
		began := time.Now()
		r, err := s.Send(t.Context(), batch("a"))
		if err != nil {
			t.Fatal(err)
		}
		if !r.Lost || r.Status != 0 || r.Tries != 3 || r.Err == nil || !strings.Contains(r.Err.Error(), "no response within 5s") {
			t.Errorf("result %+v", r)
		}
		if took := time.Since(began); posts.Load() != 3 || took != 15*time.Second {
			t.Errorf("%d posts in %s, want 3 in 15s", posts.Load(), took)
		}
	})
}

func TestNoConnection(t *testing.T) {
	r, err := newSender(t, "http://"+localtest.ReserveAddress(t)).Send(t.Context(), batch("a"))
	if err != nil {
		t.Fatal(err)
	}
	if !r.Lost || r.Tries != 3 || r.Status != 0 || r.Err == nil {
		t.Errorf("result %+v", r)
	}
	if strings.Contains(r.Err.Error(), "s3cret") {
		t.Errorf("the error contains the password: %v", r.Err)
	}
}

func TestAnInterruptedBatchIsNotLost(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	drain := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	}))
	t.Cleanup(drain.Close)
	r, err := newSender(t, drain.URL).Send(ctx, batch("a"))
	if !errors.Is(err, context.Canceled) || r.Lost || r.Tries != 1 {
		t.Errorf("result %+v, error %v", r, err)
	}
}

func TestALossIsReportedBeforeTheNextBatch(t *testing.T) {
	// Two batches of 2 and 1 lines are lost, the third fails once, the fourth goes after a success.
	drain := newServer(t, 400, 401, 503, 200, 200)
	s := newSender(t, drain.URL)
	var reported []int
	for _, b := range []delivery.Batch{batch("a", "b"), batch("c"), batch("d"), batch("e")} {
		r, err := s.Send(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		reported = append(reported, r.LostBefore)
	}
	if diff := cmp.Diff([]int{0, 2, 3, 0}, reported); diff != "" {
		t.Errorf("reported losses (-want +got):\n%s", diff)
	}
	var counts, lost []string
	for _, p := range drain.seen() {
		counts = append(counts, p.Header.Get("Logplex-Msg-Count"))
		_, text, found := strings.Cut(p.Body, "Error L10 (output buffer overflow): ")
		if !found {
			lost = append(lost, "-")
			continue
		}
		n, _, _ := strings.Cut(text, " messages dropped since ")
		lost = append(lost, n)
		size, rest, _ := strings.Cut(p.Body, " ")
		if end, err := strconv.Atoi(size); err != nil || !strings.HasSuffix(rest[:end], "+00:00.") {
			t.Errorf("the byte count of the L10 line is wrong, or it has a newline: %q", p.Body)
		}
	}
	if diff := cmp.Diff([]string{"2", "2", "2", "2", "1"}, counts); diff != "" {
		t.Errorf("Logplex-Msg-Count (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"-", "2", "3", "3", "-"}, lost); diff != "" {
		t.Errorf("L10 (-want +got):\n%s", diff)
	}
}

func TestAnInvalidDrainURLIsNotInTheError(t *testing.T) {
	for _, address := range []string{
		"", "shop", "ftp://shop:s3cret@example.com/", "https://shop:s3cret@exa mple/drains/shop", "https://example.com/drains/shop",
	} {
		_, err := delivery.NewSender(address, "d.1")
		if err == nil {
			t.Errorf("%q is accepted", address)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: the error contains the password: %v", address, err)
		}
	}
}

func TestFrameID(t *testing.T) {
	id := delivery.FrameID("a")
	if !regexp.MustCompile(`^[0-9A-F]{32}$`).MatchString(id) {
		t.Errorf("frame id %q", id)
	}
	if delivery.FrameID("a") != id || delivery.FrameID("b") == id {
		t.Error("a frame id must depend on its key alone")
	}
}

// Lines that a buffer could not take are lost with the batch that would have reported them.
func TestWhatALostBatchWouldHaveReportedIsReportedLater(t *testing.T) {
	drain := newServer(t, 400, 200, 200)
	s := newSender(t, drain.URL)
	var reported []int
	for _, b := range []struct {
		dropped int
		batch   delivery.Batch
	}{{3, batch("a", "b")}, {4, batch("c")}, {0, batch("d")}} {
		s.Drop(b.dropped)
		r, err := s.Send(t.Context(), b.batch)
		if err != nil {
			t.Fatal(err)
		}
		reported = append(reported, r.LostBefore)
	}
	if diff := cmp.Diff([]int{3, 9, 0}, reported); diff != "" {
		t.Errorf("reported losses (-want +got):\n%s", diff)
	}
	for i, want := range []string{": 3 messages dropped", ": 9 messages dropped"} {
		if body := drain.seen()[i].Body; !strings.Contains(body, want) {
			t.Errorf("POST %d lacks %q: %q", i, want, body)
		}
	}
}
