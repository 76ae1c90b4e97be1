package alert_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
)

func TestDefaultsAreInForce(t *testing.T) {
	set := alert.Defaults()
	r, ok := set.Rule("shop", "H12")
	if !ok || r.Kind != alert.Codes || r.Threshold != 5 || r.Window != alert.Duration(5*time.Minute) || r.Origin != alert.Default {
		t.Errorf("H12: %+v, %t", r, ok)
	}
	for _, name := range []string{"H27", "H28", "H31", "H32", "H80", "H81", "H99", "R12", "R99", "L11", "nothing"} {
		if _, ok := set.Rule("shop", name); ok {
			t.Errorf("%s is in force", name)
		}
	}
	if all, some := len(set.All()), len(set.Rules("shop")); all <= some || some < 40 {
		t.Errorf("%d rules of %d are in force", some, all)
	}
}

// Each default rule says what people need to know, and why it is off.
func TestCatalogueIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range alert.Catalogue() {
		r := d.Rule
		if seen[r.Name] {
			t.Errorf("two rules are called %s", r.Name)
		}
		seen[r.Name] = true
		if r.Title == "" || r.Description == "" || r.Advice == "" || d.Example.Text == "" || r.Off != (d.Why != "") || r.Threshold < 1 || r.Cooldown <= 0 {
			t.Errorf("something is missing: %+v", d)
		}
		for _, text := range []string{r.Title, r.Description, r.Advice} {
			if strings.Trim(text, " ") != text || text == "" || strings.ToUpper(text[:1]) != text[:1] && !strings.HasPrefix(text, "heroku ") {
				t.Errorf("%s: %q", r.Name, text)
			}
		}
		for i, c := range r.Title {
			if c < ' ' || c > '~' || i >= 50 {
				t.Errorf("%s: the title does not fit into an email's subject: %q", r.Name, r.Title)
				break
			}
		}
	}
	for _, d := range alert.Catalogue() {
		if d.Rule.Pattern == "" {
			continue
		}
		// The patterns of the default rules are not checked when they are compiled, but others are.
		other := "(?:" + d.Rule.Pattern + ")"
		if _, err := alert.Compile(alert.Config{alert.Regexps: {"x": {Pattern: &other}}}); err != nil {
			t.Errorf("%s: %v", d.Rule.Name, err)
		}
	}
	for prefix, numbers := range map[string][]int{
		"H": {10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33, 34, 80, 81, 82, 83, 99},
		"R": {10, 11, 12, 13, 14, 15, 16, 17, 99}, "L": {10, 11, 12, 13, 14, 15, 20},
	} {
		for _, n := range numbers {
			if code := fmt.Sprint(prefix, n); !seen[code] {
				t.Errorf("%s has no rule", code)
			}
		}
	}
}

