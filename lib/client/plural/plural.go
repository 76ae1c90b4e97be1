// Package plural writes counts in English.
package plural

import "fmt"

// Count returns a number of things: "1 app", "2 apps". The plural of thing must end in s.
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
