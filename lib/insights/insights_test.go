package insights_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"heroku-drains/lib/insights"
)

// all returns the queries of a set.
func all(s insights.Set) []insights.Query {
	queries := s.Saved()
	for _, w := range s.Widgets() {
		queries = append(queries, w.Query)
	}
	return queries
}

func TestQueriesFit(t *testing.T) {
	var ids, titles []string
	for _, q := range all(insights.Set{StreamPrefix: strings.Repeat("[/#]", 16)}) {
		if n := utf8.RuneCountInString(q.Text); n > insights.MaxLength {
			t.Errorf("%s has %d characters", q.ID, n)
		}
		if !regexp.MustCompile(`^[A-Za-z]+$`).MatchString(q.ID) || slices.Contains(ids, q.ID) || slices.Contains(titles, q.Title) || q.Title == "" {
			t.Errorf("the ID %q or the title %q is not good, or not the only one", q.ID, q.Title)
		}
		ids, titles = append(ids, q.ID), append(titles, q.Title)
	}
}

// The part of a query that AWS's pages leave open: whether # begins a comment in a pattern, and {{ a parameter.
func TestQueriesAvoidWhatIsNotDocumented(t *testing.T) {
	for _, q := range all(insights.Set{StreamPrefix: "#{#/"}) {
		for text := range strings.Lines(q.Text) {
			if !strings.HasPrefix(text, "#") && strings.Contains(text, "#") || strings.Contains(text, "{{") {
				t.Errorf("%s: %s", q.ID, text)
			}
		}
	}
}

var (
	quotedText = regexp.MustCompile(`"[^"]*"`)
	pattern    = regexp.MustCompile(`/\^?(?:[^/\\]|\\.)*/`)
	groupName  = regexp.MustCompile(`\(\?<(\w+)>`)
	aliasName  = regexp.MustCompile(` as (\w+)`)
	word       = regexp.MustCompile(`[@A-Za-z][\w.]*\(?`)
)

// names returns the fields that a query refers to, and those that it defines.
func names(text string) (used, defined []string) {
	var lines []string
	for l := range strings.Lines(text) {
		if !strings.HasPrefix(l, "#") {
			lines = append(lines, l)
		}
	}
	text = strings.Join(lines, "")
	for _, m := range groupName.FindAllStringSubmatch(text, -1) {
		defined = append(defined, m[1])
	}
	text = quotedText.ReplaceAllString(pattern.ReplaceAllString(text, ""), "")
	for _, m := range aliasName.FindAllStringSubmatch(text, -1) {
		defined = append(defined, m[1])
	}
	language := []string{"fields", "display", "filter", "parse", "stats", "sort", "limit", "like", "as", "by", "asc", "desc", "or", "and", "m"}
	for _, name := range word.FindAllString(text, -1) {
		if !strings.HasSuffix(name, "(") && !slices.Contains(language, name) {
			used = append(used, name)
		}
	}
	return used, defined
}

// emitted returns the fields that Heroku's lines have in the JSON format, as far as they are in the traffic.
func emitted() map[string]bool {
	fields := map[string]bool{}
	for _, l := range traffic(time.Now(), formats["json"]) {
		var members map[string]any
		if l.is("app", "web.1") || l.is("app", "web.2") || l.is("app", "worker.1") || json.Unmarshal([]byte(l.event), &members) != nil {
			continue
		}
		for name := range members {
			fields[name] = true
		}
	}
	return fields
}

// A query can use the system fields of each log class, what it defines itself, and nothing else: a field that no line has finds nothing, without
// an error. What it defines must not have the name of a field that Heroku's lines have: AWS's pages do not say which of the two it would be.
func TestQueriesUseFieldsThatExist(t *testing.T) {
	heroku := emitted()
	if len(heroku) < 30 {
		t.Fatalf("only %d fields are emitted: %v", len(heroku), heroku)
	}
	system := []string{"@timestamp", "@message", "@logStream"}
	for _, q := range all(insights.Set{StreamPrefix: "[APP]"}) {
		used, defined := names(q.Text)
		for _, name := range used {
			if !slices.Contains(system, name) && !slices.Contains(defined, name) {
				t.Errorf("%s refers to %s, which it does not define", q.ID, name)
			}
		}
		for _, name := range defined {
			if heroku[name] {
				t.Errorf("%s defines %s, which is a field of Heroku's lines", q.ID, name)
			}
			if !slices.Contains(used, name) {
				t.Errorf("%s defines %s, and does not use it", q.ID, name)
			}
		}
	}
}

func TestIndexedFieldsAreEmitted(t *testing.T) {
	fields := emitted()
	if n := len(insights.IndexedFields()); n == 0 || n > 20 {
		t.Errorf("%d fields; CloudWatch Logs allows 20", n)
	}
	for _, name := range insights.IndexedFields() {
		if !fields[name] {
			t.Errorf("no line has the field %s", name)
		}
	}
}
