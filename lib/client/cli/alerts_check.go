package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/alecthomas/kong"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/alert/alertfile"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/client/term"
)

type alertsCheckCmd struct {
	Path string `arg:"" optional:"" placeholder:"FILE" help:"The file with the rules, or - for stdin (default ${alerts_file})."`
	File string `short:"f" placeholder:"FILE" help:"The same, as alerts rules and alerts test take it."`
}

// Help is the sub-verb's long help.
func (alertsCheckCmd) Help() string {
	return `Finds the same mistakes as cdk deploy, without deploying: unknown names and values, with the line and the reason, one per line. Does not call
AWS. The exit code is 1 if there are any.

Examples:

    heroku-drains-cli alerts check
    heroku-drains-cli alerts check <alerts.yaml -
    heroku-drains-cli alerts check team/alerts.yaml --output json | jq -r '.data.problems[] | "\(.line): \(.reason)"'`
}

// problemView is a mistake in a file with rules.
type problemView struct {
	Line   int    `json:"line,omitempty"` // 0: the file as a whole
	Reason string `json:"reason"`
}

// Run checks the file.
func (c *alertsCheckCmd) Run(s *session) error {
	file, err := c.file()
	if err != nil {
		return err
	}
	var config alert.Config
	if file == stdinFile {
		file = "stdin"
		config, err = readStdin(s, file)
	} else {
		config, err = readRules(file)
	}
	mistakes, ok := errors.AsType[alertfile.Errors](err)
	if err != nil && !ok {
		return err
	}
	if s.flags.Output == "json" {
		problems := []problemView{}
		for _, m := range mistakes {
			problems = append(problems, problemView{Line: m.Line, Reason: m.Reason})
		}
		if err := s.PrintJSON(map[string]any{"data": map[string]any{"file": file, "valid": len(mistakes) == 0, "problems": problems}}); err != nil {
			return err
		}
	}
	if len(mistakes) > 0 {
		if s.flags.Output != "json" {
			clean := s.Cleaner()
			for _, m := range mistakes {
				if err := s.PrintLine(clean(m.Error())); err != nil {
					return err
				}
			}
		}
		return fmt.Errorf("%s has %s", file, plural.Count(len(mistakes), "mistake"))
	}
	if s.flags.Output == "json" {
		return nil
	}
	return c.print(s, file, config)
}

// refuse says what to do instead of giving an app.
func (c *alertsCheckCmd) refuse(s *session, flag *kong.Flag) error {
	if flag.Name != "app" {
		return nil
	}
	const text = "the whole file is checked, for all apps: leave out -a"
	file := cmp.Or(c.Path, c.File, alertfile.Name)
	if _, err := os.Stat(file); err != nil {
		return usagef(text)
	}
	return usagef(text+"; for the rules of an app: %s", s.command("alerts rules -a %s --file %s", s.flags.App[0], file))
}

// file returns the name of the file to check.
func (c *alertsCheckCmd) file() (string, error) {
	if c.Path != "" && c.File != "" && c.File != os.Getenv(variables+"_FILE") {
		return "", usagef("two files given, %s and %s: check one at a time", c.Path, c.File)
	}
	file := cmp.Or(c.Path, c.File)
	if file == "" {
		file = alertfile.Name
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return "", usagef("there is no %s in this folder, so there is nothing to check (the default rules apply): "+
				"go to the folder of cdk.json, or give the file's name", file)
		}
	}
	return file, nil
}

// stdinFile is the name of a file that stands for stdin.
const stdinFile = "-"

// readStdin is like readRules, for stdin.
func readStdin(s *session, name string) (alert.Config, error) {
	if term.IsTerminal(s.Stdin) {
		return nil, usagef("no rules given on stdin: pipe them in, or give the file's name")
	}
	text, err := io.ReadAll(s.Stdin)
	if err != nil {
		return nil, fmt.Errorf("read the alert rules: %w", err)
	}
	return alertfile.Read(name, text)
}

// print says what a valid file does.
func (alertsCheckCmd) print(s *session, file string, config alert.Config) error {
	set, err := alert.Compile(config)
	if err != nil {
		return fmt.Errorf("check %s: %w", file, err)
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
		{"File", file + ", valid"},
		{"Rules", fmt.Sprintf("%d in force, %d off", len(all)-off, off)},
		{"Defaults", fmt.Sprintf("%d changed", changed)},
		{"Own rules", fmt.Sprint(added)},
	})
}

// readRules reads a file with rules. A file that is wrong is an alertfile.Errors.
func readRules(file string) (alert.Config, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("%s does not exist: check the path, or leave it out to use %s, or the default rules", file, alertfile.Name)
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
