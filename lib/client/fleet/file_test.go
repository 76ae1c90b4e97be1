package fleet_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/drain"
)

func pointer[T any](v T) *T { return &v }

func TestParse(t *testing.T) {
	got, err := fleet.Parse([]byte(`
team: acme
exclude: [sandbox, "review-*"]
defaults: &usual
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
	usual := drain.Patch{Format: pointer("json"), ANSI: pointer("strip")}
	want := fleet.File{
		Team: "acme", Exclude: []string{"sandbox", "review-*"}, Defaults: usual,
		Apps: map[string]drain.Patch{
			"shop": {Format: pointer("json"), ANSI: pointer("keep"), BatchSize: pointer(100), BatchWindowSeconds: pointer(5)},
			"blog": usual, "docs": usual,
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

func TestAnEmptyFileIsAnEmptyFleet(t *testing.T) {
	for _, text := range []string{"", "\n# nothing yet\n", "apps:\n", "{}"} {
		got, err := fleet.Parse([]byte(text))
		if diff := cmp.Diff(fleet.File{Apps: map[string]drain.Patch{}}, got); diff != "" || err != nil {
			t.Errorf("%q: error %v, file (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"teem: acme\n": `line 1: there is no field "teem" here: it has team, exclude, defaults and apps`,
		"apps:\n  shop:\n    formatt: json\n": `line 3: there is no field "formatt" here: ` +
			`it has format, ansi, batch_size, batch_window_seconds and maximum_concurrency`,
		"defaults:\n  window: 5\n": `line 2: there is no field "window" here: ` +
			`it has format, ansi, batch_size, batch_window_seconds and maximum_concurrency`,
		"team: a\nexclud: []\nappz: {}\n": `line 2: there is no field "exclud" here: it has team, exclude, defaults and apps; ` +
			`line 3: there is no field "appz" here: it has team, exclude, defaults and apps`,
		"apps:\n  shop:\n  blog:\n  shop:\n":                                     `line 4: mapping key "shop" already defined at line 2`,
		"apps: [shop]\n":                                                         "line 1: cannot unmarshal !!seq as fields with values",
		"apps:\n  shop: json\n":                                                  "line 2: cannot unmarshal !!str `json` as fields with values",
		"apps:\n  shop:\n    batch_size: many\n":                                 "line 3: cannot unmarshal !!str `many` into int",
		"apps:\n  blog:\n  Shop_1:\n":                                            `line 3: "Shop_1" is not a valid`,
		"apps:\n  shop:\n    format: xml\n":                                      `line 2: shop: format must be text or json, not "xml"`,
		"defaults:\n  batch_window_seconds: 301\n":                               "line 1: defaults: batch_window_seconds must be 0 to 300, not 301",
		"defaults: {batch_window_seconds: 0}\napps:\n  shop: {batch_size: 11}\n": "line 3: shop: batch_size 11 needs a batch_window_seconds",
		"team: acme\nexclude:\n- a\n- 'b['\n":                                    `line 2: exclude: pattern 2, "b[", cannot be read: syntax error in pattern`,
		"team: a\n---\nteam: b\n":                                                "the file must be one YAML document, and another follows it",
		"apps: {shop\n":                                                          "line 1: did not find expected",
	} {
		_, err := fleet.Parse([]byte(text))
		if err == nil || len(err.Error()) < len(want) || err.Error()[:len(want)] != want {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
}
