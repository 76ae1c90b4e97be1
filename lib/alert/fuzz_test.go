package alert_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/logformat"
)

// FuzzMatcher matches a line of anybody's, with all rules and some own. A dyno can fire only rules about what dynos print.
func FuzzMatcher(f *testing.F) {
	for _, d := range alert.Catalogue() {
		f.Add(d.Example.Source, d.Example.Process, d.Example.Text)
		f.Add("app", "web.1", d.Example.Text)
	}
	for _, text := range []string{
		`at=info method=GET path="/a" code=H12 x="" fwd="1 status=503" dyno=web.1 connect= service=18ms status=200 bytes=1`, "source=x sample#memory_total=1e999MB sample#memory_quota=0MB",
		`{"level":"debug","error":{"code":"E17"}}`, `{"level":{"level":`, "Error L10 (output buffer overflow): drain '", "Release v1 created by ", "\x1b[31mError R14 (\x1b]0;", "- - Error R14 (x)",
	} {
		for _, who := range [][2]string{{"app", "web.1"}, {"heroku", "router"}, {"heroku", "web.1"}, {"app", "heroku-postgres"}, {"heroku", "logplex"}, {"app", "api"}} {
			f.Add(who[0], who[1], text)
		}
	}
	kinds := map[string]alert.Kind{}
	for _, r := range everything(f).All() {
		kinds[r.Name] = r.Kind
	}
	sets := []*alert.Set{everything(f), compile(f, `{
		"regexps": {"own": {"pattern": "(?i)code=(h|r)[0-9]"}, "field": {"pattern": "^E", "field": "error.code"}},
		"drop": {"path": {"path": "^/a", "status": "2xx"}, "level": {"severity": "debug", "keep": 0.5}, "text": {"pattern": "x"}}
	}`)}
	f.Fuzz(func(t *testing.T, source, process, text string) {
		l := logformat.Line{Time: noon, OriginalTime: []byte("x"), Source: []byte(source), Process: []byte(process), Message: []byte(text)}
		l.Clean(logformat.KeepANSI)
		before := string(l.Message)
		for _, set := range sets {
			m := set.Matcher("shop")
			m.Begin("message", "")
			verdict := m.Line(&l)
			matched := m.Matched()
			r := m.Report()
			if (r == nil || len(r.Hits) == 0) != (matched == 0) || verdict == alert.DropIt && (matched > 0 || r == nil || len(r.Dropped) != 1) {
				t.Errorf("verdict %d, %d matched, report %+v", verdict, matched, r)
			}
			if string(l.Message) != before {
				t.Errorf("the line was changed to %q", l.Message)
			}
			if r == nil {
				continue
			}
			if size, err := json.Marshal(alert.Message{Report: r}); err != nil || len(size) > alert.MaxReport {
				t.Errorf("%v, %d bytes", err, len(size))
			}
			for _, hit := range r.Hits {
				if kind := kinds[hit.Rule]; l.Writer() == logformat.ByDyno && kind != "" && kind != alert.Errors {
					t.Errorf("%s[%s]: %q fires %s", source, process, text, hit.Rule)
				}
				if texts := strings.Join(append([]string{hit.Subject}, hit.Lines[0].Text), ""); strings.ContainsFunc(texts, func(c rune) bool { return c < ' ' }) {
					t.Errorf("%q has control characters", texts)
				}
				if !slices.IsSortedFunc(hit.Counts, func(x, y alert.Count) int { return int(x.At - y.At) }) {
					t.Errorf("counts %v", hit.Counts)
				}
			}
		}
	})
}
