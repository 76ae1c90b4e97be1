// Package rulesfile reads the alert rules that are deployed with a function.
package rulesfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/stack"
)

// Load returns the rules of the file stack.RulesFile in a function's folder, which is $LAMBDA_TASK_ROOT in Lambda. Without the file, it returns the
// default rules. With a file that it cannot read or that is wrong, it returns the default rules and an error: lines are stored, and Heroku's
// errors are told, whatever the file says. The stack's deployment has checked it, so that only happens to a function that was changed by hand.
func Load(folder string) (*alert.Set, error) {
	file := filepath.Join(folder, stack.RulesFile)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return alert.Defaults(), nil
	}
	if err != nil {
		return alert.Defaults(), fmt.Errorf("read the alert rules: %w", err)
	}
	c, err := alert.ReadConfig(text)
	if err != nil {
		return alert.Defaults(), fmt.Errorf("%s: %w", file, err)
	}
	set, err := alert.Compile(c)
	if err != nil {
		return alert.Defaults(), fmt.Errorf("%s: %w", file, err)
	}
	return set, nil
}
