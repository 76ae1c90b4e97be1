package logs_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/logformat"
)

// inBothFormats returns a line as each of the storage formats has it.
func inBothFormats(at time.Time, source, process, severity, message string) []string {
	l := logformat.Line{Time: at, Source: []byte(source), Process: []byte(process), Severity: severity, Message: []byte(message), ID: logformat.ID(1).At(at)}
	return []string{string(logformat.Text().Append(nil, &l)), string(logformat.JSON().Append(nil, &l))}
}

func TestReadASelectionOfRequestsAndLevels(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		at := time.Now().Add(-time.Minute).Truncate(time.Second)
		const id = "4c7a6b0e-1b0f-4a52-9a3e-2f7d8c6b5a41"
		request := func(start, end string) string {
			return start + ` method=GET path="/?status=503&service=9999ms" host=shop.example request_id=` + id + ` fwd="1.2.3.4" dyno=web.1 connect=0ms ` + end
		}
		for n, line := range []struct{ source, process, severity, message string }{
			0: {"heroku", "router", "info", request("at=info", "service=18ms status=200 bytes=7")},
			1: {"heroku", "router", "info", request("at=info", "service=1000ms status=404 bytes=7")},
			2: {"heroku", "router", "info", strings.ReplaceAll(request("at=error code=H12", "service=30000ms status=503 bytes=0"), id, "another-request-id")},
			3: {"app", "web.1", "info", "at=info service=30000ms status=503 bytes=0"},
			4: {"app", "web.1", "info", `{"level":"error","msg":"no","request_id":"` + id + `"}`},
			5: {"app", "web.1", "info", `{"level":40,"msg":"oh"}`},
			6: {"app", "web.1", "info", "E, [2026-11-22T15:17:21.123 #4] ERROR -- : no"},
			7: {"heroku", "web.1", "info", "Error R14 (Memory quota exceeded)"},
			8: {"app", "web.1", "info", "hello"},
		} {
			for _, text := range inBothFormats(at, line.source, line.process, line.severity, line.message) {
				s.put(at.Add(time.Duration(n)*time.Millisecond), text)
			}
		}
		for name, tt := range map[string]struct {
			selection logs.Selection
			want      string
		}{
			"a class":            {logs.Selection{Status: logs.Statuses{"5xx"}}, "2 2"},
			"several":            {logs.Selection{Status: logs.Statuses{"200", "4xx"}}, "0 0 1 1"},
			"slow":               {logs.Selection{SlowerThan: time.Second}, "1 1 2 2"},
			"slower":             {logs.Selection{SlowerThan: 1001 * time.Millisecond}, "2 2"},
			"slow with a status": {logs.Selection{SlowerThan: time.Second, Status: logs.Statuses{"404"}}, "1 1"},
			"a request":          {logs.Selection{RequestID: id}, "0 0 1 1 4 4"},
			"of an app":          {logs.Selection{RequestID: id, Source: "app"}, "4 4"},
			"with a status":      {logs.Selection{RequestID: id, Status: logs.Statuses{"2xx"}}, "0 0"},
			"errors":             {logs.Selection{Level: logs.Error}, "2 2 4 4 6 6 7 7"},
			"warnings":           {logs.Selection{Level: logs.Warning}, "2 2 4 4 5 5 6 6 7 7"},
			"errors of web":      {logs.Selection{Level: logs.Error, Process: "web", Source: "app"}, "4 4 6 6"},
			"and a word":         {logs.Selection{Level: logs.Error, Pattern: "R14"}, "7 7"},
			"without a word":     {logs.Selection{Status: logs.Statuses{"4xx", "5xx"}, Pattern: "-H12"}, "1 1"},
			"and optional words": {logs.Selection{RequestID: id, Pattern: "?msg ?200"}, "0 0 4 4"},
			"and an expression":  {logs.Selection{SlowerThan: time.Second, Pattern: `%status=503\x20%`}, "2 2"},
			"none":               {logs.Selection{SlowerThan: time.Second, Process: "web"}, ""},
		} {
			var got []string
			err := s.stream(tt.selection).Read(t.Context(), logs.Range{}, func(e logs.Event) error {
				got = append(got, fmt.Sprint(*e.Timestamp-at.UnixMilli()))
				return nil
			})
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
			}
		}
	})
}

