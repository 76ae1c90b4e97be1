package logs_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/logs"
)

func TestFieldsThatAreNotKnownHideNoRequest(t *testing.T) {
	inEachClass(t, func(t *testing.T, s *store) {
		at := time.Now().Add(-time.Minute).Truncate(time.Second)
		request := func(start, end string) string {
			return start + ` method=GET path="/search?q=\"teapot\" status=418 service=9999ms " host=shop.example request_id=8601b555 fwd="1.2.3.4" dyno=web.1 connect=0ms ` + end
		}
		for n, message := range []string{
			0: request(`at=error code=H18 desc="Server Request Interrupted"`, "service=1900ms status=503 bytes=0 protocol=https sock=backend"),
			1: request("at=info", "service=1900ms status=500 bytes=7 protocol=https extra=1"),
			2: request("at=info", "service=1900ms queue=3ms status=500 cache=miss bytes=7 protocol=https"),
			3: request("at=info", "service=1900ms status=500"),
			4: request("at=info", "service=1900ms status=500 bytes=7 protocol=https empty="),
			5: request("at=info", `service=1900ms status=500 bytes=7 protocol=https note="status=418 service=1ms "`),
			6: request(`sock=client at=warning code=H27 desc="Client Request Interrupted"`, "service=18ms status=499 bytes=0 protocol=https"),
			7: request(`sock=client at=error code=H24 desc="Forced close"`, "service= status= bytes=18 protocol=https"),
			8: request("at=info", "service=18ms status=200 bytes=0 protocol=https extra=1"),
		} {
			for _, text := range inBothFormats(at, "heroku", "router", "info", message) {
				s.put(at.Add(time.Duration(n)*time.Millisecond), text)
			}
		}
		for name, tt := range map[string]struct {
			selection logs.Selection
			want      string
		}{
			"a class":         {logs.Selection{Status: logs.Statuses{"5xx"}}, "0 0 1 1 2 2 3 3 4 4 5 5"},
			"slow":            {logs.Selection{SlowerThan: time.Second}, "0 0 1 1 2 2 3 3 4 4 5 5"},
			"both":            {logs.Selection{SlowerThan: time.Second, Status: logs.Statuses{"503"}}, "0 0"},
			"as in the path":  {logs.Selection{Status: logs.Statuses{"418"}}, ""},
			"slow as therein": {logs.Selection{SlowerThan: 9 * time.Second}, ""},
			"errors":          {logs.Selection{Level: logs.Error}, "0 0 1 1 2 2 3 3 4 4 5 5 7 7"},
			"warnings":        {logs.Selection{Level: logs.Warning}, "0 0 1 1 2 2 3 3 4 4 5 5 6 6 7 7"},
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
