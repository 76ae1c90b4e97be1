package alertfile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/alert/alertfile"
)

func TestRead(t *testing.T) {
	text := `# yaml-language-server: $schema=alerts.schema.json
codes:
  H12: {threshold: 20, window: 10m, exclude_apps: ["*-staging", review-1]}
  R14: off
  H27: on
slow:
  slow-requests:
    over: 2500
    exclude_paths: '^/reports'
status:
status-less: &nothing ~
`
	if _, err := alertfile.Read("f", []byte(text)); err == nil || err.Error() != "f:11: unknown section status-less: the sections are codes, slow, status, samples, errors, regexps, silence, drop" {
		t.Errorf("%v", err)
	}
	text, _, _ = strings.Cut(text, "status-less")
	text += `
  status-404: {status: 404, threshold: 100, window: 1h}
samples:
  swap: {metric: memory_swap, over: 1e2, process: web.*, threshold: 3, interval: 20s, cooldown: 90s}
regexps:
  payment: &payment {pattern: 'payment (failed|declined)', level: critical, field: msg, description: Money}
  refund: *payment
silence:
  quiet: {after: 2d, include_apps: [shop]}
drop:
  health: {path: ^/health$, status: 200, keep: 1%}
  debug: {severity: debug, off: false}
`
	got, err := alertfile.Read("f", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	minutes := func(n int) *alert.Duration { return new(alert.Duration(time.Duration(n) * time.Minute)) }
	payment := alert.Change{Pattern: new("payment (failed|declined)"), Level: new(alert.Critical), Field: new("msg"), Description: new("Money")}
	want := alert.Config{
		alert.Codes: {
			"H12": {Threshold: new(20), Window: minutes(10), ExcludeApps: []string{"*-staging", "review-1"}},
			"R14": {Off: new(true)}, "H27": {Off: new(false)},
		},
		alert.Slow:    {"slow-requests": {Over: new(2500.0), ExcludePaths: []string{"^/reports"}}},
		alert.Status:  {"status-404": {Status: new("404"), Threshold: new(100), Window: minutes(60)}},
		alert.Samples: {"swap": {Metric: new("memory_swap"), Over: new(100.0), Process: new("web.*"), Threshold: new(3), Interval: new(alert.Duration(20 * time.Second)), Cooldown: new(alert.Duration(90 * time.Second))}},
		alert.Regexps: {"payment": payment, "refund": payment},
		alert.Silence: {"quiet": {After: minutes(48 * 60), IncludeApps: []string{"shop"}}},
		alert.Drop:    {"health": {Path: new("^/health$"), Status: new("200"), Keep: new(0.01)}, "debug": {Severity: new("debug"), Off: new(false)}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEmptyFilesChangeNothing(t *testing.T) {
	for _, text := range []string{"", "\n", "# a comment\n", "---\n", "codes:\n", "codes: {}\n", "\ufeffcodes: {}\n"} {
		c, err := alertfile.Read("f", []byte(text))
		if err != nil || len(c[alert.Codes]) > 0 {
			t.Errorf("%q: %v, %v", text, c, err)
		}
	}
}

func TestErrorsNameLineAndReason(t *testing.T) {
	for text, want := range map[string]string{
		"code:\n  H12: off":                                     "f:1: unknown section code",
		"codes:\n  H93: off":                                    "f:2: codes.H93: H93 is not an error code",
		"codes:\n  H12:\n    treshold: 5":                       "f:3: codes.H12: unknown field treshold: rules of the section codes have off, ",
		"codes:\n  H12:\n    pattern: x":                        "f:3: codes.H12: unknown field pattern",
		"codes:\n  H12: {threshold: five}":                      `f:2: codes.H12.threshold: "five" is not a whole number`,
		"codes:\n  H12: {threshold: '5'}":                       `f:2: codes.H12.threshold: "5" is not a whole number`,
		"codes:\n  H12:\n    threshold: 0":                      "f:3: codes.H12.threshold: it must be a number of lines from 1",
		"codes:\n  H12:\n    window: 5":                         `f:3: codes.H12.window: "5" is not a duration`,
		"codes:\n  H12:\n    window: [5m]":                      "f:3: codes.H12.window: give a duration",
		"codes:\n  H12:\n    window: 3d":                        "f:3: codes.H12.window: 72h is too long",
		"codes:\n  H12: {level: high}":                          `f:2: codes.H12.level: "high" is not a level`,
		"codes:\n  H12: {off: maybe}":                           `f:2: codes.H12.off: "maybe" is not true or false`,
		"codes:\n  H12: {off: }":                                "f:2: codes.H12.off has no value",
		"codes:\n  H12: never":                                  "f:2: codes.H12 must be off, on, or have fields",
		"codes:\n  H12:":                                        "f:2: codes.H12 must be off, on, or have fields",
		"codes:\n  - H12":                                       "f:2: codes must have rules by their names",
		"- codes":                                               "f:1: the file must have sections such as",
		"codes:\n  H12: off\n  R14: off\n  H12: on":             "f:4: codes: H12 is there twice: it is also in line 2",
		"codes:\n  H12: off\nslow: {}\ncodes:\n  H13: off":      "f:4: the file: codes is there twice: it is also in line 1",
		"codes:\n  H12: {exclude_apps: [*-staging]}":            `f:2: *-staging must be in quotes, because it begins with an asterisk: "*-staging"`,
		"codes:\n  H12: {exclude_apps: [[a]]}":                  "f:2: codes.H12.exclude_apps: a list in line 2 is not a text",
		"codes:\n  H12: {exclude_apps: {a: b}}":                 "f:2: codes.H12.exclude_apps: give a list",
		"codes:\n\tH12: off":                                    "f:2: not YAML: ",
		"codes: {}\n---\ncodes: {}":                             "f:2: the file must be a single YAML document",
		"regexps:\n  x:\n    level: critical\n    pattern: '('": "f:4: regexps.x.pattern: not a regular expression in RE2's syntax: missing closing )",
		"regexps:\n  x:\n    pattern: {a: b}":                   "f:3: regexps.x.pattern: a mapping is not a text",
		"regexps:\n  x: {}":                                     "f:2: regexps.x: pattern is missing",
		"regexps:\n  \"a b\": {pattern: x}":                     "f:2: regexps.a b: a rule's name must be",
		"samples:\n  x: {metric: a, over: lots}":                `f:2: samples.x.over: "lots" is not a number`,
		"drop:\n  x:\n    path: /a\n    keep: 101%":             "f:4: drop.x.keep: it must be a share from 0 to 1",
		"regexps:" + strings.Repeat("\n  x: {pattern: a}", 2):   "f:3: regexps: x is there twice",
		strings.Repeat("#", 1<<20+1):                            "f: the file has 1048577 bytes",
		"codes:\n  H12: {window: 0s}\n  H13: {threshold: -1}":   "f:2: codes.H12.window: \"0s\" must be a positive duration",
		"errors:\n  out-of-memroy: off":                         "f:2: errors.out-of-memroy: there is no default rule",
	} {
		_, err := alertfile.Read("f", []byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.100q\ngot  %v\nwant %s", text, err, want)
		}
	}
}

// All errors of a file are told together, by line.
func TestAllErrorsAreTold(t *testing.T) {
	_, err := alertfile.Read("f", []byte("regexps:\n  b: {pattern: '('}\n  a: {pattern: ')'}\ncodes:\n  H12: {level: x}\n  H13: {treshold: 5}\n"))
	var lines []string
	for line := range strings.Lines(err.Error()) {
		place, _, _ := strings.Cut(line, ": ")
		lines = append(lines, place)
	}
	if diff := cmp.Diff([]string{"f:2", "f:3", "f:5", "f:6"}, lines); diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestLoad(t *testing.T) {
	folder := t.TempDir()
	if c, err := alertfile.Load(folder); err != nil || len(c) > 0 {
		t.Errorf("no file: %v, %v", c, err)
	}
	path := filepath.Join(folder, "alerts.yaml")
	if err := os.WriteFile(path, []byte("codes: {H12: off}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := alertfile.Load(folder); err != nil || !*c[alert.Codes]["H12"].Off {
		t.Errorf("%v, %v", c, err)
	}
	if err := os.WriteFile(path, []byte("codes: {H93: off}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := alertfile.Load(folder); err == nil || !strings.HasPrefix(err.Error(), path+":1: ") {
		t.Errorf("%v", err)
	}
}
