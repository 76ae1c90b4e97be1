package alert

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// checkCommon checks the fields that most kinds have.
func (c *compiler) checkCommon() {
	for field, text := range map[string]string{"title": c.Title, "description": c.Description, "advice": c.Advice} {
		if len(text) > maxText {
			c.bad(field, "it has %d bytes: the limit is %d", len(text), maxText)
		}
		if strings.ContainsFunc(strings.TrimSpace(text), func(r rune) bool { return unicode.IsControl(r) && (r != '\n' || field == "title") }) {
			c.bad(field, "it has control characters, such as tabs, which cannot be shown")
		}
	}
	for field, names := range map[string][]string{"include_apps": c.IncludeApps, "exclude_apps": c.ExcludeApps} {
		for _, name := range names {
			if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-*") != "" {
				c.bad(field, "%q is not the name of an app: names have lower-case letters, digits and hyphens, and * for any characters", name)
			}
		}
	}
	for _, name := range c.IncludeApps {
		if slices.Contains(c.ExcludeApps, name) {
			c.bad("exclude_apps", "%q is also in include_apps, so the rule would not be for it: leave it out of one of them", name)
		}
	}
	if c.Level != Critical && c.Level != Warning && c.Kind != Drop {
		c.bad("level", "%q is not a level: give critical or warning", c.Level)
	}
	if counts := c.Kind != Silence && c.Kind != Drop; counts && (c.Threshold < 1 || c.Threshold > maxThreshold) {
		c.bad("threshold", "it must be a number of lines from 1 to %d, not %d", maxThreshold, c.Threshold)
	}
	for _, d := range []struct {
		field string
		is    Duration
		limit Duration
	}{
		{"window", c.Window, day}, {"cooldown", c.Cooldown, day}, {"interval", c.Interval, hour}, {"after", c.After, 7 * day},
	} {
		if d.is > d.limit {
			c.bad(d.field, "%s is too long: the limit is %s", d.is, d.limit)
		}
	}
	if c.Kind == Silence && c.After > 0 && c.After < minSilence {
		c.bad("after", "%s is too short: give at least %s, because logs come in batches", c.After, minSilence)
	}
	if c.Over != nil && c.Under != nil && *c.Under > *c.Over {
		c.bad("under", "every figure is over %v or under %v: give under a smaller limit than over", *c.Over, *c.Under)
	}
	if c.Keep < 0 || c.Keep > 1 || math.IsNaN(c.Keep) {
		c.bad("keep", "it must be a share from 0 to 1, or 0%% to 100%%")
	}
	for field, limit := range map[string]*float64{"over": c.Over, "under": c.Under} {
		switch {
		case limit == nil:
		case math.IsNaN(*limit) || math.IsInf(*limit, 0):
			c.bad(field, "%v is not a limit", *limit)
		case c.Kind == Slow && *limit <= 0:
			c.bad(field, "%v is not a limit: give the milliseconds that a request may take, such as 5000", *limit)
		}
	}
}
