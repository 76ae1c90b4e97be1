package termtest

import "strings"

// Text returns what a terminal with a number of columns shows after some output, with the sequences of the colors. Longer lines are wrapped.
func Text(output string, columns int) string {
	var text strings.Builder
	for _, line := range screen(output, columns) {
		for _, s := range spans(line) {
			codes := s.style.codes()
			if codes != "" {
				text.WriteString("\x1b[" + codes + "m" + s.text + "\x1b[0m")
				continue
			}
			text.WriteString(s.text)
		}
		text.WriteString("\n")
	}
	return text.String()
}

// codes returns the SGR parameters of the style.
func (c cell) codes() string {
	var codes []string
	if c.color != "" {
		codes = append(codes, c.color)
	}
	if c.bold {
		codes = append(codes, "1")
	}
	if c.faint {
		codes = append(codes, "2")
	}
	return strings.Join(codes, ";")
}
