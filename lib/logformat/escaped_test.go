package logformat_test

import (
	"strconv"
	"testing"
	"time"

	"heroku-drains/lib/logformat"
)

// An escaped line is printable ASCII, has no fields, and still holds every byte of the refused event.
func TestEscaped(t *testing.T) {
	const text = `{"time":"2026-11-20T12:00:00.000000Z","status":503,"message":"\u0001` + "\x00\x1b\x7f\"\\é\u2028\U0001f600\"}"
	for name, f := range map[string]logformat.Format{"text": logformat.Text(), "JSON": logformat.JSON()} {
		l := logformat.Escaped([]byte(text), noon.UnixNano())
		checkRoundTrip(t, l)
		event := f.Append(nil, &l)
		for _, c := range event {
			if c < ' ' || c > '~' {
				t.Fatalf("%s: the event contains %q: %s", name, c, event)
			}
		}
		back := logformat.Read(string(event), noon)
		original, err := strconv.Unquote(string(back.Message))
		if err != nil || original != text {
			t.Errorf("%s: the event %s holds %q, error %v", name, event, original, err)
		}
		if string(back.Source) != "heroku-drains" || string(back.Process) != "escaped" || !back.Time.Equal(noon.Truncate(time.Millisecond)) {
			t.Errorf("%s: read back as %+v", name, back)
		}
	}
	plain := logformat.Escaped([]byte(`{"status":503}`), noon.UnixNano())
	const want = `{"source":"heroku-drains","process":"escaped","time":"2026-11-20T12:00:00.000000Z","message":"\"{\\\"status\\\":503}\""}`
	if got := string(logformat.JSON().Append(nil, &plain)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
