package cli

import (
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"heroku-drains/lib/client/cause"
	"heroku-drains/lib/client/spelling"
)

// synonyms returns the verbs for words that people try because other programs have them, by the verb in which they try them.
func synonyms() map[string]map[string]string {
	invert := func(words map[string]string) map[string]string {
		verbs := map[string]string{}
		for verb, others := range words {
			for _, word := range strings.Fields(others) {
				verbs[word] = verb
			}
		}
		return verbs
	}
	return map[string]map[string]string{
		"": invert(map[string]string{
			"put":          "add create new set update enable connect attach repair drains:add",
			"get":          "show info describe inspect drains:info",
			"list":         "ls drains apps all",
			"delete":       "remove rm del destroy disable disconnect detach drains:remove apps:destroy",
			"logs":         "log lines read cat",
			"logs --tail":  "tail follow watch",
			"sync":         "apply import deploy",
			"doctor":       "status check diagnose health test verify",
			"redrive":      "retry replay requeue dlq dead-letters deadletters",
			"rotate":       "rekey rotate-key rotate-keys drains:rotate",
			"simulate":     "send traffic generate",
			"trace":        "story request explain",
			"console":      "ui web page dashboard open browser",
			"local":        "start dev serve server up run",
			"local --demo": "demo try",
			"completion":   "completions autocomplete",

			"alerts list":   "alert alarms",
			"alerts rules":  "rules",
			"alerts mute":   "mute silence",
			"alerts unmute": "unmute unsilence",
		}),
		"alerts": invert(map[string]string{
			"list":      "ls show status get",
			"rules":     "rule",
			"check":     "validate lint verify",
			"test":      "try rehearse dry-run",
			"mute":      "silence snooze",
			"unmute":    "unsilence",
			"send-test": "send notify ping",
		}),
	}
}

// unknownVerb is a command line in which a word stands where a verb should.
type unknownVerb struct {
	node          *kong.Node // whose verbs were possible
	before, after []string
	word          string
}

// The beginnings of kong's errors about a word where it expects a verb, and about none.
const (
	unknownArgument = "unexpected argument "
	missingVerb     = "expected one of "
)

// missingArgument matches kong's error about an argument that is required.
var missingArgument = regexp.MustCompile(`^expected "<([^>]*)>"$`)

// betterParseError returns kong's error about a command line, or one that says more.
func (s *session) betterParseError(parser *kong.Kong, args []string, failed *kong.ParseError) error {
	line := failed.Context
	if line == nil || len(line.Path) == 0 {
		return failed
	}
	node := line.Selected()
	if node == nil {
		node = line.Model.Node
	}
	left := line.Path[len(line.Path)-1].Remainder()
	help := strings.TrimSpace(s.name+" "+node.Path()) + " --help"
	unknown, missing := unknownFlag.FindStringSubmatch(failed.Error()), missingArgument.FindStringSubmatch(failed.Error())
	switch {
	case unknown != nil:
		return s.unknownFlag(node, args, unknown[1])
	case missing != nil:
		return usagef("no %s given; see `%s`", strings.ReplaceAll(missing[1], "-", " "), help)
	case strings.HasPrefix(failed.Error(), missingVerb) && node.Parent != nil:
		return usagef("no verb given: %s; see `%s`", strings.Join(verbNames(node), ", "), help)
	case strings.HasPrefix(failed.Error(), missingVerb):
		return usagef("no verb given; see `%s`", help)
	case strings.HasPrefix(failed.Error(), unknownArgument) && len(node.Children) > 0 && len(left) > 0:
		return s.unknownVerb(parser, unknownVerb{node: node, before: args[:len(args)-len(left)], word: left[0], after: left[1:]})
	}
	if strings.HasPrefix(failed.Error(), "--fail:") {
		help = s.name + " local --help" // which lists the faults, also for simulate
	}
	return usagef("%s; see `%s`", valueError(node, line, failed.Error()), help)
}

// unknownFlag matches kong's error about a flag that does not exist.
var unknownFlag = regexp.MustCompile(`^unknown flag (-\S+?)(,|$)`)

