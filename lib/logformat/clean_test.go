package logformat_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
)

func TestStripSequences(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"plain", "plain"},
		{"\x1b[31mred\x1b[0m and \x1b[1;38;5;196mbold\x1b[m", "red and bold"},
		{"\x1b[?25l\x1b[2J\x1b[10;20Hx\x1b[K", "x"},
		{"\x1b[0 qx", "x"}, // an intermediate byte
		{"\x1b]0;title\x07x\x1b]8;;https://e.org\x1b\\link\x1b]8;;\x1b\\", "xlink"},
		{"\x1b]0;日本\x07x", "x"},
		{"cut \x1b[31", "cut \x1b[31"},
		{"cut \x1b]0;title", "cut \x1b]0;title"},
		{"cut \x1b", "cut \x1b"},
		{"\x1b]0;ti\ntle\x07x", "\x1b]0;ti\ntle\x07x"},
		{"\x1b]0;ti\x7ftle\x07x", "\x1b]0;ti\x7ftle\x07x"},
		{"\x1b[3\x1b[0mx", "\x1b[3x"},
		{"\x1b(B\x1bc", "\x1b(B\x1bc"}, // neither CSI nor OSC
	} {
		if diff := cmp.Diff([]string{prefix + test.want}, texts(logformat.Text(), logformat.StripANSI, dyno(test.in))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.in, diff)
		}
	}
}

// Bytes that are not a line keep their sequences: one may begin in a frame and end in another, and with it a frame would be lost.
func TestMalformedBytesAreNotStripped(t *testing.T) {
	const bytes = "10 cut \x1b]0;20 another frame\x07 end"
	if diff := cmp.Diff([]string{"heroku-drains[malformed]: " + bytes}, texts(logformat.Text(), logformat.StripANSI, bytes)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// sequences is stripSequences as a regular expression: slower, but plainly right.
var sequences = regexp.MustCompile(`\x1b\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|\x1b\][^\x00-\x1f\x7f]*(\x07|\x1b\\)`)

func FuzzStripSequences(f *testing.F) {
	for _, seed := range []string{"", "\x1b[31mred\x1b[0m", "\x1b]0;t\x07", "\x1b]8;;u\x1b\\", "\x1b\x1b[0m[0m", "\x1b[\xff", "\x1b]\xff\x07"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := string(text)
		got, want := string(logformat.StripSequences(text)), string(sequences.ReplaceAll(text, nil))
		if got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
		if string(text) != before {
			t.Errorf("%q was changed", before)
		}
	})
}
