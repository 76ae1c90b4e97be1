package logplex_test

import (
	"strings"
	"testing"

	"heroku-drains/lib/logplex"
)

func TestIsChunk(t *testing.T) {
	full := strings.Repeat("x", logplex.ChunkSize)
	const stamp = "2026-11-20T12:00:00.123456+00:00"
	for name, test := range map[string]struct {
		line string
		want bool
	}{
		"a dyno's":              {"<190>1 " + stamp + " host app web.1 - " + full, true},
		"a one-off dyno's":      {"<190>1 " + stamp + " host app run.4711 - " + full, true},
		"in UTC":                {"<190>1 2026-11-20T12:00:00.1Z host app web-2_x.12 - " + full, true},
		"with a newline":        {"<190>1 " + stamp + " host app web.1 - " + full + "\n", false},
		"a byte less":           {"<190>1 " + stamp + " host app web.1 - " + full[1:], false},
		"a byte more":           {"<190>1 " + stamp + " host app web.1 - x" + full, false},
		"whole seconds":         {"<190>1 2026-11-20T12:00:00+00:00 host app web.1 - " + full, false},
		"no time":               {"<190>1 - host app web.1 - " + full, false},
		"a dot but no time":     {"<190>1 yesterday,_at_noon.12 host app web.1 - " + full, false},
		"the platform's":        {"<190>1 " + stamp + " host heroku web.1 - " + full, false},
		"an add-on's":           {"<190>1 " + stamp + " host app heroku-postgres - " + full, false},
		"the API's":             {"<190>1 " + stamp + " host app api - " + full, false},
		"a name without number": {"<190>1 " + stamp + " host app web. - " + full, false},
		"a number alone":        {"<190>1 " + stamp + " host app .1 - " + full, false},
		"a version":             {"<190>1 " + stamp + " host app v1.x - " + full, false},
	} {
		if l, ok := logplex.ParseLine([]byte(test.line)); !ok || l.IsChunk() != test.want {
			t.Errorf("%s: %t, want %t", name, l.IsChunk(), test.want)
		}
	}
}
