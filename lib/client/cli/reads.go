package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// A verb says with the tag "reads" of its field in commands which of the flags in globals it reads: by the words of their tags "part". Flags
// without a part belong to every verb. The word "app" also says how many apps a verb takes, as its usage shows it: app, [app], app..., [app...].

// readsOf returns the parts of the flags in globals that a verb reads.
func readsOf(verb *kong.Node) []string {
	parts := strings.Fields(verb.Tag.Get("reads"))
	for i, part := range parts {
		parts[i] = strings.TrimSuffix(strings.Trim(part, "[]"), "...")
	}
	return parts
}

// reads reports whether a verb reads a flag: one of its own, or one in globals.
func reads(verb *kong.Node, flag *kong.Flag) bool {
	part := flag.Tag.Get("part")
	return part == "" || slices.Contains(readsOf(verb), part)
}

// appsOf returns how many apps a verb takes, in the form of the tag "reads". It is empty if the verb takes none.
func appsOf(verb *kong.Node) string {
	for _, part := range strings.Fields(verb.Tag.Get("reads")) {
		if strings.Contains(part, "app") {
			return part
		}
	}
	return ""
}

// refuser is a verb that says in its own words why it does not read a flag, and what to do. It returns nil for flags of which there is nothing
// to say.
type refuser interface {
	refuse(s *session, flag *kong.Flag) error
}

// checkFlags rejects flags that the verb does not read, and flags that were given twice: otherwise, one of their values would be dropped without
// a word. It looks at the command line only: a variable may be meant for other verbs.
func (s *session) checkFlags(line *kong.Context) error {
	verb := line.Selected()
	if verb == nil || verb.Name == helpVerb {
		return nil
	}
	seen := map[*kong.Flag]bool{}
	for _, path := range line.Path {
		flag := path.Flag
		if flag == nil {
			continue
		}
		if !reads(verb, flag) {
			if own, ok := verb.Target.Addr().Interface().(refuser); ok {
				if err := own.refuse(s, flag); err != nil {
					return err
				}
			}
			return usagef("%s does not use %s: leave it out", verb.Path(), flagName(flag))
		}
		if seen[flag] && !flag.IsSlice() && !isSwitch(line.Args, flag) {
			return usagef("%s is given twice, but has one value: give it once", flagName(flag))
		}
		seen[flag] = true
	}
	return nil
}

// isSwitch reports whether a flag has no values on the command line: then it means the same however often it is given.
func isSwitch(args []string, flag *kong.Flag) bool {
	return flag.IsBool() && !slices.ContainsFunc(args, func(arg string) bool { return strings.HasPrefix(arg, "--"+flag.Name+"=") })
}

// flagName returns a flag as people type it.
func flagName(flag *kong.Flag) string {
	if flag.Name == "app" {
		return "-a"
	}
	return "--" + flag.Name
}

// appArg lets a verb take apps without -a.
type appArg struct {
	Apps []string `arg:"" optional:"" name:"app" help:"The Heroku app, instead of -a."`
}

// appsTogether turns `logs shop -n 1 blog` into `logs shop blog -n 1`, because kong expects all apps in one place. err is kong's about args. It
// returns nil if that is not what is wrong with them; each call takes one app to the others.
func appsTogether(args []string, err error) []string {
	failed, ok := errors.AsType[*kong.ParseError](err)
	if !ok || !strings.HasPrefix(failed.Error(), unknownArgument) || failed.Context == nil {
		return nil
	}
	path := failed.Context.Path
	left := len(path[len(path)-1].Remainder())
	apps := slices.IndexFunc(path, func(p *kong.Path) bool { return p.Positional != nil && p.Positional.Name == "app" })
	if apps < 0 || left == 0 {
		return nil
	}
	to, from := len(args)-len(path[apps].Remainder()), len(args)-left
	if args[from] == "--" && left > 1 {
		from++
	}
	if from <= to || nameOrPattern(args[from]) != nil {
		return nil
	}
	return slices.Concat(args[:to], args[from:from+1], args[to:from], args[from+1:])
}

// takeApps makes the apps that were given without -a those of the flags. If both were given, they have to be the same.
func (s *session) takeApps(line *kong.Context) error {
	var named []string
	flagged := false
	for _, path := range line.Path {
		switch {
		case path.Positional != nil && path.Positional.Name == "app":
			named = line.Value(path).Interface().([]string)
		case path.Flag != nil && path.Flag.Name == "app":
			flagged = true
		}
	}
	if len(named) == 0 {
		return nil
	}
	if flagged && !sameApps(named, s.flags.App) {
		return usagef("%s and -a %s name different apps. Give all apps as arguments, or all with -a",
			strings.Join(named, " "), strings.Join(s.flags.App, " -a "))
	}
	s.flags.App = named
	return nil
}

func sameApps(a, b []string) bool {
	sorted := func(apps []string) []string { return slices.Compact(slices.Sorted(slices.Values(apps))) }
	return slices.Equal(sorted(a), sorted(b))
}

// usageOf returns how to call a verb, without the program's name.
func usageOf(verb *kong.Node) string {
	words := []string{verb.Path()}
	if len(verb.Children) > 0 {
		words = append(words, "VERB")
	}
	takesApps := slices.ContainsFunc(verb.Positional, func(argument *kong.Positional) bool { return argument.Name == "app" })
	if apps := appsOf(verb); apps != "" && takesApps { // others take them only with -a
		words = append(words, strings.ToUpper(apps))
	}
	for _, argument := range verb.Positional {
		if argument.Name == "app" {
			continue
		}
		name := argument.Tag.PlaceHolder
		if name == "" {
			name = strings.ToUpper(argument.Name)
		}
		if argument.IsSlice() {
			name += "..."
		}
		if !argument.Required {
			name = fmt.Sprintf("[%s]", name)
		}
		words = append(words, name)
	}
	return strings.Join(append(words, "[flags]"), " ")
}
