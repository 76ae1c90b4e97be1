package cli

import (
	"strings"

	"github.com/alecthomas/kong"
)

// helpVerb takes every flag, because people put it before a verb that they were about to run.
const helpVerb = "help"

type helpCmd struct {
	Verb []string `arg:"" optional:"" name:"verb" help:"The verb."`
}

// Help is the verb's long help.
func (helpCmd) Help() string {
	return `Explains a verb with all its flags. The short help is that of -h.

Examples:

    heroku-drains-cli help
    heroku-drains-cli help logs
    heroku-drains-cli help alerts mute`
}

// Run prints the help of the verb, or of the program.
func (c *helpCmd) Run(s *session, parser *kong.Kong) error {
	node := parser.Model.Node
	for i, word := range c.Verb {
		next := childOf(node, word)
		if next == nil {
			return s.unknownVerb(parser, unknownVerb{node: node, before: append([]string{helpVerb}, c.Verb[:i]...), word: word, after: c.Verb[i+1:]})
		}
		node = next
	}
	_, err := parser.Parse(append(strings.Fields(node.Path()), "--help"))
	if s.helped {
		return nil
	}
	return err
}

// childOf returns the verb with a name, or nil.
func childOf(node *kong.Node, name string) *kong.Node {
	for _, child := range node.Children {
		if child.Name == name && !child.Hidden {
			return child
		}
	}
	return nil
}
