package cli

import (
	"fmt"
	"go/doc/comment"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/alecthomas/kong"
)

const (
	helpWidth    = 80 // columns: those of the smallest common terminal
	helpExamples = 3  // that a short help shows
	maxFlagWidth = 26 // columns of a flag with its explanation beside it
)

// printHelp writes the help of the program or a verb. That of -h is short: it has what the verb alone has. That of --help and of the verb help
// has everything.
func printHelp(_ kong.HelpOptions, line *kong.Context) error {
	node := line.Selected()
	h := &helpText{program: line.Model.Name}
	switch long := slices.Contains(line.Args, "--help"); {
	case node == nil && long:
		h.programLong(line.Model.Node)
	case node == nil:
		h.programShort(line.Model.Node)
	case long:
		h.verb(node)
	default:
		h.verbShort(node)
	}
	_, err := io.WriteString(line.Stdout, h.String())
	return err
}

// helpText is a help as it is put together.
type helpText struct {
	strings.Builder
	program string
}

func (h *helpText) line(format string, args ...any) { fmt.Fprintf(h, format+"\n", args...) }

// verbs writes the verbs of a node.
func (h *helpText) verbs(node *kong.Node) {
	var rows [][2]string
	for _, verb := range node.Children {
		if !verb.Hidden {
			rows = append(rows, [2]string{verb.Name, verb.Help})
		}
	}
	h.rows(rows)
}

func (h *helpText) programShort(node *kong.Node) {
	h.line("Usage: %s VERB [APP] [flags]", h.program)
	h.line("Sends the logs of Heroku apps to CloudWatch Logs in your own AWS account.\n")
	h.verbs(node)
	h.line("\nTry it: %[1]s local --demo. More: %[1]s help [VERB]", h.program)
}

func (h *helpText) programLong(node *kong.Node) {
	h.line("Usage: %s VERB [APP] [flags]\n", h.program)
	h.paragraphs(description)
	h.line("\nVerbs:")
	h.verbs(node)
	h.line("\nCommon flags (the help of a verb has those that it uses):")
	h.flags(node.Flags)
	h.line("\nAbout a verb: %[1]s VERB -h (short), %[1]s help VERB", h.program)
}

func (h *helpText) verbShort(verb *kong.Node) {
	h.line("Usage: %s %s", h.program, usageOf(verb))
	h.paragraphs(verb.Help)
	if len(verb.Children) > 0 {
		h.line("")
		h.verbs(verb)
	}
	if len(ownFlags(verb)) > 0 {
		h.line("")
		h.flags(ownFlags(verb))
	}
	if examples := examplesOf(verb.Detail); len(examples) > 0 {
		h.line("\nExamples:")
		for _, example := range examples[:min(helpExamples, len(examples))] {
			h.line("%s", strings.Join(foldCommand("  "+example), "\n"))
		}
	}
	h.line("")
	common := []string{"Common flags:"}
	for _, flag := range commonFlags(verb) {
		if flag.Name != "help" {
			common = append(common, flagName(flag))
		}
	}
	if len(verb.Children) == 0 {
		for _, text := range wrap(strings.Join(common, " "), helpWidth) {
			h.line("%s", text)
		}
	}
	h.line("More: %s help %s", h.program, verb.Path())
}

func (h *helpText) verb(verb *kong.Node) {
	h.line("Usage: %s %s\n", h.program, usageOf(verb))
	h.paragraphs(verb.Help)
	h.line("")
	h.paragraphs(verb.Detail)
	if len(verb.Children) > 0 {
		h.line("\nVerbs:")
		h.verbs(verb)
	}
	if flags := ownFlags(verb); len(flags) > 0 {
		h.line("\nFlags:")
		h.flags(flags)
	}
	if len(verb.Children) > 0 {
		h.line("\nMore: %[1]s help %[2]s VERB", h.program, verb.Path())
		return
	}
	h.line("\nCommon flags:")
	h.flags(commonFlags(verb))
	h.line("")
	h.paragraphs(variablesText)
}

// variablesText is how a flag can be set by a variable.
const variablesText = "Each flag can also be set by an environment variable, --no-color for example by " + variables + "_NO_COLOR; --region and --profile " +
	"by AWS_REGION and AWS_PROFILE. An empty variable counts as not set."

// ownFlags returns the flags that a verb has for itself.
func ownFlags(verb *kong.Node) []*kong.Flag {
	var own []*kong.Flag
	for ; verb.Parent != nil; verb = verb.Parent {
		own = append(own, verb.Flags...)
	}
	return slices.DeleteFunc(own, func(flag *kong.Flag) bool { return flag.Hidden })
}

