package logplex_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heroku-drains/lib/logplex"
)

// header matches what makes bytes more than garbage. The count may be the last digits of the bytes before.
var header = regexp.MustCompile(`(^|[0-9]) <[0-9]+>1 `)

// FuzzFrames reads the input as a body, and as garbage between two valid frames.
func FuzzFrames(f *testing.F) {
	for _, seed := range []string{
		"", "\n", "1", "007", "-1", "99999999999999999999", "garbage", "x12", "5 hello", "0 ", "20 <190>1 ", "<190>1 ", " <190>1 2024-03-05T14:07:09+00:00 ",
		body(samples...), body(samples...)[:1000], miscounted(router, 9) + body(samples...), miscounted(router, 1) + body(overflow), body(overflow) + "1" + body(redis),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		checkWhole(t, input)
		if n := logplex.Searched(input); n > len(input)+1 {
			t.Errorf("searched %d bytes of %d", n, len(input))
		}
		if header.Match(input) {
			return
		}
		for _, first := range []string{dynoState, overflow} {
			for _, last := range []string{router, postgres} {
				if digits := len(input) > 0 && isDigits(input); digits && last == postgres {
					continue // indistinguishable from a truncated frame with a longer count
				}
				b := body(first) + string(input) + body(last)
				checkWhole(t, []byte(b))
				if got := pieces(b); got[0] != first || got[len(got)-1] != last {
					t.Errorf("%q: the frames around the garbage are %q and %q", input, got[0], got[len(got)-1])
				}
			}
		}
	})
}

func isDigits(b []byte) bool { return len(bytes.Trim(b, "0123456789")) == 0 }

// FuzzLine compares lines with the result of strings.SplitN, times with time.Parse, and each line with what is read after writing it.
func FuzzLine(f *testing.F) {
	for _, sample := range samples {
		f.Add([]byte(sample))
	}
	for _, seed := range []string{
		"", "<190>1 - a b c", "<0>1  a b c - \n", "<999>1 2014-12-08T10:57:11.96214+00:00 host app  - m", "<190>1 2014-11-31T22:17:12Z host app web.1 x \n\n",
		"<190>1 - shuttle token web.1 - - m\n", "<158>1 - host heroku router - - -", "<190>1 - - a b - - - c", "<192>1 - host a heroku-x x - m", "<190>1 - h a b -",
		"<190>1 2014-12-08T22:17:12.123456789123-23:59 host app web.1 -", "<190>1 2014-12-08T22:17:12+24:00 host app web.1 -",
	} {
		f.Add([]byte(seed))
	}
	opening := regexp.MustCompile(`^<[0-9]{1,10}>1 `)
	nilValue := regexp.MustCompile(`^-( |$)`)
	readable := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)
	f.Fuzz(func(t *testing.T, message []byte) {
		line, ok := logplex.ParseLine(message)
		fields := strings.SplitN(strings.TrimSuffix(opening.ReplaceAllString(string(message), ""), "\n"), " ", 5)
		if want := opening.Match(message) && len(fields) >= 4; ok != want {
			t.Fatalf("%q: a line is %v, want %v", message, ok, want)
		}
		if !ok {
			return
		}
		host, text := fields[1], strings.Join(fields[4:], "")
		named, heroku := host != "" && host != "host", fields[2] == "heroku" || strings.HasPrefix(fields[3], "heroku-")
		if nilValue.MatchString(text) {
			if text = nilValue.ReplaceAllString(text, ""); named || heroku {
				text = nilValue.ReplaceAllString(text, "")
			}
		}
		if host == "host" || host == "-" {
			host = ""
		}
		for _, got := range []struct {
			slice []byte
			want  string
		}{{line.TimeText, fields[0]}, {line.Host, host}, {line.Source, fields[2]}, {line.Process, fields[3]}, {line.Message, text}} {
			if string(got.slice) != got.want {
				t.Errorf("%q: a field is %q, want %q", message, got.slice, got.want)
			}
			if !inside(message, got.slice) {
				t.Errorf("%q: the field %q is a copy", message, got.slice)
			}
		}
		if line.Newline != bytes.HasSuffix(message, []byte("\n")) {
			t.Errorf("%q: Newline is %v", message, line.Newline)
		}
		want, err := time.Parse(time.RFC3339, fields[0])
		if err != nil || !readable.MatchString(fields[0]) {
			want = time.Time{}
		}
		if !line.Time.Equal(want) {
			t.Errorf("time %q is %v, want %v", fields[0], line.Time, want)
		}
		if line.Priority < -1 || line.Priority > 191 || (line.Severity() == "") != (line.Priority < 0) || (line.PriorityText == nil) != (line.Priority >= 0) {
			t.Errorf("%q: priority %d, severity %q", message, line.Priority, line.Severity())
		}
		if len(line.TimeText) == 0 {
			return // AppendLine writes the NILVALUE
		}
		if again, _ := logplex.ParseLine(logplex.AppendLine(nil, line)); !cmp.Equal(line, again, cmpopts.EquateEmpty()) {
			t.Errorf("%q: read as %+v, written and read again as %+v", message, line, again)
		}
	})
}

// inside reports whether the slice shares the memory of the whole: slicing off the front does not move the end of the capacity.
func inside(whole, slice []byte) bool {
	at := cap(whole) - cap(slice)
	return len(slice) == 0 || at >= 0 && at+len(slice) <= len(whole) && &whole[at] == &slice[0]
}
