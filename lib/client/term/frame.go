package term

import (
	"strings"

	"github.com/fatih/color"
)

// NoteFrame writes a text of several lines to stderr, under a title and beside a bar, so that it stands out among other lines:
//
//	┌ title
//	│ text
//	└
//
// Bar and title have a color, if stderr has colors. The frame is written in one piece.
func (t *Terminal) NoteFrame(hue color.Attribute, title, text string) {
	t.Note("%s", framed(t.PaintStderr, hue, title, text))
}

// PrintFrame is like NoteFrame, for stdout.
func (t *Terminal) PrintFrame(hue color.Attribute, title, text string) error {
	return t.print(framed(t.PaintStdout, hue, title, text) + "\n")
}

func framed(paint func(string, ...color.Attribute) string, hue color.Attribute, title, text string) string {
	var b strings.Builder
	b.WriteString(paint("┌ "+title, hue, color.Bold))
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		b.WriteString("\n" + paint("│", hue))
		if line != "" {
			b.WriteString(" " + line)
		}
	}
	b.WriteString("\n" + paint("└", hue))
	return b.String()
}
