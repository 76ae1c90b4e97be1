package cli

import (
	"fmt"
	"go/doc/comment"
	"strings"

	"github.com/alecthomas/kong"
)

// roff is a man page as it is put together, with the macros of https://man7.org/linux/man-pages/man7/groff_man.7.html.
type roff struct{ strings.Builder }

func (r *roff) line(format string, args ...any) { fmt.Fprintf(r, format+"\n", args...) }

func (r *roff) title(name, source string) {
	r.line(`.TH "%s" 1 "" "%s" "User Commands"`, roffText(strings.ToUpper(name)), roffText(source))
	r.line(".ad l\n.nh") // no justified and no hyphenated lines: they make commands unreadable
}

func (r *roff) section(name string) { r.line(".SH %s", name) }

func (r *roff) text(text string) { r.line("%s", roffText(text)) }

func (r *roff) bold(text string) { r.line(`\fB%s\fR`, roffText(text)) }

// item writes a name and, indented, what it means.
func (r *roff) item(name, text string) {
	r.line(".TP")
	r.bold(name)
	r.text(text)
}

// flags writes an item per flag.
func (r *roff) flags(flags []*kong.Flag) {
	for _, flag := range flags {
		if !flag.Hidden {
			r.item(flagLabel(flag), flagText(flag))
		}
	}
}

// paragraphs writes text in the form of Go's documentation.
func (r *roff) paragraphs(text string) {
	parser := comment.Parser{}
	printer := comment.Printer{TextWidth: -1, TextCodePrefix: "\t"}
	code := false
	for line := range strings.Lines(string(printer.Text(parser.Parse(text)))) {
		line = strings.TrimRight(line, "\n")
		command, indented := strings.CutPrefix(line, "\t")
		switch {
		case indented && !code:
			r.line(".PP\n.RS 4\n.nf")
		case !indented && line != "" && code:
			r.line(".fi\n.RE")
		}
		code = indented || code && line == ""
		switch {
		case indented:
			r.text(command)
		case line != "":
			r.line(".PP")
			r.text(line)
		case code:
			r.line("") // within the lines of an example, which are not filled
		}
	}
	if code {
		r.line(".fi\n.RE")
	}
}

// roffText escapes a line of text: roff takes backslashes, and dots and apostrophes at the beginning, as instructions; hyphens as typographic
// ones, which cannot be copied to a shell; and knows characters beyond ASCII by their numbers.
func roffText(text string) string {
	var b strings.Builder
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		b.WriteString(`\&`)
	}
	for _, c := range text {
		switch {
		case c == '\\':
			b.WriteString(`\e`)
		case c == '-':
			b.WriteString(`\-`)
		case c == '\'':
			b.WriteString(`\(aq`)
		case c == '"':
			b.WriteString(`\(dq`)
		case c == '`':
			b.WriteString(`\(ga`)
		case c == '~':
			b.WriteString(`\(ti`)
		case c == '^':
			b.WriteString(`\(ha`)
		case c == '/':
			b.WriteString(`/\:`) // a long path or address may be broken here
		case c > '~':
			fmt.Fprintf(&b, `\[u%04X]`, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
