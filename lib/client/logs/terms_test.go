package logs_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/logformat"
)

// routerLine is one whose fields say its text.
const routerLine = `at=error code=H12 desc="Request timeout" method=GET path="/a?b=\"c\"" host=shop.example.com request_id=8601b555 fwd="203.0.113.7" dyno= connect= ` +
	`service=30000ms status=503 bytes= protocol=https`

// inAllFormats returns a line as it is stored: as text, as JSON, and as JSON of earlier versions, which had the text of every line.
func inAllFormats(at time.Time, source, process, message string) []string {
	all := inBothFormats(at, source, process, "info", message)
	l := logformat.Read(all[1], at)
	const id = `"id":"AAAAAAAAAAA",`
	return append(all, "{"+strings.TrimPrefix(string(logformat.AppendObject(nil, id[6:17], "shop", &l)), `{"id":"`+l.ID.String()+`",`))
}

// What is typed as it stands in a line finds the line, in whichever format it is stored.
func TestPatternsFindLinesInEachFormat(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		at := time.Now().Add(-time.Minute).Truncate(time.Millisecond)
		for n, line := range []struct{ source, process, message string }{
			0: {"heroku", "router", routerLine},
			1: {"heroku", "web.1", "source=web.1 dyno=heroku.1 sample#memory_total=384.00MB sample#memory_pgpgin=7pages"},
			2: {"app", "heroku-redis", "source=REDIS addon=redis-flat-1 sample#hit-rate=0.99"},
			3: {"app", "web.1", `{"level":"error","time":17,"msg":"no way"}`},
			4: {"app", "web.1", "status=503 hello code=H12"},
			5: {"app", "web.1", `say "hello"`},
		} {
			for _, text := range inAllFormats(at, line.source, line.process, line.message) {
				s.put(at.Add(time.Duration(n)*time.Millisecond), text)
			}
		}
		for pattern, want := range map[string]string{
			`"code=H12"`: "000444", `"code=H12 desc="`: "000", `"status=503"`: "000444", `"status=503 bytes= protocol"`: "000", `"service=30000ms"`: "000", `"30000ms"`: "000",
			`"dyno= connect="`: "000", `"path=\"/a?b=\\\"c\\\"\""`: "000", `"code=H12" -"at=error"`: "444", `-"code=H12"`: "111222333555",
			`"sample#memory_total"`: "111", `"384.00MB"`: "111", "MB": "111", "pages": "111", `"source=web.1"`: "111", `"source=REDIS addon"`: "222", `"sample#hit-rate=0.9"`: "222",
			`"{\"level\":\"error\""`: "333", `"\"time\":17,\"msg\""`: "333", `"no way"`: "333", `"say \"hello\""`: "555",
			`?"code=H12" ?"sample#hit"`: "000222444", `?"ms status" ?way`: "000333", `?"MB" hello`: "444555",
			`%status=5\d\d%`: "000444", `%^status=%`: "", `%code=H1[23]\x20desc%`: "000", `%\d+MB|0\.99$%`: "11122", `%^heroku.router%`: "00",
			`"heroku[router]: at=error"`: "000", `"app[web.1]: say"`: "555", `%nothing%`: "",
		} {
			var got strings.Builder
			err := s.stream(logs.Selection{Pattern: pattern}).Read(t.Context(), logs.Range{}, func(e logs.Event) error {
				got.WriteByte(byte('0' + *e.Timestamp - at.UnixMilli()))
				return nil
			})
			if diff := cmp.Diff(want, got.String()); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", pattern, err, diff)
			}
		}
	})
}

// Each part of a line's text finds the line: its event has all that is searched for.
func FuzzFragments(f *testing.F) {
	for _, line := range []struct{ source, process, message string }{
		{"heroku", "router", routerLine}, {"heroku", "web.1", "source=web.1 dyno=heroku.1 sample#memory_total=384.00MB sample#memory_pgpgin=7pages sample#load_avg_1m=0.5"},
		{"app", "heroku-postgres", "source=DATABASE sample#db_size=26219348792bytes sample#memory-total=15664876.0kB"},
		{"app", "web.1", `{"level": "error", "time": 17 , "msg":"\u00e9\n <b>"}`}, {"app", "web.1", "plain\ttext \\ 7ms \x1b[0m"},
	} {
		f.Add(line.source, line.process, line.message, uint(3), uint(9))
		f.Add(line.source, line.process, line.message, uint(0), uint(len(line.message)))
	}
	f.Fuzz(func(t *testing.T, source, process, message string, start, length uint) {
		if !utf8.ValidString(source+process+message) || strings.Contains(source, "{") || len(message) == 0 {
			return
		}
		start %= uint(len(message))
		part := message[start : start+min(length, uint(len(message))-start)]
		if !utf8.ValidString(part) {
			return
		}
		for _, event := range inAllFormats(objectAt, source, process, message) {
			for _, fragment := range logs.Fragments(part) {
				if !strings.Contains(event, fragment) {
					t.Errorf("%q is searched for because of %q, and is not in %s", fragment, part, event)
				}
			}
		}
	})
}
