package cli

import (
	"embed"
	"fmt"
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

// completionScripts are written by TestCompletion: templates in the program would make it 2 % larger.
//
//go:embed completion
var completionScripts embed.FS

// Run prints the script.
func (c *completionCmd) Run(s *session) error {
	script, err := completionScripts.ReadFile("completion/" + c.Shell)
	if err == nil {
		_, err = s.Stdout.Write(script)
	}
	if err != nil {
		return fmt.Errorf("write the completion script: %w", err)
	}
	return nil
}