// commonFlags returns the flags in globals that a verb reads.
func commonFlags(verb *kong.Node) []*kong.Flag {
	root := verb
	for root.Parent != nil {
		root = root.Parent
	}
	return slices.DeleteFunc(slices.Clone(root.Flags), func(flag *kong.Flag) bool { return flag.Hidden || !reads(verb, flag) })
}

// examplesOf returns the commands in a verb's long help.
func examplesOf(detail string) []string {
	_, block, _ := strings.Cut(detail, "Examples:\n\n")
	var examples []string
	for line := range strings.Lines(block) {
		text, indented := strings.CutPrefix(strings.TrimRight(line, "\n"), "    ")
		if !indented {
			break
		}
		examples = append(examples, text)
	}
	return examples
}

// paragraphs writes text in the form of Go's documentation, wrapped.
func (h *helpText) paragraphs(text string) {
	parser := comment.Parser{}
	printer := comment.Printer{TextWidth: helpWidth, TextCodePrefix: "    "}
	for line := range strings.Lines(string(printer.Text(parser.Parse(text)))) {
		h.line("%s", strings.Join(foldCommand(strings.TrimRight(line, "\n")), "\n"))
	}
}

// foldCommand breaks an indented command that is too wide into lines that a shell takes as one: before a pipe, or else before a flag.
func foldCommand(line string) []string {
	const continued = " \\"
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	if utf8.RuneCountInString(line) <= helpWidth || indent == "" {
		return []string{line}
	}
	for _, at := range []string{" | ", " --"} {
		if i := lastUnquoted(line[:helpWidth-len(continued)+1], at); i > 0 {
			return append([]string{line[:i] + continued}, foldCommand(indent+"  "+line[i+1:])...)
		}
	}
	return []string{line}
}

// lastUnquoted returns where a command has a text for the last time outside of single quotes, or -1.
func lastUnquoted(command, text string) int {
	for end := len(command); ; {
		i := strings.LastIndex(command[:end], text)
		if i < 0 || strings.Count(command[:i], "'")%2 == 0 {
			return i
		}
		end = i
	}
}

// flags writes a line per flag, or several.
func (h *helpText) flags(flags []*kong.Flag) {
	var rows [][2]string
	short := slices.ContainsFunc(flags, func(flag *kong.Flag) bool { return flag.Short != 0 })
	for _, flag := range flags {
		if flag.Hidden {
			continue
		}
		name := flagLabel(flag)
		if short && flag.Short == 0 {
			name = "    " + name
		}
		rows = append(rows, [2]string{name, flagText(flag)})
	}
	h.rows(rows)
}

// flagLabel returns a flag as it is written, such as "-a, --app=NAME".
func flagLabel(flag *kong.Flag) string {
	label := "--" + flag.Name
	if flag.Short != 0 {
		label = fmt.Sprintf("-%c, %s", flag.Short, label)
	}
	if !flag.IsBool() {
		label += "=" + placeholder(flag)
	}
	return label
}

// flagText returns what a flag means.
func flagText(flag *kong.Flag) string {
	if flag.HasDefault && !strings.Contains(flag.Help, "default") {
		return flag.Help + " Default: " + flag.Default + "."
	}
	return flag.Help
}

// placeholder stands for the value of a flag.
func placeholder(flag *kong.Flag) string {
	switch {
	case flag.PlaceHolder != "":
		return flag.PlaceHolder
	case flag.Enum != "":
		return strings.Join(flag.EnumSlice(), "|")
	case flag.Target.Type() == reflect.TypeFor[time.Duration]():
		return "TIME"
	}
	return strings.ToUpper(flag.Name[strings.LastIndex(flag.Name, "-")+1:])
}

// rows writes names and texts in two columns. A text begins below its name if that is too long.
func (h *helpText) rows(rows [][2]string) {
	width := 0
	for _, row := range rows {
		if n := utf8.RuneCountInString(row[0]); n <= maxFlagWidth {
			width = max(width, n)
		}
	}
	const indent, gap = 2, 2
	for _, row := range rows {
		left := row[0]
		if utf8.RuneCountInString(left) > width {
			h.line("%*s%s", indent, "", left)
			left = ""
		}
		for _, text := range wrap(row[1], helpWidth-indent-width-gap) {
			h.line("%*s%-*s%*s%s", indent, "", width, left, gap, "", text)
			left = ""
		}
	}
}

// wrap breaks text between words into lines of at most width characters. A longer word has a line of its own.
func wrap(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}
