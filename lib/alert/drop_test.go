package alert_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/logformat"
)

const response = `at=info method=%s path="%s" host=shop.herokuapp.com request_id=8601b555 fwd="204.204.204.204" dyno=web.1 connect=1ms service=18ms status=%d bytes=1234 protocol=https`

func TestDropRules(t *testing.T) {
	set := compile(t, `{"drop": {
		"health": {"path": "^/health$", "status": "2xx"},
		"options": {"method": "options"},
		"debug": {"severity": "debug"},
		"sidekiq": {"source": "app", "process": "worker.*", "pattern": "^(start|done)$"},
		"cache": {"pattern": "^hit$", "field": "cache.result"},
		"errors": {"status": "5xx"},
		"state": {"source": "heroku", "process": "web.*", "pattern": "Error"},
		"blog": {"pattern": ".", "include_apps": ["blog"]}
	}}`)
	router := func(method, path string, status int) logformat.Line {
		return at(t, 0, "heroku", "router", fmt.Sprintf(response, method, path, status))
	}
	for name, tt := range map[string]struct {
		line logformat.Line
		rule string
	}{
		"a health check":            {router("GET", "/health?x=1", 204), "health"},
		"one that fails":            {router("GET", "/health", 404), ""},
		"another path":              {router("GET", "/health/x", 200), ""},
		"a path in a dyno's line":   {at(t, 0, "app", "web.1", fmt.Sprintf(response, "GET", "/health", 200)), ""},
		"a method":                  {router("OPTIONS", "/", 200), "options"},
		"a level":                   {at(t, 0, "app", "web.1", `{"level":"debug","msg":"x"}`), "debug"},
		"a level as pino writes it": {at(t, 0, "app", "web.1", ` {"level":20,"msg":"x"} `), "debug"},
		"a severity":                {at(t, 0, "app", "web.1", `{"severity":"DEBUG","msg":"x"}`), "debug"},
		"another level":             {at(t, 0, "app", "web.1", `{"level":"info","msg":"debug"}`), ""},
		"nearly JSON":               {at(t, 0, "app", "web.1", `{"level":"debug","msg":x}`), ""},
		"an unknown level":          {at(t, 0, "app", "web.1", `{"level":"verbose"}`), ""},
		"the last of two levels":    {at(t, 0, "app", "web.1", `{"level":"info", "level" : "DEBUG" }`), "debug"},
		"no JSON":                   {at(t, 0, "app", "web.1", `{"level":"debug","msg":"x"`), ""},
		"a job":                     {at(t, 0, "app", "worker.1", "start"), "sidekiq"},
		"a job in color":            {at(t, 0, "app", "worker.1", "\x1b[32mdone\x1b[0m"), "sidekiq"},
		"another text":              {at(t, 0, "app", "worker.1", "restart"), ""},
		"another process":           {at(t, 0, "app", "web.1", "start"), ""},
		"a field":                   {at(t, 0, "app", "web.1", `{"cache":{"result":"hit"}}`), "cache"},
		"another field":             {at(t, 0, "app", "web.1", `{"result":"hit","cache":"result"}`), ""},
		"a line that alerts":        {router("GET", "/", 503), ""},
		"an error of Heroku's":      {at(t, 0, "heroku", "web.1", "Error R15 (Memory quota vastly exceeded)"), ""},
		"an error that raises none": {at(t, 0, "heroku", "web.1", "Error R12 (Exit timeout)"), "state"},
		"a line for another app":    {at(t, 0, "app", "web.1", "hello"), ""},
		"malformed bytes":           {logformat.Lines([]byte("9 x"))[0], ""},
	} {
		m := set.Matcher("shop")
		m.Begin("frame", "")
		verdict := m.Line(&tt.line)
		var want []alert.Dropped
		if tt.rule != "" {
			want = []alert.Dropped{{Rule: tt.rule, Day: noon.Truncate(24 * time.Hour), Lines: 1}}
		}
		var got []alert.Dropped
		if r := m.Report(); r != nil {
			got = r.Dropped
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(alert.Dropped{}, "ID")); diff != "" || (verdict == alert.DropIt) != (tt.rule != "") {
			t.Errorf("%s: verdict %d (-want +got):\n%s", name, verdict, diff)
		}
	}
}

