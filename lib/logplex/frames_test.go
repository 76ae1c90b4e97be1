package logplex_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logplex"
)

// miscounted returns a message after a count that is wrong by the given number of bytes.
func miscounted(message string, by int) string {
	return fmt.Sprintf("%d %s", len(message)+by, message)
}

func TestFrames(t *testing.T) {
	quoting := "<190>1 2024-03-05T14:07:09+00:00 host app web.1 - got " + body(dynoState)
	timeless := "<190>1 - host app web.1 - x\n"
	quotingHalf := "<190>1 2024-03-05T14:07:09+00:00 host app web.1 - got 5 <13>1 and more"
	multiline := "<190>1 2024-03-05T14:07:09+00:00 host app web.1 - " + strings.Repeat("x", 9) + "\n" + strings.Repeat("x", 100) // 60 bytes, and 100
	took := "<190>1 2024-03-05T14:07:09+00:00 host app web.1 - took 1"
	hundred := "<190>1 2024-03-05T14:07:09+00:00 host app web.1 - " + strings.Repeat("x", 47) // with its count, 100 bytes
	for _, test := range []struct {
		name string
		body string
		want []string
	}{
		{"empty", "", nil},
		{"one", body(dynoState), []string{dynoState}},
		{"every kind", body(samples...), samples},
		{"the same twice", body(quota, quota), []string{quota, quota}},
		{"a frame quoted in a message", body(dynoState, quoting, router), []string{dynoState, quoting, router}},
		{"a quoted frame at the end", body(dynoState, quoting), []string{dynoState, quoting}},
		{"no time", body(dynoState, timeless, router), []string{dynoState, timeless, router}},
		{"no time, then garbage", body(timeless) + "xyz" + body(router), []string{timeless, "!xyz", router}},
		{"half a frame quoted, then garbage", body(quotingHalf) + "xyz" + body(router), []string{quotingHalf, "!xyz", router}},
		{"garbage, where half of the count ends in a newline", body(multiline) + "xyz" + body(router), []string{multiline, "!xyz", router}},
		{"garbage after two messages ending in digits", body(took, overflow) + "xyz" + body(router), []string{took, overflow, "!xyz", router}},
		{"digits that form another valid count", body(took, dynoState, hundred, router), []string{took, dynoState, hundred, router}},
		{"an odd message, correctly framed", body(dynoState, "hello", router), []string{dynoState, "hello", router}},
		{"an odd message at the end", body(dynoState, "hello"), []string{dynoState, "hello"}},

		{"garbage before", "garbage" + body(dynoState), []string{"!garbage", dynoState}},
		{"garbage between", body(dynoState) + "\x00\xff<>1 \n" + body(router), []string{dynoState, "!\x00\xff<>1 \n", router}},
		{"garbage at the end", body(dynoState, router) + "\n\n", []string{dynoState, router, "!\n\n"}},
		{"only garbage", "POST / HTTP/1.1", []string{"!POST / HTTP/1.1"}},
		{"newlines between frames", body(dynoState) + "\n" + body(overflow) + "\n" + body(router), []string{dynoState, "!\n", overflow, "!\n", router}},
		{"garbage after a message ending in digits", body(overflow) + "?" + body(router), []string{overflow, "!?", router}},
		{"garbage ending in digits", body(dynoState) + "x12" + body(router), []string{dynoState, "!x12", router}},
		{"garbage ending in digits, no newline at the end", body(dynoState) + "x12" + body(overflow), []string{dynoState, "!x12", overflow}},
		{"garbage of digits", body(dynoState) + "12" + body(router), []string{dynoState, "!12", router}},
		{"garbage of digits, no newline, but a neighbour", body(dynoState) + "12" + body(overflow, router), []string{dynoState, "!12", overflow, router}},
		{"garbage of digits between messages ending in digits", body(overflow) + "12" + body(overflow, router), []string{overflow, "!12", overflow, router}},
		{"garbage of digits before", "99" + body(router), []string{"!99", router}},
		{"garbage of many digits", strings.Repeat("7", 100) + body(router), []string{"!" + strings.Repeat("7", 100), router}},
		{"garbage on both sides", body(dynoState) + "x1" + body(router) + "garbage" + body(quota), []string{dynoState, "!x1", router, "!garbage", quota}},
		{"garbage like a header", body(dynoState) + "20 <190>1 " + body(router), []string{dynoState, "!20 <190>1 ", router}},

		{"count includes part of the next", miscounted(dynoState, 40) + body(router, quota), []string{"!" + miscounted(dynoState, 40), router, quota}},
		{"count includes all of the next and more", miscounted(dynoState, 350) + body(quota, router), []string{"!" + miscounted(dynoState, 350), quota, router}},
		{"count with a digit too many", "4" + body(dynoState, quota, router), []string{"!4", dynoState, quota, router}},
		{"count includes the next, the last", body(quota) + miscounted(dynoState, 5) + body(router), []string{quota, "!" + miscounted(dynoState, 5), router}},
		{"count one too high", miscounted(dynoState, 1) + body(router, quota), []string{"!" + miscounted(dynoState, 1), router, quota}},
		{"count two too high", miscounted(dynoState, 2) + body(router, quota), []string{"!" + miscounted(dynoState, 2), router, quota}},
		{"count three too high", miscounted(dynoState, 3) + body(router, quota), []string{"!" + miscounted(dynoState, 3), router, quota}},
		{"count four too high", miscounted(dynoState, 4) + body(router, quota), []string{"!" + miscounted(dynoState, 4), router, quota}},
		{"count one too low", miscounted(dynoState, -1) + body(router, quota), []string{strings.TrimSuffix(dynoState, "\n"), "!\n", router, quota}},
		{"count inside its own header", "12 " + dynoState + body(router), []string{"!12 " + dynoState, router}},
		{"two wrong counts in a row", miscounted(dynoState, 9) + miscounted(dynoState, 9) + body(router), []string{"!" + miscounted(dynoState, 9) + miscounted(dynoState, 9), router}},

		{"too large a count", body(quota) + "99999 " + dynoState + body(router), []string{quota, "!99999 " + dynoState, router}},
		{"too large a count, the last", body(quota) + "99999 " + router, []string{quota, "!99999 " + router}},
		{"overflowing count", body(quota) + "18446744073709551699 " + router + body(dynoState), []string{quota, "!18446744073709551699 " + router, dynoState}},
		{"zero count", body(quota) + "0 " + dynoState + body(router), []string{quota, "!0 " + dynoState, router}},
		{"zero count, no message", body(quota) + "0 " + body(router), []string{quota, "!0 ", router}},
		{"negative count", body(quota) + "-5 " + dynoState + body(router), []string{quota, "!-5 " + dynoState, router}},
		{"minus before a good count", body(quota) + "-" + body(dynoState, router), []string{quota, "!-", dynoState, router}},
		{"leading zeros", body(quota) + "00" + body(dynoState, router), []string{quota, "!00", dynoState, router}},
		{"leading zeros, garbage after", body(quota) + "00" + body(overflow) + "xyz" + body(router), []string{quota, "!00", overflow, "!xyz", router}},
		{"no count", body(quota) + " " + dynoState + body(router), []string{quota, "! " + dynoState, router}},
		{"no space", body(quota) + "83" + dynoState + body(router), []string{quota, "!83" + dynoState, router}},

		{"truncated", body(quota, dynoState)[:len(body(quota, dynoState))-7], []string{quota, "!" + body(dynoState)[:len(body(dynoState))-7]}},
		{"truncated in its count", body(quota) + "15", []string{quota, "!15"}},
		{"truncated after its count", body(quota) + "150 ", []string{quota, "!150 "}},
		{"truncated alone", body(dynoState)[:40], []string{"!" + body(dynoState)[:40]}},
		{"truncated to the length in half of its count", body(overflow)[:len("142 ")+42], []string{"!" + body(overflow)[:len("142 ")+42]}},
		{"another body after a truncated one", body(quota) + body(dynoState)[:40] + body(router), []string{quota, "!" + body(dynoState)[:40], router}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, pieces(test.body)); diff != "" {
				t.Errorf("pieces of %q (-want +got):\n%s", test.body, diff)
			}
			checkWhole(t, []byte(test.body))
		})
	}
}

