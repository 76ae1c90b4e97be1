package fleet

import (
	"cmp"
	"slices"

	"heroku-drains/lib/client/spelling"
)

// maxEdits is how many letters of a name may be wrong for it to be recognized.
const maxEdits = 2

// suggestion returns the known name that was probably meant, or "". others are other words for them.
func suggestion(name string, known []string, others map[string]string) string {
	if meant := others[name]; meant != "" {
		return meant
	}
	best := slices.MinFunc(known, func(a, b string) int { return cmp.Compare(spelling.Edits(name, a), spelling.Edits(name, b)) })
	if spelling.Edits(name, best) <= min(maxEdits, len(best)/3) {
		return best
	}
	return ""
}
