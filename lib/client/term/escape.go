package term

import (
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// controls matches what a terminal acts on instead of showing it:
//
//   - colors (SGR sequences, the only ones that may stay);
//   - every control character except tab and newline, the C1 controls included, because U+009B starts a sequence just as ESC [ does;
//   - the characters that change the direction of text, with which a line can show other than it says: https://www.unicode.org/reports/tr9/
//   - those that are not seen at all, such as the zero-width space and the tags, with which two different names look the same, or a text hides
//     another; except for joiners and direction marks, which some scripts need: https://www.unicode.org/reports/tr36/
//   - the line and paragraph separators, where a text would go on in another row.
var controls = regexp.MustCompile(`\x1b\[[0-9;:]{0,64}m|[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{ad}\x{180e}\x{200b}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{feff}\x{fff9}-\x{fffb}\x{e0000}-\x{e007f}]`)

var (
	colorSequence = regexp.MustCompile(`\x1b\[[0-9;:]{0,64}m`)
	// resets matches those after which the colors are the usual ones again.
	resets = regexp.MustCompile(`^\x1b\[(|0|22|0;22)m$`)
)

const resetColors = "\x1b[0m"

// nextRow is what a row of a text begins with that is not its first.
const nextRow = "\n  "

// Cleaner returns a function that makes untrusted text safe to print on stdout. A log line may contain anybody's request, which must not clear
// the screen or set the window's title, or look like several lines: the rows after its first are indented. A pipe gets the text unchanged. Everything that a Terminal writes is made safe in any case; but where
// text from elsewhere is one of several parts, a Cleaner makes sure that its colors end with it.
func (t *Terminal) Cleaner() func(string) string {
	if !IsTerminal(t.Stdout) {
		return func(text string) string { return text }
	}
	return func(text string) string {
		text, colored := clean(text, !t.NoColor)
		if colored {
			text += resetColors
		}
		return strings.ReplaceAll(text, "\n", nextRow)
	}
}

// safe returns the text as the stream may get it: a terminal gets colors, if it has them, and other control characters as symbols.
func (t *Terminal) safe(stream io.Writer, text string) string {
	if !IsTerminal(stream) {
		return text
	}
	text, colored := clean(text, t.colored(stream))
	if !colored {
		return text
	}
	all := colorSequence.FindAllString(text, -1)
	if line, ended := strings.CutSuffix(text, "\n"); !resets.MatchString(all[len(all)-1]) {
		text = line + resetColors
		if ended {
			text += "\n"
		}
	}
	return text
}

// clean replaces each control character with a visible symbol, such as ESC with ␛. Bytes that are not UTF-8 become U+FFFD, because a terminal
// may treat them as control characters. Colors are removed unless they are wanted; colored reports whether any are left.
func clean(text string, colors bool) (cleaned string, colored bool) {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, string(utf8.RuneError))
	}
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
		return string(utf8.RuneError)
	})
	return text, colored
}
