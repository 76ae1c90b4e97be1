package browser_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/localtest"
)

// TestModules checks functions of the page's scripts that have neither state nor elements.
func TestModules(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	p := open(t, s, "", desktop)
	p.until(live)
	for _, test := range []struct{ module, call, want string }{
		{"terms", `pattern('timeout')`, `"timeout"`},
		{"terms", `pattern('  two words ')`, `"two words"`},
		{"terms", `pattern('code=H12')`, `"\"code=H12\""`},
		{"terms", `pattern('-health-check error')`, `"-\"health-check\" error"`},
		{"terms", `pattern('?a ?b.c')`, `"?a ?\"b.c\""`},
		{"terms", `pattern('"a phrase" x')`, `"\"a phrase\" x"`},
		{"terms", `pattern('say "\\"hi\\""')`, `"say \"\\\"hi\\\"\""`},
		{"terms", `pattern('{ $.status >= 500 }')`, `"{ $.status >= 500 }"`},
		{"terms", `pattern('%4[0-9]{2}%')`, `"%4[0-9]{2}%"`},
		{"terms", `highlights('-no yes "a phrase"')`, `["yes","a phrase"]`},
		{"terms", `highlights('{ $.status = 5* }')`, `[]`},
		{"terms", `marked([{ text: 'ab' }, { text: 'cd', style: 's' }], ['bc'])`, `[{"text":"a","mark":false},{"text":"b","mark":true},{"text":"c","style":"s","mark":true},{"text":"d","style":"s","mark":false}]`},
		{"terms", `marked([{ text: 'aaa' }], ['aa', 'aaa'])`, `[{"text":"aaa","mark":true}]`},
		{"ansi", `spans('plain')`, `[{"text":"plain","style":""}]`},
		{"ansi", `spans('\u001b[1;31mred\u001b[0m no')`, `[{"text":"red","style":"ansi-red bold"},{"text":" no","style":""}]`},
		{"ansi", `spans('\u001b[38;5;196mred\u001b[39m\u001b[4mline\u001b[24m')`, `[{"text":"red","style":"ansi-red"},{"text":"line","style":"underline"}]`},
		{"ansi", `spans('\u001b[48;2;1;2;3mx\u001b[mb')`, `[{"text":"x","style":""},{"text":"b","style":""}]`},
		{"ansi", `spans('\u001b[2Jx\u001b[31')`, `[{"text":"\u001b[2Jx\u001b[31","style":""}]`},
		{"text", `plain('a\u0000b\u200f\ud800\ttab\nline')`, "\"a\u2400b\u2039U+200F\u203a\u2039U+D800\u203a\\ttab\\nline\""},
		{"message", `grouped(1234567)`, "\"1\u202f234\u202f567\""},
		{"message", `level({ source: 'app', message: '', level: 'fatal' })`, `"error"`},
		{"message", `level({ source: 'heroku', process: 'web.1', message: '', code: 'R14' })`, `"error"`},
		{"message", `level({ source: 'app', message: '', code: 'R14', severity: 'info' })`, `""`},
		{"message", `parts({ source: 'app', process: 'web.1', message: '[3f2a9c1e-0b7d-4c55-9a51-6f0d2f6c7a10] Started GET "/"' }, {}).map((part) => part.request ?? part.text)`,
			`["[","3f2a9c1e-0b7d-4c55-9a51-6f0d2f6c7a10","] Started GET \"/\""]`},
		{"message", `parts({ source: 'heroku', process: 'web.1', message: 'source=web.1 sample#load_avg_1m=0.5' }, {}).map((part) => part.text)`, `["source=","web.1 ","sample#load_avg_1m=","0.5"]`},
		{"time", `duration(45_000)`, `"45 s"`},
		{"time", `duration(3 * 3600_000)`, `"3 h"`},
		{"time", `clock('2026-11-27T14:03:09.123456Z')`, `"14:03:09.123"`},
		{"time", `full('2026-11-27T14:03:09.123456Z')`, `"2026-11-27 14:03:09.123456 UTC"`},
		{"plot", `timeFormat(30_000)`, `"30 s"`},
	} {
		got := value[any](p, fmt.Sprintf("import('/%s.js').then((module) => module.%s)", test.module, test.call))
		var want any
		localtest.Must(t, json.Unmarshal([]byte(test.want), &want))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s.js: %s (-want +got):\n%s", test.module, test.call, diff)
		}
	}
}
