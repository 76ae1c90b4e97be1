package alert

import (
	"reflect"
	"strings"
	"time"
)

const (
	second = Duration(time.Second)
	minute = Duration(time.Minute)
	hour   = Duration(time.Hour)
	day    = 24 * hour
)

// RuleNamePattern is what the name of a rule matches.
const RuleNamePattern = `^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$`

const maxRuleName = 40

var ruleName = newPattern(RuleNamePattern)

func validName(name string) bool { return ruleName().MatchString(name) }

// fieldName returns the name of a field in JSON and YAML.
func fieldName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// list returns "a, b and c".
func list[T ~string](names []T) string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = string(name)
	}
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	last := len(texts) - 1
	return strings.Join(texts[:last], ", ") + " and " + texts[last]
}
