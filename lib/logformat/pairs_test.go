package logformat_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-logfmt/logfmt"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
)

// readPairs returns the pairs of a line, each as name=value.
func readPairs(line []byte) (pairs []string) {
	logformat.Pairs(line, func(name, value []byte) { pairs = append(pairs, fmt.Sprintf("%s=%s", name, value)) })
	return pairs
}

// FuzzPairs reads what go-logfmt writes, with a bare pair at the end that must be found whatever the values are, and any other text.
func FuzzPairs(f *testing.F) {
	f.Add("path", `/a"b c\`, "fwd", "1.2.3.4")
	f.Add("desc", "Request timeout\n", "dyno", "\x00\u2028=")
	f.Add("a", `" b="c`, "d", `\`)
	f.Add("a", `\"`, "é", `\u00e9\`)
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2 string) {
		readPairs([]byte(value1)) // must return
		if all := value1 + "," + value2; !utf8.ValidString(all) || strings.ContainsRune(all, utf8.RuneError) {
			t.Skip("lines are valid UTF-8")
		}
		var line bytes.Buffer
		var want []string
		e := logfmt.NewEncoder(&line)
		for _, pair := range []struct{ name, value string }{{name1, value1}, {name2, value2}, {"status", "503"}} {
			if !goodName(pair.name) || e.EncodeKeyval(pair.name, pair.value) != nil {
				t.Skip("the encoder changes the name")
			}
			if pair.value != "" {
				want = append(want, pair.name+"="+pair.value)
			}
		}
		if diff := cmp.Diff(want, readPairs(line.Bytes())); diff != "" {
			t.Errorf("%s (-written +read):\n%s", line.Bytes(), diff)
		}
	})
}

func goodName(name string) bool {
	return name != "" && utf8.ValidString(name) &&
		strings.IndexFunc(name, func(c rune) bool { return c <= ' ' || c == '=' || c == '"' || c == 0x7f || c == utf8.RuneError }) < 0
}

// A hostile line takes no longer than any other of its length.
func TestPairsTakeLinearTime(t *testing.T) {
	const length = 1 << 20
	start := time.Now()
	for _, text := range []string{`a="b `, `a="\" `, `a="b" `, `a="b"c `, `a"b="c `, `="a `, `a=b=c `, `a="b\`, `"`, `=`, `a="`, `\`} {
		for _, end := range []string{"", `" `, `x" b="c" `, `\"`} {
			readPairs([]byte(strings.Repeat(text, length/len(text)) + end))
		}
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}
