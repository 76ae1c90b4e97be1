package cli

import (
	"hash/fnv"
	"strings"

	"github.com/fatih/color"
)

// processColors are the colors of `heroku logs`, in its order. It gives the first five to the processes of herokuColors, and the rest to
// the others in the order of their first lines.
// https://github.com/heroku/cli/blob/main/packages/cli/src/lib/run/colorize.ts
var processColors = [][]color.Attribute{
	{color.FgYellow}, {color.FgGreen}, {color.FgCyan}, {color.FgMagenta}, {color.FgBlue},
	{color.FgGreen, color.Bold}, {color.FgCyan, color.Bold}, {color.FgMagenta, color.Bold}, {color.FgYellow, color.Bold},
	{color.FgBlue, color.Bold},
}

// appColors are those of the names of apps, where the lines of several are mixed. They differ from most processes'.
var appColors = [][]color.Attribute{
	{color.FgHiMagenta}, {color.FgHiCyan}, {color.FgHiYellow}, {color.FgHiGreen}, {color.FgHiBlue}, {color.FgHiRed},
}

var herokuColors = []string{"run", "router", "web", "postgres", "heroku-postgres"}

// processColor returns the color of a process's lines: web.1 has that of web.2. A process that is not among herokuColors gets its color
// from its name, so that it has the same one in every run.
func processColor(process string) []color.Attribute {
	kind, _, _ := strings.Cut(process, ".")
	for i, name := range herokuColors {
		if kind == name {
			return processColors[i]
		}
	}
	hash := fnv.New32a()
	hash.Write([]byte(kind)) // never fails
	rest := processColors[len(herokuColors):]
	return rest[hash.Sum32()%uint32(len(rest))]
}
