package alerts

import (
	"fmt"
	"strconv"
	"strings"

	"heroku-drains/lib/alert"
)

// Condition says what a line must be like to match a rule, such as "service > 5000 ms, path not ^/reports".
func Condition(r alert.Rule) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	switch r.Kind {
	case alert.Slow:
		add("service > %s ms", limit(r.Over))
	case alert.Samples:
		if r.Over != nil {
			add("%s > %s", r.Metric, limit(r.Over))
		}
		if r.Under != nil {
			add("%s < %s", r.Metric, limit(r.Under))
		}
	case alert.Silence:
		add("no line for %s", r.After)
	}
	for _, field := range []struct{ name, value string }{
		{"code", r.Code}, {"status", r.Status}, {"method", r.Method}, {"path", r.Path},
		{"source", r.Source}, {"process", r.Process}, {"level", r.Severity},
	} {
		if field.value != "" {
			add("%s %s", field.name, field.value)
		}
	}
	if r.Pattern != "" {
		add("%s %s", fieldName(r.Field), r.Pattern)
	}
	if len(r.ExcludePaths) > 0 {
		add("path not %s", strings.Join(r.ExcludePaths, " or "))
	}
	return strings.Join(parts, ", ")
}

func fieldName(field string) string {
	if field == "" {
		return "text"
	}
	return field
}

func limit(n *float64) string {
	if n == nil {
		return "?"
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}

// Effect says what happens to lines that match a rule: when an alert begins, or what is stored of them.
func Effect(r alert.Rule) string {
	switch {
	case r.Off:
		return "off"
	case r.Kind == alert.Drop && r.Keep == 0:
		return "not stored"
	case r.Kind == alert.Drop:
		return strconv.FormatFloat(100*r.Keep, 'f', -1, 64) + "% stored"
	case r.Kind == alert.Silence:
		return "alert after " + r.After.String()
	case r.Kind == alert.Samples:
		return fmt.Sprintf("%d in a row", r.Threshold)
	}
	return fmt.Sprintf("%d in %s", r.Threshold, r.Window)
}

// Apps says which apps a rule is for.
func Apps(r alert.Rule) string {
	text := "all"
	if len(r.IncludeApps) > 0 {
		text = strings.Join(r.IncludeApps, ", ")
	}
	if len(r.ExcludeApps) > 0 {
		text += " but " + strings.Join(r.ExcludeApps, ", ")
	}
	return text
}