// Of a share of lines, every copy of a message keeps the same. The lines of two days are counted apart.
func TestDropRulesKeepTheTestLine(t *testing.T) {
	for name, rule := range map[string]string{
		"pattern":  `{"pattern": "."}`,
		"process":  `{"process": "*"}`,
		"severity": `{"severity": "info"}`,
	} {
		m := compile(t, `{"drop": {"all": `+rule+`}}`).Matcher("shop")
		line := at(t, 0, drain.TestLineSource, drain.TestLineProcess, "test line ABC")
		if m.Line(&line) != alert.Store || m.Report() != nil {
			t.Errorf("%s: a rule drops the line that put and doctor wait for", name)
		}
	}
	m := compile(t, `{"drop": {"all": {"pattern": "."}}}`).Matcher("shop")
	line := at(t, 0, "app", drain.TestLineProcess, "test line ABC")
	if m.Line(&line) != alert.DropIt {
		t.Error("a line of a process with the same name is stored")
	}
}

func TestSamplesOfDroppedLines(t *testing.T) {
	set := compile(t, `{"drop": {"noise": {"pattern": "^noise", "keep": 0.1}}}`)
	run := func() (kept []int, dropped []alert.Dropped) {
		m := set.Matcher("shop")
		m.Begin("frame", "")
		for i := range 20_000 {
			l := at(t, i*4000, "app", "web.1", "noise")
			if m.Line(&l) == alert.Store {
				kept = append(kept, i)
			}
		}
		return kept, m.Report().Dropped
	}
	kept, dropped := run()
	if len(kept) < 1800 || len(kept) > 2200 {
		t.Errorf("%d lines of 20000 are kept", len(kept))
	}
	again, dropped2 := run()
	if diff := cmp.Diff(kept, again); diff != "" {
		t.Errorf("a copy keeps other lines: %s", diff)
	}
	if diff := cmp.Diff(dropped, dropped2); diff != "" {
		t.Errorf("the count of a copy differs: %s", diff)
	}
	if len(dropped) != 2 || dropped[0].Day != noon.Truncate(24*time.Hour) || dropped[1].Day != noon.Truncate(24*time.Hour).AddDate(0, 0, 1) || dropped[0].ID == dropped[1].ID {
		t.Fatalf("%+v", dropped)
	}
	if n := dropped[0].Lines + dropped[1].Lines; n != 20_000-len(kept) || dropped[0].Kept+dropped[1].Kept != len(kept) {
		t.Errorf("%d lines are kept: %+v", len(kept), dropped)
	}
	m := set.Matcher("shop")
	ids := map[string]bool{}
	for _, identity := range []string{"frame", "frame 2"} {
		m.Begin(identity, "")
		l := at(t, 2*4000, "app", "web.1", "noise")
		m.Line(&l)
	}
	for _, d := range m.Report().Dropped {
		ids[d.ID] = true
	}
	if len(ids) != 2 {
		t.Errorf("the same lines of two messages have the IDs %v", ids)
	}
	if dropped[0].Lines+dropped[0].Kept != 10_800 {
		t.Errorf("%+v", dropped)
	}
	for _, keep := range []string{"0", "1"} {
		m := compile(t, `{"drop": {"noise": {"pattern": "^noise", "keep": `+keep+`}}}`).Matcher("shop")
		m.Begin("frame", "")
		for i := range 100 {
			l := at(t, i, "app", "web.1", "noise")
			if (m.Line(&l) == alert.Store) != (keep == "1") {
				t.Errorf("keep %s: line %d", keep, i)
			}
		}
	}
}
