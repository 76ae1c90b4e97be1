package cli

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// Parts of kong's errors about a value. They begin with the flag or the argument.
var (
	ofValue      = regexp.MustCompile(`^(--[a-z0-9-]+|\[?<[a-z0-9-]+>[ .]*\]?):? (.*)$`)
	fromVariable = regexp.MustCompile(` \(from envar ([A-Z0-9_]+)=".*"\)$`)
	missingValue = regexp.MustCompile(`^(?:expected \w+ value but got "(.*?)" \(.*|missing value, .*)$`)
	badWhole     = regexp.MustCompile(`^expected a valid \d+ bit u?int but got "(.*)"$`)
	badNumber    = regexp.MustCompile(`^expected a float but got "(.*)" \(string\)$`)
	badDuration  = regexp.MustCompile(`^expected duration but got "(.*?)": `)
	badSwitch    = regexp.MustCompile(`^bool value must be .* but got "(.*)"$`)
	badWord      = regexp.MustCompile(`^must be one of (.*) but got "(.*)"$`)
	digits       = regexp.MustCompile(`^[-+]?[0-9]+$`)
)

// valueError returns kong's error about a value of a verb's flag in the words of this program, which leave out the types of Go. A value from
// a variable is named by the variable. Other errors stay as they are.
func valueError(verb *kong.Node, line *kong.Context, text string) string {
	text = strings.Replace(text, " can't be used together", " cannot be used together", 1)
	variable := ""
	if m := fromVariable.FindStringSubmatch(text); m != nil {
		variable, text = m[1], strings.TrimSuffix(text, m[0])
	}
	parts := ofValue.FindStringSubmatch(text)
	if parts == nil {
		return text
	}
	flag, reason := findFlag(verb, parts[1]), parts[2]
	subject := parts[1]
	switch {
	case variable != "":
		subject = variable
	case flag == nil && !strings.HasPrefix(subject, "--"):
		subject = "the " + strings.Trim(subject, "[]<>. ")
	case flag != nil && badWord.MatchString(reason) && !onCommandLine(line, flag):
		for _, name := range flag.Envs {
			if os.Getenv(name) != "" {
				subject = name
				break
			}
		}
	}
	if m := missingValue.FindStringSubmatch(reason); m != nil {
		return missingValueError(verb, flag, subject, m[1])
	}
	for pattern, want := range map[*regexp.Regexp]string{
		badWhole:    "a whole number",
		badNumber:   "a number",
		badDuration: "a duration with its unit, such as 1s or 500ms",
		badSwitch:   "true or false",
	} {
		m := pattern.FindStringSubmatch(reason)
		switch {
		case m == nil:
		case pattern == badWhole && digits.MatchString(m[1]):
			return fmt.Sprintf("%s is out of range: %s", subject, m[1])
		default:
			return fmt.Sprintf("%s must be %s, not %q", subject, want, m[1])
		}
	}
	if m := badWord.FindStringSubmatch(reason); m != nil {
		words := strings.Split(strings.ReplaceAll(m[1], `"`, ""), ",")
		last := len(words) - 1
		return fmt.Sprintf("%s must be %s or %s, not %q", subject, strings.Join(words[:last], ", "), words[last], m[2])
	}
	if variable != "" {
		return variable + ": " + reason
	}
	return text
}

// missingValueError says how to give a flag its value. found stands where the value should be, if anything does.
func missingValueError(verb *kong.Node, flag *kong.Flag, subject, found string) string {
	text := subject + " needs a value"
	if flag != nil && flag.PlaceHolder != "" {
		text += fmt.Sprintf(": %s %s", subject, flag.PlaceHolder)
	}
	if strings.HasPrefix(found, "-") && findFlag(verb, found) == nil {
		text += fmt.Sprintf("; if %s is the value, write %s=%s", found, subject, found)
	}
	return text
}

// findFlag returns the flag that a verb has by a name such as --since or -n, or nil.
func findFlag(verb *kong.Node, name string) *kong.Flag {
	for _, group := range verb.AllFlags(false) {
		for _, flag := range group {
			if isNamed(flag, name) {
				return flag
			}
		}
	}
	return nil
}

// isNamed reports whether a flag has a name such as --since or -n.
func isNamed(flag *kong.Flag, name string) bool {
	return name == "--"+flag.Name || flag.Short != 0 && name == "-"+string(flag.Short) ||
		slices.ContainsFunc(flag.Aliases, func(alias string) bool { return name == "--"+alias })
}

// onCommandLine reports whether a flag is on the command line.
func onCommandLine(line *kong.Context, flag *kong.Flag) bool {
	return slices.ContainsFunc(line.Path, func(path *kong.Path) bool { return path.Flag == flag })
}
