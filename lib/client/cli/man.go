package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"
)

// manCmd is for those who make packages: it is hidden.
type manCmd struct {
	Dir string `arg:"" placeholder:"DIR" help:"The folder, which is created if it does not exist."`
}

// Help is the verb's long help.
func (manCmd) Help() string {
	return `Writes a man page for the program, and one for each verb.

Examples:

    heroku-drains-cli man share/man/man1`
}

// Run writes the pages.
func (c *manCmd) Run(line *kong.Context) error {
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return fmt.Errorf("write the man pages: %w", err)
	}
	for name, page := range manPages(line.Model.Node) {
		if err := os.WriteFile(filepath.Join(c.Dir, name+".1"), []byte(page), 0o644); err != nil {
			return fmt.Errorf("write the man pages: %w", err)
		}
	}
	return nil
}

// manPages returns the texts of all man pages by name, such as heroku-drains-cli-put.
func manPages(root *kong.Node) map[string]string {
	pages := map[string]string{}
	var add func(node *kong.Node)
	add = func(node *kong.Node) {
		pages[manName(node)] = manPage(node)
		for _, verb := range shownVerbs(node) {
			add(verb)
		}
	}
	add(root)
	return pages
}

func shownVerbs(node *kong.Node) []*kong.Node {
	var shown []*kong.Node
	for _, verb := range node.Children {
		if !verb.Hidden {
			shown = append(shown, verb)
		}
	}
	return shown
}

// manName returns the name of the page of a verb, or of the program.
func manName(node *kong.Node) string {
	if node.Parent == nil {
		return program
	}
	return program + "-" + strings.ReplaceAll(node.Path(), " ", "-")
}

// manPage returns the man page of a verb, or of the program. It has no date, so that a build can be repeated.
func manPage(node *kong.Node) string {
	var m roff
	m.title(manName(node), program)
	m.section("NAME")
	if node.Parent == nil {
		m.text(program + " - send the logs of Heroku apps to CloudWatch Logs")
	} else {
		m.text(manName(node) + " - " + strings.TrimSuffix(node.Help, "."))
	}
	m.section("SYNOPSIS")
	if node.Parent == nil {
		m.bold(program + " VERB [APP] [flags]")
		m.section("DESCRIPTION")
		m.paragraphs(description)
	} else {
		m.bold(program + " " + usageOf(node))
		m.section("DESCRIPTION")
		m.paragraphs(node.Help)
		m.paragraphs(node.Detail)
	}
	if verbs := shownVerbs(node); len(verbs) > 0 {
		m.section("VERBS")
		for _, verb := range verbs {
			m.item(verb.Name, verb.Help)
		}
	}
	if own := ownFlags(node); len(own) > 0 {
		m.section("FLAGS")
		m.flags(own)
	}
	if node.Parent == nil || len(node.Children) == 0 {
		m.section("COMMON FLAGS")
		if node.Parent == nil {
			m.flags(node.Flags)
		} else {
			m.flags(commonFlags(node))
		}
		m.section("ENVIRONMENT")
		m.paragraphs(variablesText)
	}
	m.section("SEE ALSO")
	m.text(strings.Join(relatedPages(node), ", "))
	return m.String()
}

// relatedPages returns the pages that a page refers to: those of the verbs, or that of what the verb belongs to.
func relatedPages(node *kong.Node) []string {
	var pages []string
	if node.Parent != nil {
		pages = append(pages, manName(node.Parent)+"(1)")
	}
	for _, verb := range shownVerbs(node) {
		pages = append(pages, manName(verb)+"(1)")
	}
	return pages
}
