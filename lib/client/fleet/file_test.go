package fleet_test

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/drain"
)

func TestParse(t *testing.T) {
	got, err := fleet.Parse("fleet.yaml", []byte(`
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
		got, err := fleet.Parse("fleet.yaml", []byte(text))
		if diff := cmp.Diff(fleet.File{Apps: map[string]drain.Patch{}}, got); diff != "" || err != nil {
			t.Errorf("%q: error %v, file (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestParseAListOfApps(t *testing.T) {
	for _, text := range []string{"apps: [shop, blog]\n", "apps:\n- shop\n- \"blog\"\n", "apps: &all [shop, blog]\nexclude: []\n"} {
		got, err := fleet.Parse("fleet.yaml", []byte(text))
		if diff := cmp.Diff(map[string]drain.Patch{"shop": {}, "blog": {}}, got.Apps); diff != "" || err != nil {
			t.Errorf("%q: error %v, apps (-want +got):\n%s", text, err, diff)
		}
	}
	got, err := fleet.Parse("fleet.yaml", []byte("defaults: {format: json}\napps: [shop]\n"))
	if diff := cmp.Diff(map[string]drain.Patch{"shop": {Format: new("json")}}, got.Apps); diff != "" || err != nil {
		t.Errorf("error %v, apps (-want +got):\n%s", err, diff)
	}
}

func TestParseMergesMappings(t *testing.T) {
	const text = `
defaults: &d {format: json, ansi: strip}
apps:
  shop: &shop {<<: *d, ansi: keep}
  blog: {<<: [*shop, *d], batch_size: 5}
  docs: &self {<<: *self, format: text}
`
	got, err := fleet.Parse("fleet.yaml", []byte(text))
	want := map[string]drain.Patch{
		"shop": {Format: new("json"), ANSI: new("keep")},
		"blog": {Format: new("json"), ANSI: new("keep"), BatchSize: new(5)},
		"docs": {Format: new("text"), ANSI: new("strip")},
	}
	if diff := cmp.Diff(want, got.Apps); diff != "" || err != nil {
		t.Errorf("error %v, apps (-want +got):\n%s", err, diff)
	}
}

func TestParseSaysWhatWasMeant(t *testing.T) {
	for text, want := range map[string]string{
		// Names.
		"teem: acme\n":                        "1: unknown field teem: did you mean team?",
		"app: [shop]\n":                       "1: unknown field app: did you mean apps?",
		"team: a\nexclud: []\nappz: {}\n":     "2: unknown field exclud: did you mean exclude?\nfleet.yaml:3: unknown field appz: did you mean apps?",
		"format: json\n":                      "1: format is a setting: put it under defaults, or under an app",
		"shop: {format: json}\n":              "1: unknown field shop: the fields are team, exclude, defaults, apps; if it is an app, put it under apps",
		"X_1: 2\n":                            "1: unknown field X_1: the fields are team, exclude, defaults, apps",
		"apps:\n  shop:\n    formt: json\n":   "3: shop: unknown setting formt: did you mean format?",
		"apps:\n  shop:\n    ofrmat: json\n":  "3: shop: unknown setting ofrmat: did you mean format?",
		"apps:\n  shop:\n    batch-size: 5\n": "3: shop: unknown setting batch-size: did you mean batch_size?",
		"defaults:\n  window: 5\n":            "2: defaults: unknown setting window: did you mean batch_window_seconds?",
		"apps:\n  shop:\n    color: red\n":    "3: shop: unknown setting color: the settings are format, ansi, batch_size, batch_window_seconds and maximum_concurrency",
		"apps:\n  shop:\n  blog:\n  shop:\n":  "4: apps: shop is there twice: it is also in line 2",
		"apps: [shop, shop]\n":                "1: apps: shop is there twice: it is also in line 1",
		"team: a\nteam: b\n":                  "2: the file: team is there twice: it is also in line 1",
		"apps:\n  blog:\n  Shop_1:\n":         `3: apps: "Shop_1" is not a valid Heroku app name`,
		"apps: [shop, Shop_1]\n":              `1: apps: "Shop_1" is not a valid Heroku app name`,
		"? [a]\n: b\n":                        "1: a key of the file is a list: it must be a name",
		// Kinds of values.
		"- shop\n- blog\n":                                   "1: the file is a list: name it, as in apps: [shop, blog]",
		"shop\n":                                             `1: the file must have fields such as apps:, not "shop"`,
		"apps: shop, blog\n":                                 `1: apps must be a list, or apps with their settings, not "shop, blog": write apps: [shop, blog]`,
		"apps:\n  blog\n   - shop\n":                         `2: apps must be a list, or apps with their settings, not "blog - shop" (its lines must have the same indentation, and each a dash): write apps: [blog, shop]`,
		"apps:\n  - blog\n   - shop\n":                       `2: apps: "blog - shop" is two lines in one: give each line that begins with a dash the same indentation`,
		"exclude: |\n  - a\n  - b\n":                         `1: exclude must be a list, not "- a\n- b\n" (its lines must have the same indentation, and each a dash): write exclude: [a, b]`,
		"apps:\n- shop: {format: json}\n":                    "2: apps: an app in a list cannot have settings: write all apps without dashes, as in `shop: {format: json}`",
		"apps:\n- [shop]\n":                                  "2: apps: each element of the list must be a name, not a list",
		"apps: [shop, ]\nexclude:\n-\n":                      "3: exclude: an element of the list is empty",
		"apps:\n  shop: json\n":                              `2: shop must have settings such as {format: json}, not "json": write shop: {format: json}`,
		"apps:\n  shop: strip\n":                             `2: shop must have settings such as {format: json}, not "strip": write shop: {ansi: strip}`,
		"apps:\n  shop: [json]\n":                            "2: shop must have settings such as {format: json}, not a list",
		"defaults: 5\n":                                      `1: defaults must have settings such as {format: json}, not "5"`,
		"apps:\n  shop:\n    batch_size: many\n":             `3: shop: batch_size must be a whole number, not "many"`,
		"apps:\n  shop:\n    batch_size: \"5\"\n":            `3: shop: batch_size must be a whole number, not "5": remove the quotes`,
		"apps:\n  shop:\n    batch_size: 5.5\n":              `3: shop: batch_size must be a whole number, not "5.5"`,
		"apps: {shop: {batch_size: 99999999999999999999}}\n": `1: shop: batch_size must be a`,
		"exclude: playground\n":                              `1: exclude must be a list, not "playground": write exclude: [playground]`,
		"defaults:\n  format: [json]\n":                      "2: defaults: format must be a word, not a list",
		"team: {name: acme}\n":                               "1: team must be a name, not a mapping",
		"team: acme\nexclude:\n- a\n- 'b['\n":                `4: exclude: "b[" is not a pattern such as review-*: syntax error in pattern`,
		// Values.
		"apps:\n  shop:\n    format: xml\n":                                        `3: shop: format must be text or json, not "xml"`,
		"apps:\n  shop:\n    format: yes\n":                                        `3: shop: format must be text or json, not "yes"`,
		"defaults:\n  batch_window_seconds: 301\n":                                 "2: defaults: batch_window_seconds must be 0 to 300, not 301",
		"defaults: {format: xml}\napps: {a-b: }\n":                                 `1: defaults: format must be text or json, not "xml"`,
		"defaults: {batch_window_seconds: 0}\napps:\n  shop: {batch_size: 11}\n":   "3: shop: batch_size 11 needs a batch_window_seconds",
		"defaults: {batch_window_seconds: 0, batch_size: 11}\napps:\n  shop: {}\n": "1: defaults: batch_size 11 needs a batch_window_seconds",
		// Syntax.
		"team: a\n---\nteam: b\n":                                    "2: the file must be a single YAML document, but another one follows",
		"apps:\n\tshop:\n":                                           `2: "shop:" is not valid YAML: it is indented with a tab; use spaces`,
		"apps: {shop\n":                                              `1: "apps: {shop" is not valid YAML: the settings are not closed with }`,
		"team: a\napps: [shop\nexclude: [a]":                         `2: "apps: [shop" is not valid YAML: the list is not closed with ]`,
		"apps:\n  shop\n  blog:\n":                                   `3: "blog:" is not valid YAML: the line before it, "shop", has no colon; write shop:`,
		"apps:\n  shop: format: json\n":                              `2: "shop: format: json" is not valid YAML: it has two colons; write settings in braces, as in shop: {format: json}`,
		"apps:\n  shop:\n    format: json\n   ansi: keep\n  blog:\n": `4: "ansi: keep" is not valid YAML: its indentation does not match that of the lines above it`,
		"apps:\n  shop:\n blog:\n":                                   `3: "blog:" is not valid YAML: its indentation does not match that of the lines above it`,
		"team: @acme\n":                                              `1: "team: @acme" is not valid YAML: a text that begins with @, %, a backquote or a tab must be in quotes`,
		"team: a\nexclude: [*staging]\n":                             `2: *staging must be in quotes, because it begins with an asterisk: "*staging"`,
		"team: 'a\napps: [shop]\n":                                   `1: "team: 'a" is not valid YAML: a quotation mark is not closed`,
		"team: \x01\n":                                               "1: \"team: \\x01\" is not valid YAML: it contains a control character",
	} {
		want = "fleet.yaml:" + want
		_, err := fleet.Parse("fleet.yaml", []byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
	if _, err := fleet.Parse("fleet.yaml", make([]byte, 2<<20)); err == nil || !strings.HasPrefix(err.Error(), "fleet.yaml: the file has 2097152 bytes") {
		t.Errorf("error %v", err)
	}
}

// A file of few lines must not take long to read, whatever it merges.
func TestParseMergesOfMerges(t *testing.T) {
	text := "defaults: {format: json}\napps:\n  app-0: &m0 {format: text}\n"
	for i := 1; i < 60; i++ {
		text += fmt.Sprintf("  app-%d: &m%d {<<: [*m%d, *m%d]}\n", i, i, i-1, i-1)
	}
	file, err := fleet.Parse("fleet.yaml", []byte(text))
	if err != nil || len(file.Apps) != 60 || *file.Apps["app-59"].Format != "text" {
		t.Errorf("%d apps, error %v", len(file.Apps), err)
	}
}

func TestWriteWritesWhatParseReads(t *testing.T) {
	settings := func(change drain.Patch) drain.Settings { return drain.DefaultSettings().With(change) }
	queue, mapping := &drain.Queue{}, &drain.EventSource{}
	active := func(app string, change drain.Patch) drain.Drain {
		return drain.Drain{App: app, State: drain.Active, Settings: settings(change), LogStream: app, Queue: queue, EventSource: mapping}
	}
	drains := []drain.Drain{
		active("shop", drain.Patch{Format: new("json"), BatchSize: new(100), BatchWindowSeconds: new(5)}),
		active("blog", drain.Patch{Format: new("json")}),
		active("docs", drain.Patch{Format: new("json")}),
		active("null", drain.Patch{ANSI: new("strip")}),
		{App: "half", State: drain.Partial, LogStream: "half", Queue: queue},
		{App: "kept", State: drain.Partial, LogStream: "kept"},
		{App: "going", State: drain.Deleting, LogStream: "going", Queue: queue, EventSource: mapping},
	}
	want := `defaults: {format: json, ansi: keep, batch_size: 10, batch_window_seconds: 0, maximum_concurrency: 0}
apps:
  blog:
  docs:
  half: {format: text}
  "null": {format: text, ansi: strip}
  shop: {batch_size: 100, batch_window_seconds: 5}
`
	text := fleet.Write(drains)
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
	file, err := fleet.Parse("fleet.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range drains[:4] {
		if changes := d.Settings.Diff(file.Apps[d.App]); len(changes) > 0 {
			t.Errorf("%s: %v", d.App, changes)
		}
	}
	if len(file.Apps) != 5 {
		t.Errorf("apps %v", file.Apps)
	}
	plain := fleet.Write([]drain.Drain{active("null", drain.Patch{}), active("blog", drain.Patch{})})
	if !strings.HasSuffix(string(plain), "\napps:\n  - blog\n  - \"null\"\n") {
		t.Errorf("file:\n%s", plain)
	}
	if file, err := fleet.Parse("fleet.yaml", plain); err != nil || len(file.Apps) != 2 {
		t.Errorf("apps %v, error %v", file.Apps, err)
	}
	if file, err := fleet.Parse("fleet.yaml", fleet.Write(nil)); err != nil || len(file.Apps) > 0 {
		t.Errorf("no drains: apps %v, error %v", file.Apps, err)
	}
}

// FuzzParse checks that no file breaks the reader, and that what it accepts is valid.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"team: acme\nexclude: [sandbox, \"review-*\"]\ndefaults: &d {format: json}\napps:\n  shop: {<<: *d, batch_size: 100, batch_window_seconds: 5}\n  blog:\n",
		"apps: [shop, blog]\n", "apps:\n- shop\n", "- shop\n", "apps:\n\tshop:\n", "apps: {shop\n", "a: &a {<<: *a}\n", "? [a]\n: b\n", "---\n---\n", "exclude: [*x]",
		"apps: {shop: {batch_size: 0x10}}", "\xff\xfea\x00", "apps: !!binary x", "defaults: {<<: [*d]}", "&a",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := fleet.Parse("fleet.yaml", []byte(text))
		if err != nil {
			mistakes, ok := errors.AsType[fleet.Mistakes](err)
			if !ok || len(mistakes) == 0 {
				t.Fatalf("error %v", err)
			}
			for _, m := range mistakes {
				if m.Reason == "" || m.Line < 0 || m.Line > 1+strings.Count(text, "\n")+strings.Count(text, "\r")+strings.Count(text, "\u0085")+
					strings.Count(text, "\u2028")+strings.Count(text, "\u2029") && utf8.ValidString(text) {
					t.Errorf("mistake %+v", m)
				}
			}
			return
		}
		for app, settings := range file.Apps {
			if drain.ValidateApp(app) != nil || settings.Validate() != nil {
				t.Errorf("app %q, settings %+v", app, settings)
			}
		}
		for _, pattern := range file.Exclude {
			if _, err := path.Match(pattern, ""); err != nil {
				t.Errorf("pattern %q", pattern)
			}
		}
	})
}
