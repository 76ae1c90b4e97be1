package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/alert/alertfile"
	"heroku-drains/lib/client/plural"
)

type alertsCheckCmd struct {
	File string `arg:"" optional:"" default:"${alerts_file}" placeholder:"FILE" help:"The file with the rules (default ${default})."`
}

// Help is the sub-verb's long help.
func (alertsCheckCmd) Help() string {
	return `Finds the same mistakes as cdk deploy, without deploying: unknown names and values, with the line and the reason, one per line. Does not call
AWS. The exit code is 1 if there are any.

Examples:

    heroku-drains-cli alerts check
    heroku-drains-cli alerts check team/alerts.yaml --output json | jq -r '.data.problems[] | "\(.line): \(.reason)"'`
}

// problemView is a mistake in a file with rules.
type problemView struct {
	Line   int    `json:"line,omitempty"` // 0: the file as a whole
	Reason string `json:"reason"`
}

// Run checks the file.
func (c *alertsCheckCmd) Run(s *session) error {
	config, err := readRules(c.File)
	mistakes, ok := errors.AsType[alertfile.Errors](err)
	if err != nil && !ok {
		return err
	}
	if s.flags.Output == "json" {
		problems := []problemView{}
		for _, m := range mistakes {
			problems = append(problems, problemView{Line: m.Line, Reason: m.Reason})
		}
		if err := s.PrintJSON(map[string]any{"data": map[string]any{"file": c.File, "valid": len(mistakes) == 0, "problems": problems}}); err != nil {
			return err
		}
	}
	if len(mistakes) > 0 {
		if s.flags.Output != "json" {
			if err := s.PrintLine(s.Cleaner()(mistakes.Error())); err != nil {
				return err
			}
		}
		return fmt.Errorf("%s has %s", c.File, plural.Count(len(mistakes), "mistake"))
	}
	if s.flags.Output == "json" {
		return nil
	}
	return c.print(s, config)
}

// print says what a valid file does.
func (c *alertsCheckCmd) print(s *session, config alert.Config) error {
	set, err := alert.Compile(config)
	if err != nil {
		return fmt.Errorf("check %s: %w", c.File, err)
	}
	changed, added, off := 0, 0, 0
	all := set.All()
	for _, r := range all {
		switch {
		case r.Origin == alert.Changed:
			changed++
		case r.Origin == alert.Own:
			added++
		}
		if r.Off {
			off++
		}
	}
	return s.PrintRows([][2]string{
		{"File", c.File + ", valid"},
		{"Rules", fmt.Sprintf("%d in force, %d off", len(all)-off, off)},
		{"Defaults", fmt.Sprintf("%d changed", changed)},
		{"Own rules", fmt.Sprint(added)},
	})
}

// readRules reads a file with rules. A file that is wrong is an alertfile.Errors.
func readRules(file string) (alert.Config, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("%s does not exist; without a file, the default rules apply", file)
	}
	if err != nil {
		return nil, usagef("read the alert rules: %v", err)
	}
	return alertfile.Read(file, text)
}

// ruleConfig returns what a file with rules says. Without one, it is alerts.yaml in this folder, if it exists. It also says which rules these are.
func ruleConfig(file string) (config alert.Config, from string, err error) {
	if file == "" {
		if _, err := os.Stat(alertfile.Name); errors.Is(err, fs.ErrNotExist) {
			return nil, "the default rules", nil
		}
		file = alertfile.Name
	}
	config, err = readRules(file)
	if mistakes, ok := errors.AsType[alertfile.Errors](err); ok {
		return nil, "", usagef("%v", mistakes)
	}
	return config, "the rules of " + file, err
}

// ruleSet is like ruleConfig, and compiles the rules.
func ruleSet(file string) (set *alert.Set, from string, err error) {
	config, from, err := ruleConfig(file)
	if err != nil {
		return nil, "", err
	}
	set, err = alert.Compile(config)
	return set, from, err
}
