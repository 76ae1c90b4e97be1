package fleet

import (
	"cmp"
	"slices"
)

// maxEdits is how many letters of a name may be wrong for it to be recognized.
const maxEdits = 2

// suggestion returns the known name that was probably meant, or "". others are other words for them.
func suggestion(name string, known []string, others map[string]string) string {
	if meant := others[name]; meant != "" {
		return meant
	}
	best := slices.MinFunc(known, func(a, b string) int { return cmp.Compare(edits(name, a), edits(name, b)) })
	if edits(name, best) <= min(maxEdits, len(best)/3) {
		return best
	}
	return ""
}

// edits returns how many letters must be added, removed, replaced or swapped with the next to turn a into b: the optimal string alignment distance,
// https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance. For names that are much longer than b, it returns a large number.
func edits(a, b string) int {
	if len(a) > len(b)+maxEdits {
		return len(a)
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			differs := 1
			if a[i-1] == b[j-1] {
				differs = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+differs)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
