package fleet_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/drain"
)

func TestParse(t *testing.T) {
	got, err := fleet.Parse([]byte(`
team: acme
exclude: [sandbox, "review-*"]
defaults: &defaults
  format: json
  ansi: strip
apps:
  shop:
    batch_size: 100
    batch_window_seconds: 5
    ansi: keep
  blog:
  docs: {}
`))
	if err != nil {
		t.Fatal(err)
	}
	defaults := drain.Patch{Format: new("json"), ANSI: new("strip")}
	want := fleet.File{
		Team: "acme", Exclude: []string{"sandbox", "review-*"}, Defaults: defaults,
		Apps: map[string]drain.Patch{
			"shop": {Format: new("json"), ANSI: new("keep"), BatchSize: new(100), BatchWindowSeconds: new(5)},
			"blog": defaults, "docs": defaults,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
	for app, want := range map[string]bool{"sandbox": true, "sandbox-2": false, "review-17": true, "shop": false} {
		if got.Excluded(app) != want {
			t.Errorf("excluded %s: %t", app, !want)
		}
	}
}

func TestParseEmptyFile(t *testing.T) {
	for _, text := range []string{"", "\n# nothing yet\n", "apps:\n", "{}"} {
		got, err := fleet.Parse([]byte(text))
		if diff := cmp.Diff(fleet.File{Apps: map[string]drain.Patch{}}, got); diff != "" || err != nil {
			t.Errorf("%q: error %v, file (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestParseInvalidFile(t *testing.T) {
	for text, want := range map[string]string{
		"teem: acme\n": `line 1: unknown field "teem": the fields are team, exclude, defaults and apps`,
		"apps:\n  shop:\n    formatt: json\n": `line 3: unknown field "formatt": ` +
			`the fields are format, ansi, batch_size, batch_window_seconds and maximum_concurrency`,
		"defaults:\n  window: 5\n": `line 2: unknown field "window": ` +
			`the fields are format, ansi, batch_size, batch_window_seconds and maximum_concurrency`,
		"team: a\nexclud: []\nappz: {}\n": `line 2: unknown field "exclud": the fields are team, exclude, defaults and apps; ` +
			`line 3: unknown field "appz": the fields are team, exclude, defaults and apps`,
		"apps:\n  shop:\n  blog:\n  shop:\n":                                     `line 4: mapping key "shop" already defined at line 2`,
		"apps: [shop]\n":                                                         "line 1: must be a mapping, not a list",
		"apps:\n  shop: json\n":                                                  `line 2: must be a mapping, not "json"`,
		"apps:\n  shop:\n    batch_size: many\n":                                 `line 3: must be a whole number, not "many"`,
		"apps:\n  blog:\n  Shop_1:\n":                                            `line 3: "Shop_1" is not a valid`,
		"apps:\n  shop:\n    format: xml\n":                                      `line 2: shop: format must be text or json, not "xml"`,
		"defaults:\n  batch_window_seconds: 301\n":                               "line 1: defaults: batch_window_seconds must be 0 to 300, not 301",
		"defaults: {batch_window_seconds: 0}\napps:\n  shop: {batch_size: 11}\n": "line 3: shop: batch_size 11 needs a batch_window_seconds",
		"team: acme\nexclude:\n- a\n- 'b['\n":                                    `line 2: exclude: pattern 2, "b[", is invalid: syntax error in pattern`,
		"team: a\n---\nteam: b\n":                                                "the file must be a single YAML document, but another one follows",
		"exclude: playground\n":                                                  `line 1: must be a list, not "playground"`,
		"defaults:\n  format: [json]\n":                                          "line 2: must be a string, not a list",
		"team: {name: acme}\n":                                                   "line 1: must be a string, not a mapping",
		"apps: {shop\n":                                                          "line 1: did not find expected",
	} {
		_, err := fleet.Parse([]byte(text))
		if err == nil || len(err.Error()) < len(want) || err.Error()[:len(want)] != want {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
}
