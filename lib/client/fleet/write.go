package fleet

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"heroku-drains/lib/drain"
)

// Write returns a fleet file of the drains that exist, with all of their settings: those that most of them have are the defaults. Of drains that
// are being deleted, and of logs that a delete kept, there is nothing in it.
func Write(drains []drain.Drain) []byte {
	apps := map[string]map[string]string{} // the settings by name
	for _, d := range drains {
		if !d.Archived() && d.State != drain.Deleting && d.State != drain.None {
			s := d.Settings
			if s.Validate() != nil { // without a mapping, it has only some settings; put repairs it with the defaults
				s = drain.DefaultSettings()
			}
			apps[d.App] = settingTexts(s)
		}
	}
	if len(apps) == 0 {
		return []byte("apps: []\n")
	}
	defaults := commonSettings(apps)
	var text strings.Builder
	fmt.Fprintf(&text, "defaults: %s\napps:\n", flow(defaults, nil))
	plain := true
	for _, own := range apps {
		plain = plain && maps.Equal(own, defaults)
	}
	for _, app := range slices.Sorted(maps.Keys(apps)) {
		switch {
		case plain:
			fmt.Fprintf(&text, "  - %s\n", yamlName(app))
		case maps.Equal(apps[app], defaults):
			fmt.Fprintf(&text, "  %s:\n", yamlName(app))
		default:
			fmt.Fprintf(&text, "  %s: %s\n", yamlName(app), flow(apps[app], defaults))
		}
	}
	return []byte(text.String())
}

// yamlName returns an app's name in YAML: in quotes if it is a word that YAML knows.
func yamlName(app string) string {
	switch app {
	case "null", "true", "false", "yes", "off":
		return `"` + app + `"`
	}
	return app
}

// settingTexts returns the values of settings by their names.
func settingTexts(s drain.Settings) map[string]string {
	texts := map[string]string{}
	for f, value := range reflect.ValueOf(s).Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		texts[name] = fmt.Sprint(value)
	}
	return texts
}

// commonSettings returns the value of each setting that most apps have; of equally many, the first in the alphabet. Batch size and window go
// together, because a large size needs a window.
func commonSettings(apps map[string]map[string]string) map[string]string {
	groups := [][]string{{"batch_size", "batch_window_seconds"}}
	for _, name := range settingNames() {
		if !slices.Contains(groups[0], name) {
			groups = append(groups, []string{name})
		}
	}
	common := map[string]string{}
	for _, together := range groups {
		counts := map[string]int{}
		values := map[string]map[string]string{}
		for _, own := range apps {
			picked := map[string]string{}
			for _, name := range together {
				picked[name] = own[name]
			}
			key := flow(picked, nil)
			counts[key]++
			values[key] = picked
		}
		best := ""
		for _, key := range slices.Sorted(maps.Keys(counts)) {
			if counts[key] > counts[best] {
				best = key
			}
		}
		maps.Copy(common, values[best])
	}
	return common
}

// flow returns the settings that differ from others as a YAML flow mapping, in the order of settingNames.
func flow(own, others map[string]string) string {
	var parts []string
	for _, name := range settingNames() {
		if value, has := own[name]; has && value != others[name] {
			parts = append(parts, name+": "+value)
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