func TestWhatIsSearchedFor(t *testing.T) {
	const critical = `?"crit" ?"CRIT" ?"Crit" ?"critical" ?"CRITICAL" ?"Critical" ?"fatal" ?"FATAL" ?"Fatal" ?"alert" ?"ALERT" ?"Alert" ?"emerg" ?"EMERG" ?"Emerg" ` +
		`?"emergency" ?"EMERGENCY" ?"Emergency" ?"panic" ?"PANIC" ?"Panic" ?"F," ?":60" ?" 60" ?"=60" ?"\"60"`
	if longest := (logs.Selection{Level: logs.Warning}).Query(); len(longest) > 1024 { // AWS allows no more
		t.Errorf("%d characters", len(longest))
	}
	for _, tt := range []struct {
		selection logs.Selection
		want      string
	}{
		{logs.Selection{}, ""},
		{logs.Selection{Source: "app", Process: "web.1"}, `%^app\[web\.1[.\]]|^\{.*\x22source\x22:\x22app\x22.*\x22process\x22:\x22web\.1[.\x22]%`},
		{logs.Selection{Process: "web"}, `%^[^\[]*\[web[.\]]|^\{.*\x22process\x22:\x22web[.\x22]%`},
		{logs.Selection{Source: `a"`, Process: "web/1"}, `"web/1"`},
		{logs.Selection{Level: logs.Critical, Process: "web"}, critical},
		{logs.Selection{Status: logs.Statuses{"503", "4xx"}}, `%\x20status=503|\x22status\x22:503|\x20status=4\d\d|\x22status\x22:4\d\d%`},
		{logs.Selection{SlowerThan: time.Second}, `%\x20service=\d\d\d\d|\x22service\x22:\d\d\d\d%`},
		{logs.Selection{RequestID: "a-b-c", Status: logs.Statuses{"503"}}, `"a-b-c" "router"`},
		{logs.Selection{Pattern: "one -two", Process: "web"}, `one -two "web"`},
		{logs.Selection{Pattern: "?one ?two", Process: "web"}, `?one ?two`},
		{logs.Selection{Pattern: `/pay -"by user"`}, `/pay -"by user"`},
		{logs.Selection{Pattern: " { $.a = 1 }", Process: "web"}, `{ $.a = 1 }`},
		{logs.Selection{Pattern: "%x%", RequestID: "a-b-c"}, `%x|^\{\x22source\x22:%`},
		{logs.Selection{Pattern: `%(%`}, `%(%`},
		{logs.Selection{Pattern: `"code=H12" -"status=503" x`, Process: "web"}, `"code" "H12" "x" -"status=503" "web"`},
		{logs.Selection{Pattern: `?"service=18ms" ?x`}, `?"18" ?"x"`},
		{logs.Selection{Pattern: `?"service=18ms" ?ms`, Process: "web/1"}, `"web/1"`},
		{logs.Selection{Pattern: `"sample#memory_total=384.00M"`}, `"memory_total" "384.00"`},
		{logs.Selection{Pattern: "  ", RequestID: "a-b-c"}, `"a-b-c"`},
	} {
		if got := tt.selection.Query(); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.selection, got, tt.want)
		}
	}
}

func TestStatuses(t *testing.T) {
	for text, want := range map[string][2]string{ // those that they have, and those that they do not have
		"503": {"503", "500 50 5030"}, "5xx": {"500 599", "404 5 5xxx"}, "4XX, 200": {"404 200", "201 500"}, "1xx": {"100", "200"},
	} {
		statuses, err := logs.ParseStatuses(text)
		if err != nil {
			t.Fatal(err)
		}
		for i, codes := range want {
			for _, code := range strings.Fields(codes) {
				if statuses.Has(code) != (i == 0) {
					t.Errorf("%s has %s: %t", text, code, i != 0)
				}
			}
		}
	}
	for _, text := range []string{"", ",", "5", "5x", "x5x", "600", "6xx", "5xx,", "error", "5xx 4xx", "٥٠٣"} {
		if statuses, err := logs.ParseStatuses(text); err == nil {
			t.Errorf("%q is read as %v", text, statuses)
		}
	}
}

func TestRequestIDs(t *testing.T) {
	for id, valid := range map[string]bool{
		"4c7a6b0e-1b0f-4a52-9a3e-2f7d8c6b5a41": true, "Root=1-67891233-abcdef012345678912345678": true, strings.Repeat("a", 200): true,
		"an-order/of+yesterday=17": true, "4c7a6b0e": true, "4c7a6b0e-1b0f": true, strings.Repeat("z", 20): true,
		"": false, "abc": false, "-abcd": false, `a"bcdef`: false, "a bcdef": false, "%abcdef%": false, strings.Repeat("a", 201): false,
		"nonsense": false, "4c7a6b0": false, strings.Repeat("z", 19): false, `a"` + strings.Repeat("z", 20): false,
	} {
		for _, prefix := range []string{"", "request_id="} {
			got, err := logs.ParseRequestID(prefix + id)
			if (err == nil) != valid || valid && got != id {
				t.Errorf("%q: %q, %v", prefix+id, got, err)
			}
		}
	}
}
