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

	In string // Valued: a pattern of bash of the verb and the sub-verb, with a colon between them
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

// Leaves returns the names of the verbs that have no sub-verbs.
func (c completion) Leaves() []string {
	return namesOf(slices.DeleteFunc(slices.Clone(c.Verbs), func(v completionVerb) bool { return len(v.Verbs) > 0 }))
}

// HelpWords returns the flags that may follow the verb help, as they are typed.
func (c completion) HelpWords() []string {
	return c.Verbs[slices.IndexFunc(c.Verbs, func(v completionVerb) bool { return v.Name == helpVerb })].CommonWords()
}

// Valued returns the flags of all verbs that take a value: first those of single verbs whose values differ from those that most verbs' flag of
// that name has, and then each name once.
func (c completion) Valued() []completionFlag {
	var differing, valued []completionFlag
	add := func(in string, flags []completionFlag) {
		for _, f := range flags {
			at := slices.IndexFunc(valued, func(other completionFlag) bool { return other.Name == f.Name })
			switch {
			case !f.Takes:
			case at < 0:
				f.In = "*"
				valued = append(valued, f)
			case !slices.Equal(f.Values, valued[at].Values) || f.File != valued[at].File || f.App != valued[at].App:
				f.In = in
				differing = append(differing, f)
			}
		}
	}
	add("*", c.Common)
	for _, v := range c.Verbs {
		add(v.Name+":", v.Flags)
		for _, sub := range v.Verbs {
			add(v.Name+":"+sub.Name, sub.Flags)
		}
	}
	return slices.Concat(differing, valued)
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
