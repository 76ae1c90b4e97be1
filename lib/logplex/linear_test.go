package logplex_test

import (
	"strings"
	"testing"

	"heroku-drains/lib/logplex"
)

// hostileBody is a body that a careless scanner would read again and again.
type hostileBody struct {
	name string
	unit string // repeated
	tail string // after the last unit
}

var hostile = []hostileBody{
	{"digits", "1", ""},
	{"angle brackets", "<", ""},
	{"half headers", "9 <190>1 ", ""},
	{"headers without frames", "99999999 <190>1 2024-03-05T14:07:09+00:00 ", ""},
	{"headers that swallow", "5000000 <190>1 2024-03-05T14:07:09+00:00 x", ""},
	{"short headers", "3 <190>1 2024-03-05T14:07:09+00:00 x", ""},
	{"fused counts", "99999945 <190>1 2024-03-05T14:07:09+00:00 host a b - c", ""},
	{"odd frames", "5 hello", ""},
	{"odd frames, one header at the end", "5 hello", "45 <190>1 2024-03-05T14:07:09+00:00 host a b - c"},
	{"unconfirmed frames", "45 <190>1 2024-03-05T14:07:09+00:00 host a b - c!", ""},
	{"timeless frames", "17 <190>1 - h a b - ?", ""},
}

func (h hostileBody) bytes(size int) []byte {
	return []byte(strings.Repeat(h.unit, size/len(h.unit)) + h.tail)
}

// TestWorkIsLinear checks that no byte is searched for a header twice, so that the work is linear in the length of the body. Six megabytes
// is the most that a function receives.
func TestWorkIsLinear(t *testing.T) {
	for _, h := range hostile {
		b := h.bytes(6 << 20)
		if n := logplex.Searched(b); n > len(b)+1 {
			t.Errorf("%s: searched %d bytes of %d", h.name, n, len(b))
		}
	}
}

// BenchmarkHostile takes about the same time per byte for a short and for a long body.
func BenchmarkHostile(b *testing.B) {
	for _, h := range hostile {
		for _, size := range []int{1 << 20, 6 << 20} {
			body := h.bytes(size)
			b.Run(h.name+"/"+map[int]string{1 << 20: "1MB", 6 << 20: "6MB"}[size], func(b *testing.B) {
				b.SetBytes(int64(len(body)))
				for b.Loop() {
					for range logplex.Frames(body) {
					}
				}
			})
		}
	}
}
