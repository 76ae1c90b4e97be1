package cli

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/term"
)

// FuzzPlainLines prints events into a pipe in each format: what appendPlain makes must be what text makes.
func FuzzPlainLines(f *testing.F) {
	for _, text := range []string{
		"app[web.1]: hello", "app[]: ", "by hand", `heroku[router]: at=info method=GET path="/" status=200`, "app[é.1]: [continued] \x1b[31mred\x1b[0m\n{\"a\": 1}",
		`{"source":"app","process":"web.1","id":"q83vEjRWeJA","level":"info", "msg":"<b>"}`, "app[a-long-process.1]: x [no readable time]", "{", "",
	} {
		f.Add(text, int64(1_795_000_000_123))
	}
	f.Fuzz(func(t *testing.T, text string, at int64) {
		s := &session{Terminal: term.New(strings.NewReader(""), &strings.Builder{}, &strings.Builder{})}
		e := logs.Event{Message: &text, Timestamp: aws.Int64(at % (1 << 50)), IngestionTime: aws.Int64(1), EventId: aws.String("e"), LogStreamName: aws.String("s")}
		for _, format := range []string{formatFull, formatShort, formatRaw, formatJSON, formatEvent} {
			for _, prefixes := range []map[string]string{nil, {"shop": "shop  "}} {
				p := s.linePrinter()
				p.format, p.zone, p.prefixes, p.of = format, time.FixedZone("", 3600), prefixes, &appStreams{byName: map[string]string{"s": "shop"}}
				want, wantErr := p.text(e)
				got, err := p.appendPlain([]byte("before "), e)
				if string(got) != "before "+want || fmt.Sprint(err) != fmt.Sprint(wantErr) {
					t.Errorf("%s:\n got %q, %v\nwant %q, %v", format, got, err, want, wantErr)
				}
			}
		}
	})
}
