package docs_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/alert/alertfile"
)

// fieldsTable returns a table of the fields of rules in alerts.yaml, as the file's schema describes them, and of the kinds of rules that have them.
func fieldsTable(t *testing.T) string {
	t.Helper()
	var order []string
	for _, kind := range alert.Kinds() {
		for _, field := range alert.Fields(kind) {
			if !slices.Contains(order, field) {
				order = append(order, field)
			}
		}
	}
	described := fieldTexts(t)
	rows := [][]string{{"field", "what it says", "sections"}}
	for _, field := range order {
		var with, without []string
		for _, kind := range alert.Kinds() {
			if slices.Contains(alert.Fields(kind), field) {
				with = append(with, "`"+string(kind)+"`")
			} else {
				without = append(without, "`"+string(kind)+"`")
			}
		}
		sections := strings.Join(with, ", ")
		switch {
		case len(without) == 0:
			sections = "all"
		case len(without) <= 2:
			sections = "all but " + strings.Join(without, " and ")
		}
		rows = append(rows, []string{"`" + field + "`", strings.ReplaceAll(described[field], "*", `\*`), sections})
	}
	return markdown(rows)
}

// fieldTexts returns what the schema of alerts.yaml says of each field.
func fieldTexts(t *testing.T) map[string]string {
	t.Helper()
	text, err := alertfile.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Definitions map[string]struct {
			AnyOf []struct {
				Properties map[string]struct{ Description string }
			}
		}
	}
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, kind := range alert.Kinds() {
		for _, form := range read.Definitions[string(kind)].AnyOf {
			for field, property := range form.Properties {
				texts[field] = property.Description
			}
		}
	}
	return texts
}

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// The page's examples of the file are valid.
func TestExamplesOfAlertRulesAreValid(t *testing.T) {
	blocks := yamlBlock.FindAllStringSubmatch(read(t, alertsPage), -1)
	if len(blocks) == 0 {
		t.Fatal("the page has no example")
	}
	sections := map[alert.Kind]bool{}
	for _, block := range blocks {
		config, err := alertfile.Read("example", []byte(block[1]))
		if err != nil {
			t.Errorf("%v\n%s", err, block[1])
		}
		for kind := range config {
			sections[kind] = true
		}
	}
	for _, kind := range alert.Kinds() {
		if kind != alert.Errors && !sections[kind] {
			t.Errorf("no example has a rule of the section %s", kind)
		}
	}
}

// The page says what a new rule has if the file does not say it.
func TestPageSaysWhatNewRulesHave(t *testing.T) {
	set, err := alert.Compile(alert.Config{
		alert.Regexps: {"new-pattern": {Pattern: new("x")}},
		alert.Samples: {"new-figure": {Metric: new("x"), Over: new(1.0)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	minutes := func(n int) alert.Duration { return alert.Duration(time.Duration(n) * time.Minute) }
	for name, want := range map[string]alert.Rule{
		"new-pattern": {Level: alert.Warning, Threshold: 1, Window: minutes(5), Cooldown: minutes(10)},
		"new-figure":  {Level: alert.Warning, Threshold: 5, Interval: minutes(1), Cooldown: minutes(10)},
	} {
		rule, _ := set.Rule("shop", name)
		got := alert.Rule{Level: rule.Level, Threshold: rule.Threshold, Window: rule.Window, Interval: rule.Interval, Cooldown: rule.Cooldown}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-page +code):\n%s", name, diff)
		}
	}
	const said = "A new rule has the level `warning`, the threshold 1, the window 5m and the cooldown 10m, unless it says otherwise. In `samples`, the threshold is 5, " +
		"and the interval 1m."
	if !strings.Contains(strings.ReplaceAll(read(t, alertsPage), "\n", " "), said) {
		t.Errorf("%s does not say: %s", alertsPage, said)
	}
}
