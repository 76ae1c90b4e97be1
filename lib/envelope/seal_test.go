package envelope_test

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/logplex"
)

// TestSealCompressesFromItsThreshold checks that a message of a small body contains the base64 as it is, and that of a larger one less.
func TestSealCompressesFromItsThreshold(t *testing.T) {
	overhead := len(seal(t, header, "", true)[0])
	for _, size := range []int{1, 1000, compressFrom - 3, compressFrom - 1, compressFrom, compressFrom + 1, 10_000, billingUnit} {
		body := traffic(size)[:size]
		encoded := base64.StdEncoding.EncodeToString(body)
		// The decoded length is known only to three bytes before the padding is looked at.
		small := base64.StdEncoding.DecodedLen(len(encoded)) < compressFrom
		for name, sealed := range map[string][]string{"base64": seal(t, header, encoded, true), "text": seal(t, header, string(body), false)} {
			whole := len(sealed) == 1 && len(sealed[0]) == overhead+len(encoded) && strings.Contains(sealed[0], encoded)
			if name == "text" {
				small = size < compressFrom
			}
			if whole != small || len(sealed[0]) > overhead+len(encoded) {
				t.Errorf("%s of %d bytes: %d messages, the first has %d bytes", name, size, len(sealed), len(sealed[0]))
			}
			checkSealed(t, header, body, sealed)
		}
	}
}

// TestTenSealedPostsFitOneBillingUnit checks that ten POSTs take one request to receive, where base64 alone would take three.
func TestTenSealedPostsFitOneBillingUnit(t *testing.T) {
	for _, size := range []int{1000, compressFrom - 1, compressFrom, 10_000} {
		total := 0
		for range 10 {
			total += len(seal(t, header, base64.StdEncoding.EncodeToString(traffic(size)[:size]), true)[0])
		}
		if total > billingUnit {
			t.Errorf("ten POSTs of %d bytes have %d bytes when sealed", size, total)
		}
	}
}

// TestSealOfNoise checks that a body that does not compress is left as it is.
func TestSealOfNoise(t *testing.T) {
	overhead := len(seal(t, header, "", true)[0])
	for _, size := range []int{60_000, envelope.MaxPart} {
		encoded := base64.StdEncoding.EncodeToString(noise(size))
		if sealed := seal(t, header, encoded, true); len(sealed) != 1 || len(sealed[0]) != overhead+len(encoded) {
			t.Errorf("%d bytes: %d messages, the first has %d bytes", size, len(sealed), len(sealed[0]))
		}
	}
}

// TestSealedBatchFitsOneBillingUnit checks that a full batch of Logplex's costs one request, where base64 alone would cost three.
func TestSealedBatchFitsOneBillingUnit(t *testing.T) {
	if sealed := seal(t, header, base64.StdEncoding.EncodeToString(traffic(102_400)), true); len(sealed[0]) > billingUnit {
		t.Errorf("the sealed batch has %d bytes", len(sealed[0]))
	}
}

func TestSealAroundOnePart(t *testing.T) {
	for _, test := range []struct{ size, parts int }{
		{envelope.MaxPart - 1, 1}, {envelope.MaxPart, 1}, {envelope.MaxPart + 1, 2}, {2 * envelope.MaxPart, 2}, {2*envelope.MaxPart + 1, 3},
	} {
		body := noise(test.size)
		sealed := seal(t, header, string(body), false)
		checkSealed(t, header, body, sealed)
		if len(sealed) != test.parts {
			t.Errorf("%d bytes: %d messages, want %d", test.size, len(sealed), test.parts)
		}
	}
}

// TestSealSplitsBetweenFrames checks that the parts of a large body have the same frames as the whole.
func TestSealSplitsBetweenFrames(t *testing.T) {
	third, half := envelope.MaxPart/3, envelope.MaxPart/2
	for _, length := range []int{200, logplex.ChunkSize, third - overhead(third), half - overhead(half), half + 1} {
		body := framed(noise(1_500_000), length)
		messages := 0
		for i, part := range checkSealed(t, header, body, seal(t, header, string(body), false)) {
			for f := range logplex.Frames(part) {
				if f.Malformed {
					t.Fatalf("frames of %d bytes: part %d contains a malformed piece of %d bytes", length, i+1, len(f.Raw))
				}
				messages++
			}
		}
		if want := (1_500_000 + length - 1) / length; messages != want {
			t.Errorf("frames of %d bytes: %d, want %d", length, messages, want)
		}
	}
}

// chunked returns the frames of a line that log-shuttle cut into chunks.
func chunked(process string, text []byte) [][]byte {
	at := time.Date(2024, 3, 5, 14, 7, 9, 123_456_000, time.UTC)
	var frames [][]byte
	for piece := range slices.Chunk(text, logplex.ChunkSize) {
		l := logplex.Line{Priority: logplex.PriorityDyno, Time: at, Source: []byte("app"), Process: []byte(process), Message: piece}
		l.Newline = len(piece) < logplex.ChunkSize
		frames = append(frames, logplex.AppendFrame(nil, logplex.AppendLine(nil, l)))
	}
	return frames
}

