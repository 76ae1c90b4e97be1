// Package fleet brings the drains of many apps in line with a file: Parse reads the file, Survey collects the existing drains, Plan compares the
// two, and Apply carries out the plan. Write writes the file of the existing drains.
package fleet

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"heroku-drains/lib/drain"
)

// File is the content of a fleet file.
type File struct {
	Team     string                 // a Heroku team whose apps are all part of the fleet; may be empty
	Exclude  []string               // apps to ignore: names, or patterns for path.Match
	Defaults drain.Patch            // the settings of apps that do not set them
	Apps     map[string]drain.Patch // with Defaults merged in
}

// Excluded reports whether an app is left alone.
func (f File) Excluded(app string) bool {
	return slices.ContainsFunc(f.Exclude, func(pattern string) bool {
		matched, _ := path.Match(pattern, app) // Parse has checked the pattern
		return matched
	})
}

// Mistake is something in a file that is wrong.
type Mistake struct {
	File   string // its name
	Line   int    // from 1; 0: the file as a whole
	Reason string // what is there, and what was meant
}

func (m Mistake) Error() string {
	if m.Line == 0 {
		return m.File + ": " + m.Reason
	}
	return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Reason)
}

// Mistakes are everything that is wrong with a file, in the order of its lines.
type Mistakes []Mistake

func (all Mistakes) Error() string {
	texts := make([]string, len(all))
	for i, m := range all {
		texts[i] = m.Error()
	}
	return strings.Join(texts, "\n")
}
