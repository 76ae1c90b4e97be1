package storm_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/storm"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// held returns the notification with a number.
func held(n int) storm.Held {
	return storm.Held{App: fmt.Sprintf("app-%d", n), Rule: "H12", Event: alert.Firing, ID: fmt.Sprintf("%d-firing", n), At: noon.Unix()}
}

// admit admits notifications, and returns how many may be told one by one.
func admit(s *storm.State, now time.Time, from, to int) (alone int) {
	for n := from; n < to; n++ {
		if s.Admit(held(n), now) {
			alone++
		}
	}
	return alone
}

func TestTheFirstAreToldOneByOne(t *testing.T) {
	s := &storm.State{}
	if n := admit(s, noon, 0, 50); n != storm.Most {
		t.Errorf("%d of 50", n)
	}
	if s.Due != noon.Add(storm.Window).Unix() || len(s.Held) != 30 {
		t.Errorf("%d are held until %d s after noon", len(s.Held), s.Due-noon.Unix())
	}
	if n := admit(s, noon.Add(storm.Window-time.Second), 50, 60); n != 0 {
		t.Errorf("%d more in the same window", n)
	}
	if n := admit(s, noon.Add(storm.Window), 60, 90); n != storm.Most {
		t.Errorf("%d of 30 in the next window", n)
	}
}

func TestTheAnswerRemainsTheSame(t *testing.T) {
	s := &storm.State{}
	admit(s, noon, 0, 30)
	for round := range 5 {
		now := noon.Add(time.Duration(round) * 20 * time.Minute)
		for n := range 30 {
			if got := s.Admit(held(n), now); got != (n < storm.Most) {
				t.Errorf("round %d: number %d may be told by itself: %v", round, n, got)
			}
		}
		if p := s.Claim("a", now, time.Minute); (p != nil) != (round == 1) {
			t.Errorf("round %d: claimed %+v", round, p)
		} else if p != nil {
			s.Confirm(p.ID, now)
		}
	}
}

func TestADigest(t *testing.T) {
	s := &storm.State{}
	admit(s, noon, 0, 25)
	end := noon.Add(storm.Window)
	if p := s.Claim("a", end.Add(-time.Second), time.Minute); p != nil {
		t.Fatalf("claimed %+v before the window was over", p)
	}
	first := s.Claim("a", end, time.Minute)
	if first == nil || first.Held != 5 || !strings.HasSuffix(first.ID, "-digest") || s.Due != end.Add(time.Minute).Unix() {
		t.Fatalf("claimed %+v, due %d", first, s.Due)
	}
	if p := s.Claim("b", end.Add(59*time.Second), time.Minute); p != nil {
		t.Errorf("claimed by %s during the lease", p.Owner)
	}
	admit(s, end, 100, 125) // of which five are held for the next digest
	if first.From != noon.Unix() {
		t.Errorf("a digest since %d", first.From)
	}
	second := s.Claim("b", end.Add(time.Minute), time.Minute)
	if second == nil || second.ID != first.ID || second.Held != 5 || second.From != first.From {
		t.Fatalf("claimed %+v after the lease, want the same digest", second)
	}
	if s.Confirm("another", end) || !s.Confirm(first.ID, end.Add(time.Minute)) || s.Confirm(first.ID, end.Add(time.Minute)) {
		t.Error("a digest must be confirmed once")
	}
	if want := noon.Add(2 * storm.Window).Unix(); len(s.Held) != 5 || s.Due != want || s.From != end.Unix() {
		t.Errorf("%d are held until %d, from %d", len(s.Held), s.Due, s.From)
	}
	next := s.Claim("a", noon.Add(2*storm.Window), time.Minute)
	if next == nil || next.ID == first.ID {
		t.Fatalf("claimed %+v", next)
	}
	s.Confirm(next.ID, noon.Add(2*storm.Window))
	if s.Due != 0 || len(s.Held) > 0 {
		t.Errorf("%d are held until %d", len(s.Held), s.Due)
	}
}

func TestAReleasedDigest(t *testing.T) {
	s := &storm.State{}
	admit(s, noon, 0, 21)
	end := noon.Add(storm.Window)
	p := s.Claim("a", end, time.Minute)
	if s.Release(p.ID, "b", end, 0) || !s.Release(p.ID, "a", end, 10*time.Second) {
		t.Error("only a may release it")
	}
	if p := s.Claim("b", end.Add(9*time.Second), time.Minute); p != nil {
		t.Errorf("claimed by %s during the pause", p.Owner)
	}
	if got := s.Claim("b", end.Add(10*time.Second), time.Minute); got == nil || got.ID != p.ID {
		t.Errorf("claimed %+v", got)
	}
}

// None is lost that does not fit into a digest: it says how many there are. The state remains small.
func TestHundredsOfNotifications(t *testing.T) {
	s := &storm.State{}
	total := admit(s, noon, 0, 2000)
	var digests []storm.Pending
	for i := 1; s.Due != 0; i++ {
		now := noon.Add(time.Duration(i) * storm.Window)
		if p := s.Claim("a", now, time.Minute); p != nil {
			total += admit(s, now, 2000*i, 2000*i+200*(5/(i+4)))
			text, err := s.Encode()
			if err != nil || len(text) > 32_000 {
				t.Fatalf("%d bytes, %v", len(text), err)
			}
			if s, err = storm.Decode(text); err != nil {
				t.Fatal(err)
			}
			digests = append(digests, *p)
			s.Confirm(p.ID, now)
		}
	}
	for _, p := range digests {
		total += p.Held + p.More
	}
	if total != 2200 {
		t.Errorf("%d were told, want 2,200; digests: %+v", total, digests)
	}
}

func TestEncode(t *testing.T) {
	s := &storm.State{}
	admit(s, noon, 0, 30)
	s.Claim("a", noon.Add(storm.Window), time.Minute)
	text, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := storm.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, again); diff != "" {
		t.Errorf("decoded (-encoded +decoded):\n%s", diff)
	}
	if _, err := storm.Decode([]byte("{")); err == nil {
		t.Error("a text that is no JSON was read")
	}
}
