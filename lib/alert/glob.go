package alert

import "strings"

// globs are names in which * stands for any characters.
type globs []string

// match reports whether one of the patterns matches the name.
func (g globs) match(name string) bool {
	for _, pattern := range g {
		if matchGlob(pattern, name) {
			return true
		}
	}
	return false
}

// matchGlob reports whether the name matches the pattern, in which * stands for any characters, or none.
func matchGlob[T string | []byte](pattern string, name T) bool {
	parts := strings.Split(pattern, "*")
	text := string(name)
	if len(parts) == 1 {
		return text == pattern
	}
	text, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = after
	}
	return strings.HasSuffix(text, last)
}

// AppliesTo reports whether the rule is one for the app, by its name. It may be off.
func (r *Rule) AppliesTo(app string) bool {
	return (len(r.IncludeApps) == 0 || globs(r.IncludeApps).match(app)) && !globs(r.ExcludeApps).match(app)
}
