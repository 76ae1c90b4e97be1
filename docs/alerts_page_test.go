package docs_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/alerts"
	"heroku-drains/lib/logformat"
)

const alertsPage = "alerts.md"

func TestTablesOfAlerts(t *testing.T) {
	checkTables(t, alertsPage, []table{
		{name: "codes", text: codesTable()},
		{name: "requests and figures", text: limitsTable()},
		{name: "errors", text: errorsTable()},
		{name: "fields", text: fieldsTable(t)},
		{name: "notification", text: fieldsOfNotifications(t)},
	})
}

// codesTable returns a table of all error codes of Heroku.
func codesTable() string {
	rows := [][]string{{"code", "meaning", "alert", "level", "a line"}}
	for _, d := range alert.Catalogue() {
		if d.Rule.Kind == alert.Codes {
			rows = append(rows, []string{d.Rule.Name, d.Rule.Title, effect(d), string(d.Rule.Level), exampleOf(d)})
		}
	}
	return markdown(rows)
}

// limitsTable returns a table of the default rules about responses and figures.
func limitsTable() string {
	rows := [][]string{{"rule", "meaning", "looks for", "alert", "level"}}
	for _, d := range alert.Catalogue() {
		if d.Rule.Kind != alert.Codes && d.Rule.Kind != alert.Errors {
			rows = append(rows, []string{d.Rule.Name, d.Rule.Title, inCode(alerts.Condition(d.Rule)), effect(d), string(d.Rule.Level)})
		}
	}
	return markdown(rows)
}

// errorsTable returns a table of the default rules about errors that apps print.
func errorsTable() string {
	rows := [][]string{{"rule", "meaning", "alert", "level", "a line"}}
	for _, d := range alert.Catalogue() {
		if d.Rule.Kind == alert.Errors {
			rows = append(rows, []string{d.Rule.Name, d.Rule.Title, effect(d), string(d.Rule.Level), exampleOf(d)})
		}
	}
	return markdown(rows)
}

// effect says when an alert begins, or why it does not.
func effect(d *alert.DefaultRule) string {
	if d.Rule.Off {
		return "off: " + strings.TrimSuffix(d.Why, ".")
	}
	return alerts.Effect(d.Rule)
}

func exampleOf(d *alert.DefaultRule) string {
	return inCode(d.Example.Source + "[" + d.Example.Process + "]: " + d.Example.Text)
}

// inCode returns a text in the form of code, in a cell of a table.
func inCode(text string) string { return "`" + strings.ReplaceAll(text, "|", `\|`) + "`" }

// Each line of the page's table of codes is one of its code, and of no other rule.
func TestLinesOfThePageMatchTheirRules(t *testing.T) {
	on := alert.Config{alert.Codes: {}}
	for _, d := range alert.Catalogue() {
		if d.Rule.Kind == alert.Codes {
			on[alert.Codes][d.Rule.Name] = alert.Change{Off: new(false)}
		}
	}
	set, err := alert.Compile(on)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"codes", "errors"} {
		rows := rowsOf(t, name)
		if len(rows) == 0 {
			t.Errorf("the table %s has no rows", name)
		}
		for _, row := range rows {
			if got := matches(t, set, row[4]); !slices.Equal(got, []string{row[0]}) {
				t.Errorf("the line of %s matches the rules %q: %s", row[0], got, row[4])
			}
		}
	}
}

// An app that prints what Heroku writes raises no alert.
func TestLinesOfThePageMatchNothingFromADyno(t *testing.T) {
	for _, row := range rowsOf(t, "codes") {
		_, text, _ := strings.Cut(row[4], "]: ")
		if got := matches(t, alert.Defaults(), "app[web.1]: "+text); len(got) > 0 {
			t.Errorf("printed by a dyno, the line of %s matches the rules %q: %s", row[0], got, text)
		}
	}
}

// rowsOf returns the cells of a table as the page has it, without the header.
func rowsOf(t *testing.T, name string) [][]string {
	t.Helper()
	_, after, _ := strings.Cut(read(t, alertsPage), strings.Replace(tableBegin, "%s", name, 1))
	text, _, found := strings.Cut(after, tableEnd)
	if !found {
		t.Fatalf("%s has no table %q", alertsPage, name)
	}
	var rows [][]string
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.Trim(strings.ReplaceAll(line, `\|`, "\x00"), "| \n"), " | ")
		for i, cell := range cells {
			cells[i] = strings.Trim(strings.ReplaceAll(cell, "\x00", "|"), "` ")
		}
		rows = append(rows, cells)
	}
	return rows[min(2, len(rows)):]
}

// matches returns the names of the rules that a line as heroku logs prints it matches, without the time.
func matches(t *testing.T, set *alert.Set, text string) []string {
	t.Helper()
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	line := logformat.Read(text, at)
	m := set.Matcher("shop")
	m.Begin("message", "")
	m.Line(&line)
	report := cmp.Or(m.Report(), &alert.Report{})
	var names []string
	for _, hit := range report.Hits {
		names = append(names, hit.Rule)
	}
	return names
}

// The rules that take the place of another project's alarms must exist.
func TestRulesInPlaceOfAlarmsExist(t *testing.T) {
	_, after, _ := strings.Cut(read(t, alertsPage), "| its alarm | begins at | here |\n")
	text, _, _ := strings.Cut(after, "\n\n")
	known := map[string]bool{}
	for _, d := range alert.Catalogue() {
		known[d.Rule.Name] = true
	}
	rows := 0
	for line := range strings.Lines(text) {
		here := line[strings.LastIndex(strings.TrimSuffix(line, " |\n"), "| ")+1:]
		if name := code.FindStringSubmatch(here); name != nil && !known[name[1]] && !slices.Contains(alert.Kinds(), alert.Kind(name[1])) {
			t.Errorf("%s is not a default rule", name[1])
		}
		rows++
	}
	if rows < 14 {
		t.Errorf("the table has only %d rows", rows)
	}
}
