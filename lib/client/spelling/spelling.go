// Package spelling compares names, to say what was probably meant by one that does not exist.
package spelling

// longest is how much longer than the other a name may be to be compared: nobody means "shop" by a text of a megabyte.
const longest = 100

// Edits returns how many letters must be added, removed, replaced or swapped with the next to turn a into b: the optimal string alignment distance,
// https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance. If a is
// longer by more than 100, it returns its length.
func Edits(a, b string) int {
	if len(a) > len(b)+longest {
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
