package cli

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// completion is the command line as the completion scripts need it.
type completion struct {
	Verbs  []completionVerb
	Common []completionFlag // of several verbs
}

type completionVerb struct {
	Name, Help string
	Flags      []completionFlag // only those of this verb
	Common     []completionFlag // of other verbs, too
	App        bool             // its argument is an app's name
	Arguments  []string         // the values its argument may have; most verbs have no argument
	Verbs      []completionVerb // its sub-verbs
	File       bool             // its argument is a file's name
}

type completionFlag struct {
	Name, Help string
	Short      string // a letter, or empty
	Takes      bool   // a value
	Values     []string
	App        bool // the value is an app's name
	File       bool // the value is a file's name
}

func newCompletion(app *kong.Node) completion {
	c := completion{Common: completionFlags(app.Flags), Verbs: completionVerbs(app.Children)}
	for i, verb := range c.Verbs {
		if verb.Name == helpVerb {
			c.Verbs[i].Arguments = c.VerbNames()
		}
	}
	return c
}

func completionVerbs(nodes []*kong.Node) []completionVerb {
	var verbs []completionVerb
	for _, verb := range nodes {
		if verb.Hidden {
			continue
		}
		v := completionVerb{
			Name: verb.Name, Help: verb.Help, Verbs: completionVerbs(verb.Children),
			Flags: completionFlags(verb.Flags), Common: completionFlags(commonFlags(verb)), App: appsOf(verb) != "",
		}
		for _, argument := range verb.Positional {
			v.File = v.File || argument.Tag.PlaceHolder == "FILE"
			if argument.Enum != "" {
				v.Arguments = append(v.Arguments, argument.EnumSlice()...)
			}
		}
		verbs = append(verbs, v)
	}
	return verbs
}

func completionFlags(flags []*kong.Flag) []completionFlag {
	var all []completionFlag
	for _, flag := range flags {
		if flag.Hidden {
			continue
		}
		f := completionFlag{Name: flag.Name, Help: flag.Help, Takes: !flag.IsBool(), App: flag.Name == "app", File: flag.PlaceHolder == "FILE"}
		if flag.Short != 0 {
			f.Short = string(flag.Short)
		}
		switch {
		case flag.Enum != "":
			f.Values = flag.EnumSlice()
		case strings.Contains(flag.PlaceHolder, "|"):
			f.Values = strings.Split(flag.PlaceHolder, "|")
		}
		all = append(all, f)
	}
	return all
}

// VerbNames returns the names of all verbs.
func (c completion) VerbNames() []string { return namesOf(c.Verbs) }

// VerbNames returns the names of the sub-verbs.
func (v completionVerb) VerbNames() []string { return namesOf(v.Verbs) }

func namesOf(verbs []completionVerb) []string {
	var names []string
	for _, v := range verbs {
		names = append(names, v.Name)
	}
	return names
}

// Valued returns the flags of all verbs that take a value, each name once.
func (c completion) Valued() []completionFlag {
	var valued []completionFlag
	met := map[string]bool{}
	add := func(flags []completionFlag) {
		for _, f := range flags {
			if f.Takes && !met[f.Name] {
				met[f.Name] = true
				valued = append(valued, f)
			}
		}
	}
	add(c.Common)
	for _, v := range c.Verbs {
		add(v.Flags)
		for _, sub := range v.Verbs {
			add(sub.Flags)
		}
	}
	return valued
}

// CommonWords returns the flags that several verbs have, as they are typed.
func (c completion) CommonWords() []string { return flagWords(c.Common) }

// CommonWords returns the flags that the verb and others have, as they are typed.
func (v completionVerb) CommonWords() []string { return flagWords(v.Common) }

// Words returns what may follow the verb: its sub-verbs, its arguments and its own flags, as they are typed.
func (v completionVerb) Words() []string {
	return slices.Concat(v.VerbNames(), v.Arguments, flagWords(v.Flags))
}

func flagWords(flags []completionFlag) []string {
	var words []string
	for _, f := range flags {
		words = append(words, "--"+f.Name)
	}
	return words
}
