package cli

import (
	"embed"
	"fmt"
	"strings"
	"text/template"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"The shell: bash, zsh or fish."`
}

// Help is the verb's long help.
func (completionCmd) Help() string {
	return `Completes verbs, flags, their values, and the names of apps that have a drain.

Examples:

    source <(heroku-drains-cli completion bash)
    source <(heroku-drains-cli completion zsh)
    heroku-drains-cli completion fish | source

For every new shell, add the line to ~/.bashrc; to ~/.zshrc, after compinit; or to ~/.config/fish/config.fish.`
}

//go:embed completion/*.tmpl
var completionScripts embed.FS

// Run prints the script.
func (c *completionCmd) Run(s *session, line *kong.Context) error {
	scripts, err := template.New("").Funcs(template.FuncMap{
		"join":  func(words []string) string { return strings.Join(words, " ") },
		"quote": singleQuoted,
		"fish":  fishQuoted,
		"spec":  zshSpec,
	}).ParseFS(completionScripts, "completion/*.tmpl")
	if err != nil {
		return fmt.Errorf("read the completion scripts: %w", err)
	}
	if err := scripts.ExecuteTemplate(s.Stdout, c.Shell+".tmpl", newCompletion(line.Model.Node)); err != nil {
		return fmt.Errorf("write the completion script: %w", err)
	}
	return nil
}

// singleQuoted quotes text as one literal word for bash and zsh.
func singleQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// fishQuoted quotes text as one literal word for fish.
func fishQuoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}

// zshSpec escapes what _arguments and _describe would interpret in a text.
func zshSpec(text string) string {
	return strings.NewReplacer(":", `\:`, "[", `\[`, "]", `\]`).Replace(text)
}