// TestSealSplitsBetweenLines checks that the chunks of a line stay in one part, even if lines of other dynos come between them.
func TestSealSplitsBetweenLines(t *testing.T) {
	short := framed(noise(50_000), 100)
	for _, test := range []struct {
		name   string
		frames [][]byte
		parts  []int // how many of the frames each part has
	}{
		{"a line across the limit", append([][]byte{framed(noise(700_000), 700_000)}, chunked("web.1", noise(45_000))...), []int{1, 5}},
		{"two lines, mixed", func() [][]byte {
			web, worker := chunked("web.1", noise(405_000)), chunked("worker.1", noise(405_000))
			frames := [][]byte{short, web[0]}
			for i := range 40 {
				frames = append(frames, web[i+1], worker[i])
			}
			return append(frames, worker[40], short)
		}(), []int{1, 71, 12}}, // a line longer than a part with what comes between its chunks: split between frames
		{"one line after the other", append(append(chunked("web.1", noise(405_000)), chunked("web.1", noise(405_000))...), short), []int{41, 42}},
		{"a full chunk without a rest", append([][]byte{short, chunked("web.2", noise(logplex.ChunkSize))[0]}, chunked("web.1", noise(705_000))...), []int{2, 71}},
		{"one line longer than a part", append([][]byte{short}, chunked("web.1", noise(705_000+20_000))...), []int{1, 71, 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := bytes.Join(test.frames, nil)
			var want [][]byte
			rest := test.frames
			for _, n := range test.parts {
				want = append(want, bytes.Join(rest[:n], nil))
				rest = rest[n:]
			}
			got := checkSealed(t, header, body, seal(t, header, string(body), false))
			if len(rest) > 0 || len(got) != len(want) {
				t.Fatalf("%d parts, want %d; %d frames left over", len(got), len(want), len(rest))
			}
			for i := range want {
				if !bytes.Equal(got[i], want[i]) {
					t.Errorf("part %d has %d bytes, want %d", i+1, len(got[i]), len(want[i]))
				}
			}
		})
	}
}

// TestSealFillsAPart checks that frames which fill a part exactly do not need another one.
func TestSealFillsAPart(t *testing.T) {
	half := string(framed(noise(envelope.MaxPart/2-overhead(envelope.MaxPart/2)), envelope.MaxPart))
	body := strings.Repeat(half, 4)
	parts := checkSealed(t, header, []byte(body), seal(t, header, body, false))
	if len(half) != envelope.MaxPart/2 || len(parts) != 2 || len(parts[0]) != envelope.MaxPart {
		t.Errorf("%d parts, the first has %d bytes", len(parts), len(parts[0]))
	}
}

// TestSealOfALongFrame checks that a frame longer than a part is split, and its neighbours are not.
func TestSealOfALongFrame(t *testing.T) {
	before, after := framed([]byte("before\n"), 100), framed([]byte("after\n"), 100)
	body := string(before) + string(framed(noise(2_000_000), 2_000_000)) + string(after)
	parts := checkSealed(t, header, []byte(body), seal(t, header, body, false))
	if string(parts[0]) != string(before) {
		t.Errorf("the first part has %d bytes", len(parts[0]))
	}
	var last logplex.Frame
	for last = range logplex.Frames(parts[len(parts)-1]) {
	}
	if string(last.Raw) != string(after) || len(parts) != 4 {
		t.Errorf("%d parts, the last ends in %q", len(parts), last.Raw)
	}
}

func TestSealFails(t *testing.T) {
	large := base64.StdEncoding.EncodeToString(traffic(100_000))
	for _, test := range []struct{ name, body, want string }{
		{"a character too few", "AAA", "base64"},
		{"URL-safe base64", "AA-_", "base64"},
		{"a newline", "AAAA\nAAA", "base64"},
		{"padding inside", "AA==AAAA", "base64"},
		{"only padding", "====", "base64"},
		{"too much padding", "A===", "base64"},
		{"bytes", "\x00\xff\x1b\n", "base64"},
		{"large, not base64", large[:70_000] + "*" + large[70_001:], "base64"},
	} {
		sealed, err := envelope.Seal(header, test.body, true)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), header.App) {
			t.Errorf("%s: %d messages, error %v", test.name, len(sealed), err)
		}
	}
	h := header
	h.FrameID = strings.Repeat("x", maxMessage)
	if _, err := envelope.Seal(h, "x", false); err == nil || !strings.Contains(err.Error(), "header is too long") {
		t.Errorf("a header of 1 MiB: %v", err)
	}
}