// checkWhole checks what holds for every body: its pieces add up to the body, no two neighbours are malformed, and each frame is as long as its
// count says.
func checkWhole(t *testing.T, body []byte) {
	t.Helper()
	var whole []byte
	malformed := false
	for f := range logplex.Frames(body) {
		whole = append(whole, f.Raw...)
		if f.Malformed && malformed {
			t.Errorf("%q: two malformed pieces in a row, the second %q", body, f.Raw)
		}
		malformed = f.Malformed
		want := f.Message
		if !f.Malformed {
			want = logplex.AppendFrame(nil, f.Message)
		}
		if len(f.Raw) == 0 || string(f.Raw) != string(want) {
			t.Errorf("%q: piece %q has the message %q", body, f.Raw, f.Message)
		}
	}
	if string(whole) != string(body) {
		t.Errorf("the pieces of %q are %q", body, whole)
	}
}

// TestTruncatedAnywhere checks that the frames before the cut are found wherever a body is cut, and that the rest is one malformed piece.
func TestTruncatedAnywhere(t *testing.T) {
	for _, last := range samples {
		whole := body(quota, last)
		for cut := len(body(quota)) + 1; cut < len(whole); cut++ {
			want := []string{quota, "!" + whole[len(body(quota)):cut]}
			if diff := cmp.Diff(want, pieces(whole[:cut])); diff != "" {
				t.Errorf("cut at %d (-want +got):\n%s", cut, diff)
			}
		}
	}
}

