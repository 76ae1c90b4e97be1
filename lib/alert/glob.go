package alert

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
	p, n := 0, 0
	star, from := -1, 0 // the last asterisk, and where what it stands for ends so far
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, n
			p++
		case p < len(pattern) && pattern[p] == name[n]:
			p++
			n++
		case star >= 0:
			from++
			p, n = star+1, from
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// AppliesTo reports whether the rule is one for the app, by its name. It may be off.
func (r *Rule) AppliesTo(app string) bool {
	return (len(r.IncludeApps) == 0 || globs(r.IncludeApps).match(app)) && !globs(r.ExcludeApps).match(app)
}