// unknownFlag names what was probably meant: --output, a flag of another verb, or the flag of the verb that is nearest to the one given.
func (s *session) unknownFlag(verb *kong.Node, args []string, given string) error {
	help := s.name + " --help"
	if verb.Parent != nil {
		help = s.name + " " + verb.Path() + " --help"
	}
	var names []string
	for _, group := range verb.AllFlags(true) {
		for _, flag := range group {
			if verb.Parent == nil || reads(verb, flag) {
				names = append(names, "--"+flag.Name)
			}
		}
	}
	if format := outputMeant(args, given); format != "" && verb.Parent != nil && slices.Contains(readsOf(verb), "output") {
		return usagef("unknown flag %s, did you mean --output %s? See `%s`", given, format, help)
	}
	if owners := ownersOf(verb, given); verb.Parent != nil && len(owners) > 0 {
		return usagef("unknown flag %s: %[1]s belongs to %s; see `%s`", given, strings.Join(owners, ", "), help)
	}
	if near := nearest(given, names); near != "" && strings.HasPrefix(given, "--") {
		return usagef("unknown flag %s, did you mean %s? See `%s`", given, near, help)
	}
	return usagef("unknown flag %s; see `%s`", given, help)
}

// outputMeant returns the output format that a flag of other programs asks for, such as --json or --format json, or "" if it asks for none.
func outputMeant(args []string, given string) string {
	formats := []string{"json", "table"}
	if slices.Contains(formats, strings.TrimPrefix(given, "--")) {
		return strings.TrimPrefix(given, "--")
	}
	if !slices.Contains([]string{"--format", "--out", "-o"}, given) {
		return ""
	}
	for i, arg := range args {
		for _, format := range formats {
			if arg == given+"="+format || arg == given && i+1 < len(args) && args[i+1] == format {
				return format
			}
		}
	}
	return ""
}

// ownersOf returns the verbs with a flag of their own by this name.
func ownersOf(verb *kong.Node, name string) []string {
	root := verb
	for root.Parent != nil {
		root = root.Parent
	}
	var owners []string
	for _, leaf := range root.Leaves(true) {
		if slices.ContainsFunc(leaf.Flags, func(flag *kong.Flag) bool { return !flag.Hidden && isNamed(flag, name) }) {
			owners = append(owners, leaf.Path())
		}
	}
	return owners
}

// unknownVerb answers an unknown verb with the command line that was probably meant. That can be run as it is; if something is missing, it
// is the verb's help.
func (s *session) unknownVerb(parser *kong.Kong, u unknownVerb) error {
	verb := synonyms()[u.node.Path()][u.word]
	if verb == "" {
		verb = nearest(u.word, verbNames(u.node))
	}
	if verb == "" {
		return usagef("unknown verb %s. The verbs: `%s`", u.word, strings.Join(append(append([]string{s.name}, "help"), strings.Fields(u.node.Path())...), " "))
	}
	words := strings.Fields(verb)
	meant := slices.Concat(u.before, words, u.after)
	if !runs(parser, meant) {
		meant = []string{helpVerb}
		for _, word := range slices.Concat(strings.Fields(u.node.Path()), words) {
			if !strings.HasPrefix(word, "-") {
				meant = append(meant, word)
			}
		}
	}
	quoted := make([]string, len(meant))
	for i, word := range meant {
		quoted[i] = cause.Quote(word)
	}
	return usagef("unknown verb %s, did you mean %s? Run: `%s %s`", u.word, verb, s.name, strings.Join(quoted, " "))
}

// verbNames returns the names of a node's verbs.
func verbNames(node *kong.Node) []string {
	var names []string
	for _, child := range node.Children {
		if !child.Hidden {
			names = append(names, child.Name)
		}
	}
	return names
}

// runs reports whether a command line has what its verb needs.
func runs(parser *kong.Kong, args []string) bool {
	line, err := kong.Trace(parser, args)
	if err != nil || line.Error != nil {
		return false
	}
	verb := line.Selected()
	if verb == nil || len(verb.Children) > 0 {
		return false
	}
	needed := map[string]bool{}
	for _, argument := range verb.Positional {
		needed[argument.Name] = argument.Required
	}
	needed["app"] = strings.HasPrefix(appsOf(verb), "app")
	for _, path := range line.Path {
		switch {
		case path.Positional != nil:
			needed[path.Positional.Name] = false
		case path.Flag != nil:
			needed[path.Flag.Name] = false
			if path.Flag.Name == "all" {
				needed["app"] = false
			}
			if !reads(verb, path.Flag) {
				return false
			}
		}
	}
	for _, missing := range needed {
		if missing {
			return false
		}
	}
	return true
}

// nearest returns the one of names that a typing mistake turned into word, or "" if that could be none.
func nearest(word string, names []string) string {
	best, found := 3, ""
	if len(word) < 4 {
		best = 2 // almost any two short words are two changes apart
	}
	for _, name := range names {
		if len(word) >= 3 && strings.HasPrefix(name, word) {
			return name
		}
		if d := spelling.Edits(word, name); d < best {
			best, found = d, name
		}
	}
	return found
}