func TestAConfigChangesWhatItNames(t *testing.T) {
	c, err := alert.ReadConfig([]byte(`{
		"codes": {"H12": {"threshold": 20, "window": "10m", "exclude_apps": ["*-staging"]}, "R14": {"off": true}, "R12": {"off": false}},
		"slow": {"slow-requests": {"over": 2000}},
		"regexps": {"payment": {"pattern": "payment failed", "level": "critical", "include_apps": ["shop", "shop-*"]}}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	set, err := alert.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := alert.Defaults().Rule("shop", "H12")
	want := before
	want.Threshold, want.Window, want.ExcludeApps, want.Origin = 20, alert.Duration(10*time.Minute), []string{"*-staging"}, alert.Changed
	got, _ := set.Rule("shop", "H12")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("H12 (-want +got):\n%s", diff)
	}
	for name, apps := range map[string]map[string]bool{
		"H12":           {"shop": true, "shop-staging": false},
		"R14":           {"shop": false},
		"R12":           {"shop": true},
		"payment":       {"shop": true, "shop-eu": true, "blog": false, "shopping": false},
		"slow-requests": {"shop": true},
	} {
		for app, want := range apps {
			if _, ok := set.Rule(app, name); ok != want {
				t.Errorf("%s is in force for %s: %t", name, app, ok)
			}
		}
	}
	if r, _ := set.Rule("shop", "payment"); r.Origin != alert.Own || r.Title != "payment" || r.Threshold != 1 || r.Level != alert.Critical {
		t.Errorf("payment: %+v", r)
	}
	if r, _ := set.Rule("shop", "slow-requests"); *r.Over != 2000 {
		t.Errorf("slow-requests: %+v", r)
	}
}

func TestConfigsAreTheSameAfterJSON(t *testing.T) {
	c := alert.Config{
		alert.Samples: {"disk": {Metric: new("db_size"), Over: new(1e10), Interval: new(alert.Duration(time.Minute)), Process: new("heroku-postgres")}},
		alert.Drop:    {"health": {Path: new("^/health"), Keep: new(0.01)}, "debug": {Severity: new("debug"), IncludeApps: []string{}}},
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	back, err := alert.ReadConfig(text)
	if diff := cmp.Diff(c, back); err != nil || diff != "" {
		t.Errorf("%s: %v (-written +read):\n%s", text, err, diff)
	}
}

func TestBadConfigsAreRejected(t *testing.T) {
	for config, want := range map[string]string{
		`{"code": {"H12": {}}}`:                                                "code: unknown section: the sections are codes, slow",
		`{"codes": {"H93": {}}}`:                                               "codes.H93: H93 is not an error code",
		`{"codes": {"H12": {"pattern": "x"}}}`:                                 "codes.H12.pattern: rules of the section codes have no such field",
		`{"codes": {"H12": {"threshold": 0}}}`:                                 "codes.H12.threshold: it must be a number of lines from 1",
		`{"codes": {"H12": {"level": "urgent"}}}`:                              `codes.H12.level: "urgent" is not a level`,
		`{"codes": {"H12": {"window": "48h"}}}`:                                "codes.H12.window: 48h is too long: the limit is 24h",
		`{"codes": {"H12": {"include_apps": ["Shop"]}}}`:                       `codes.H12.include_apps: "Shop" is not the name of an app`,
		`{"errors": {"H12": {"pattern": "x"}}}`:                                "errors.H12: H12 is a rule of the section codes",
		`{"errors": {"deadlok": {"off": true}}}`:                               "errors.deadlok: there is no default rule of this name",
		`{"regexps": {"#release": {"pattern": "x"}}}`:                          "regexps.#release: a rule's name must be",
		`{"regexps": {"x": {}}}`:                                               "regexps.x: pattern is missing",
		`{"regexps": {"x": {"pattern": "("}}}`:                                 "regexps.x.pattern: not a regular expression in RE2's syntax: missing closing )",
		`{"regexps": {"x": {"pattern": "(?=x)"}}}`:                             "regexps.x.pattern: not a regular expression in RE2's syntax",
		`{"regexps": {"x": {"pattern": "(abcdefghijk){100}"}}}`:                "regexps.x.pattern: the regular expression is too large",
		`{"regexps": {"x": {"pattern": "` + strings.Repeat("x", 2000) + `"}}}`: "regexps.x.pattern: the regular expression has 2000 bytes: the limit is 1000",
		`{"status": {"x": {"status": "6xx"}}}`:                                 `status.x.status: "6xx" is not a status`,
		`{"status": {"x": {"status": "50x"}}}`:                                 `status.x.status: "50x" is not a status`,
		`{"status": {"x": {}}}`:                                                "status.x: status is missing",
		`{"slow": {"x": {}}}`:                                                  "slow.x: over is missing",
		`{"samples": {"x": {"over": 1}}}`:                                      "samples.x: metric is missing",
		`{"samples": {"x": {"metric": "a"}}}`:                                  "samples.x: over or under is missing",
		`{"samples": {"x": {"metric": "a / b / c", "over": 1}}}`:               "samples.x.metric: ",
		`{"samples": {"x": {"metric": "sample#a", "over": 1}}}`:                "samples.x.metric: ",
		`{"silence": {"x": {}}}`:                                               "silence.x: after is missing",
		`{"drop": {"x": {"keep": 0.5}}}`:                                       "drop.x: it says nothing about the lines",
		`{"drop": {"x": {"path": "x", "keep": 2}}}`:                            "drop.x.keep: it must be a share from 0 to 1",
		`{"drop": {"x": {"severity": "loud"}}}`:                                `drop.x.severity: "loud" is not a level`,
		`{"drop": {"x": {"field": "level", "path": "x"}}}`:                     "drop.x: pattern is missing",
		`{"drop": {"x": {"path": "x"}}, "regexps": {"x": {"pattern": "x"}}}`:   "regexps.x: x is a rule of the section drop",
		`{"regexps": {"x": {"pattern": "abcd", "source": "router"}}}`:          `regexps.x.source: "router" is not a source: give app`,
		`{"drop": {"x": {"source": "App"}}}`:                                   `drop.x.source: "App" is not a source`,
		`{"regexps": {"x": {"pattern": "abcd", "process": "web.[0-9]"}}}`:      `regexps.x.process: "web.[0-9]" is not a process`,
		`{"drop": {"x": {"pattern": ".*"}}}`:                                   "drop.x.pattern: it matches every line",
		`{"drop": {"x": {"pattern": "a?", "field": "msg"}}}`:                   "drop.x.pattern: it matches every line",
		`{"codes": {"H12": {"include_apps": ["a"], "exclude_apps": ["a"]}}}`:   `codes.H12.exclude_apps: "a" is also in include_apps`,
		`{"samples": {"x": {"metric": "a", "over": 1, "under": 2}}}`:           "samples.x.under: every figure is over 1 or under 2",
		`{"slow": {"x": {"over": 0}}}`:                                         "slow.x.over: 0 is not a limit",
		`{"silence": {"x": {"after": "30s"}}}`:                                 "silence.x.after: 30s is too short",
		`{"codes": {"H12": {"title": "a\u0007b"}}}`:                            "codes.H12.title: it has control characters",
		costly(21): "regexps.rule-020.pattern: every match must contain a fixed text of at least 4 letters: only 20 rules",
		many(1000): "1000 rules besides the defaults: there can be at most 200",
	} {
		c, err := alert.ReadConfig([]byte(config))
		if err != nil {
			t.Errorf("%s: %v", config, err)
			continue
		}
		if _, err := alert.Compile(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.200s\ngot  %v\nwant %s", config, err, want)
		}
	}
	for config, want := range map[string]string{
		`{"codes": {"H12": {"treshold": 3}}}`:    `unknown field "treshold"`,
		`{"codes": {"H12": {"window": "5"}}}`:    `"5" is not a duration`,
		`{"codes": {"H12": {"threshold": "5"}}}`: "threshold",
		`{} {}`:                                  "text after the end",
		``:                                       "EOF",
	} {
		if _, err := alert.ReadConfig([]byte(config)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", config, err, want)
		}
	}
}

// Mistakes of all kinds are told together, so that a file is not corrected one deployment at a time.
func TestAllProblemsAreTold(t *testing.T) {
	c, err := alert.ReadConfig([]byte(`{"code": {}, "codes": {"H12": {"threshold": 0}, "H93": {}}, "regexps": {"x": {"pattern": "("}, "y": {}}}`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = alert.Compile(c)
	for _, want := range []string{"code: unknown section", "codes.H12.threshold: ", "codes.H93: ", "regexps.x.pattern: ", "regexps.y: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}

func TestLimits(t *testing.T) {
	for name, config := range map[string]string{"rules": many(200), "costly patterns": costly(20)} {
		c, err := alert.ReadConfig([]byte(config))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := alert.Compile(c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// costly returns a config with n regexps without a fixed text.
func costly(n int) string {
	rules := make([]string, n)
	for i := range rules {
		rules[i] = fmt.Sprintf(`"rule-%03d": {"pattern": "\\b5[0-9]{2}.%d"}`, i, i)
	}
	return `{"regexps": {` + strings.Join(rules, ", ") + `}}`
}

// many returns a config with n regexps.
func many(n int) string {
	rules := make([]string, n)
	for i := range rules {
		rules[i] = fmt.Sprintf(`"rule-%d": {"pattern": "text %d of %s"}`, i, i, []string{"payments", "orders", "invoices", "refunds"}[i%4])
	}
	return `{"regexps": {` + strings.Join(rules, ", ") + `}}`
}
