package term

import "regexp"

// controls matches what a terminal acts on instead of showing it: colors (SGR sequences, the only ones that may stay), and every control
// character except tab and newline. The C1 controls are among them, because U+009B starts a sequence just as ESC [ does.
var controls = regexp.MustCompile(`\x1b\[[0-9;:]{0,64}m|[\x00-\x08\x0b-\x1f\x7f-\x{9f}]`)

const resetColors = "\x1b[0m"

// Cleaner returns a function that makes text from elsewhere safe to print on stdout. Anybody's request may be in a log line, and must not
// clear the screen or set the window's title. A pipe gets the text unchanged.
func (t *Terminal) Cleaner() func(string) string {
	if !IsTerminal(t.Stdout) {
		return func(text string) string { return text }
	}
	return func(text string) string { return clean(text, !t.NoColor) }
}

// clean replaces each control character by a visible symbol: ESC by ␛. Colors are removed, or, if they are wanted, kept and reset at the
// end of the text.
func clean(text string, colors bool) string {
	colored := false
	text = controls.ReplaceAllStringFunc(text, func(found string) string {
		switch r := []rune(found); {
		case len(r) > 1 && colors:
			colored = true
			return found
		case len(r) > 1:
			return ""
		case r[0] < ' ':
			return string('␀' + r[0]) // Unicode has a picture of each
		case r[0] == '\x7f':
			return "␡"
		}
		return "�"
	})
	if colored {
		text += resetColors
	}
	return text
}
