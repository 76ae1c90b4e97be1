package termtest

import (
	"fmt"
	"html"
	"regexp"
	"strings"
)

// The measures of a picture, in pixels.
const (
	charWidth   = 8.0
	lineHeight  = 19.0
	margin      = 18.0
	titleHeight = 34.0
)

// pictureStyle has the colors of the ANSI palette, for readers who prefer light and dark.
const pictureStyle = `text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #24292f; white-space: pre; }
  .back { fill: #f6f8fa; stroke: #d0d7de; } .dot { fill: #d0d7de; } .b { font-weight: bold; } .d { opacity: .65; }
  .c31 { fill: #cf222e; } .c32 { fill: #116329; } .c33 { fill: #7d4e00; } .c34 { fill: #0550ae; } .c35 { fill: #8250df; } .c36 { fill: #1b7c83; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .back { fill: #0d1117; stroke: #30363d; } .dot { fill: #30363d; }
    .c31 { fill: #ff7b72; } .c32 { fill: #3fb950; } .c33 { fill: #d29922; } .c34 { fill: #58a6ff; } .c35 { fill: #bc8cff; } .c36 { fill: #39c5cf; }
  }`

var sequence = regexp.MustCompile("\x1b\\[([0-9;?]*)([A-Za-z])")

// Picture draws what a terminal with a number of columns shows after some output, as SVG. Longer lines are wrapped. It knows colors, bold, faint,
// carriage returns and erased lines.
func Picture(title, output string, columns int) string {
	lines := screen(output, columns)
	width := 2*margin + charWidth*float64(columns)
	height := titleHeight + 2*margin + lineHeight*float64(len(lines)) - lineHeight/2
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" role="img" aria-labelledby="title">`+"\n", width, height)
	fmt.Fprintf(&b, "<title id=\"title\">%s</title>\n<style>%s</style>\n", html.EscapeString(title), pictureStyle)
	fmt.Fprintf(&b, `<rect class="back" x="0.5" y="0.5" width="%.0f" height="%.0f" rx="8"/>`+"\n", width-1, height-1)
	for i := range 3 {
		fmt.Fprintf(&b, `<circle class="dot" cx="%.0f" cy="17" r="5.5"/>`+"\n", margin+5+18*float64(i))
	}
	for row, line := range lines {
		y := titleHeight + margin + lineHeight*float64(row)
		for _, span := range spans(line) {
			fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" textLength="%.1f"%s>%s</text>`+"\n", margin+charWidth*float64(span.column), y,
				charWidth*float64(len([]rune(span.text))), span.class(), html.EscapeString(span.text))
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// cell is a character with the SGR parameters that are in force.
type cell struct {
	char        rune
	color       string // "31" to "36"; empty: the default
	bold, faint bool
}

// screen returns the lines that the output leaves on the screen.
func screen(output string, columns int) [][]cell {
	lines := [][]cell{nil}
	var style cell
	column := 0
	write := func(r rune) {
		if column == columns {
			lines, column = append(lines, nil), 0
		}
		last := &lines[len(lines)-1]
		for len(*last) <= column {
			*last = append(*last, cell{char: ' '})
		}
		style.char = r
		(*last)[column] = style
		column++
	}
	for output != "" {
		if at := sequence.FindStringSubmatchIndex(output); at != nil && at[0] == 0 {
			parameters, final := output[at[2]:at[3]], output[at[4]:at[5]]
			switch final {
			case "m":
				style.apply(parameters)
			case "K":
				if last := &lines[len(lines)-1]; parameters == "2" {
					*last = nil
				} else {
					*last = (*last)[:min(column, len(*last))]
				}
			}
			output = output[at[1]:]
			continue
		}
		r := []rune(output[:min(len(output), 4)])[0]
		output = output[len(string(r)):]
		switch r {
		case '\r':
			column = 0
		case '\n':
			lines, column = append(lines, nil), 0
		default:
			write(r)
		}
	}
	for len(lines) > 0 && len(lines[len(lines)-1]) == 0 {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// apply changes the style as an SGR sequence says.
func (c *cell) apply(parameters string) {
	for _, p := range strings.Split(parameters, ";") {
		switch {
		case p == "" || p == "0":
			*c = cell{}
		case p == "1":
			c.bold = true
		case p == "2":
			c.faint = true
		case p == "22":
			c.bold, c.faint = false, false
		case p == "39":
			c.color = ""
		case len(p) == 2 && (p[0] == '3' || p[0] == '9') && p[1] >= '0' && p[1] <= '7':
			c.color = "3" + p[1:]
		}
	}
}

// span is a run of characters in the same style.
type span struct {
	column int
	text   string
	style  cell
}

func spans(line []cell) []span {
	var all []span
	for column, c := range line {
		style := c
		style.char = 0
		if len(all) == 0 || all[len(all)-1].style != style {
			all = append(all, span{column: column, style: style})
		}
		all[len(all)-1].text += string(c.char)
	}
	return all
}

// class returns the attribute that gives the span its style.
func (s span) class() string {
	var classes []string
	if s.style.color != "" && s.style.color != "30" && s.style.color != "37" {
		classes = append(classes, "c"+s.style.color)
	}
	if s.style.bold {
		classes = append(classes, "b")
	}
	if s.style.faint {
		classes = append(classes, "d")
	}
	if len(classes) == 0 {
		return ""
	}
	return fmt.Sprintf(` class=%q`, strings.Join(classes, " "))
}
