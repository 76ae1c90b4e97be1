package cli_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestGetShowsDroppedLines(t *testing.T) {
	const body = `{"data":[{"day":"2020-11-27T00:00:00Z","rule":"assets","lines":10,"kept":1},` +
		`{"day":"2020-11-26T00:00:00Z","rule":"assets","lines":190,"kept":1},{"day":"2020-11-26T00:00:00Z","rule":"health","lines":1}]}`
	for name, tt := range map[string]struct {
		dropped        *answer
		stdout, stderr string
	}{
		"some":           {&answer{status: http.StatusOK, body: body}, "\nDropped       assets: 200 lines in 14 days, 0 today (2 more kept); health: 1 line in 14 days, 0 today\n", ""},
		"none":           {&answer{status: http.StatusOK, body: `{"data":[]}`}, "", ""},
		"an older stack": {nil, "", ""},
		"not allowed": {&answer{status: http.StatusForbidden, body: `{"message":"Forbidden"}`}, "",
			"Cannot show dropped lines: HTTP 403: Forbidden\n"},
	} {
		t.Run(name, func(t *testing.T) {
			api := newFakeAPI(t, answer{status: http.StatusOK, body: aDrain("active", queueOf("0"), eventSource)})
			api.dropped = tt.dropped
			got := command(t, nil, api.local("get", "-a", "shop")...)
			wantCode(t, got, 0)
			if !strings.Contains(got.stdout, tt.stdout) || strings.Contains(got.stdout, "Dropped") != (tt.stdout != "") || got.stderr != tt.stderr {
				t.Errorf("stderr %q, stdout:\n%s", got.stderr, got.stdout)
			}
			json := command(t, nil, api.local("get", "-a", "shop", "--output", "json")...).stdout
			if strings.Contains(json, `"dropped": [`) != (tt.stdout != "") || tt.stdout != "" && !strings.Contains(json, `"lines": 200,`) {
				t.Errorf("JSON:\n%s", json)
			}
		})
	}
}