// TestMiscountedByAnyNumber checks that the frames before and after a wrong count are found.
func TestMiscountedByAnyNumber(t *testing.T) {
	for _, message := range samples {
		for by := -len(message); by < 2*len(message); by++ {
			if by == 0 || by == len(body(router)) || by == len(body(router, overflow)) { // correct, or ending at a boundary
				continue
			}
			got := pieces(body(quota) + miscounted(message, by) + body(router, overflow))
			if len(got) < 4 || got[0] != quota || got[len(got)-2] != router || got[len(got)-1] != overflow {
				t.Errorf("count of %q wrong by %d: %q", message, by, got)
			}
		}
	}
}

func TestFramesStopsWithTheLoop(t *testing.T) {
	for range logplex.Frames([]byte("garbage" + body(samples...))) {
		break
	}
	for f := range logplex.Frames([]byte(body(samples...))) {
		if string(f.Message) != samples[0] {
			t.Errorf("the first frame is %q", f.Message)
		}
		break
	}
}

// TestPiecesDoNotOverlap checks that appending to a piece does not overwrite the next one.
func TestPiecesDoNotOverlap(t *testing.T) {
	b := []byte(body(quota) + "garbage" + body(router))
	want := string(b)
	for f := range logplex.Frames(b) {
		_ = append(f.Raw, '!')
		_ = append(f.Message, '!')
	}
	if string(b) != want {
		t.Errorf("the body became %q", b)
	}
}

func TestFramesAllocateNothingPerLine(t *testing.T) {
	short := []byte(body(samples...))
	long, _ := batch()
	long = append(long, "garbage"...)
	count := func(b []byte) float64 {
		return testing.AllocsPerRun(10, func() {
			for f := range logplex.Frames(b) {
				logplex.ParseLine(f.Message)
			}
		})
	}
	if a, b := count(short), count(long); a != b {
		t.Errorf("%v allocations for %d bytes, %v for %d", a, len(short), b, len(long))
	}
}
