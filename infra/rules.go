package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"heroku-drains/lib/alert/alertfile"
	"heroku-drains/lib/stack"
)

// readRules returns the file with the alert rules for the archives of the functions that need it. It is made from the YAML file at the path that
// the setting alertRules names, relative to the module's root, where cdk.json is. Without the setting, it is made from alerts.yaml there. It
// returns none if that does not exist, or if the YAML file changes nothing: the default rules apply then. The error has a line for each mistake
// in the YAML file.
func readRules(moduleRoot, setting string) ([]packed, error) {
	name := setting
	if setting == "" {
		name = alertfile.Name
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(moduleRoot, path)
	}
	text, err := os.ReadFile(path)
	if setting == "" && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the alert rules; the setting alertRules names another file: %w", err)
	}
	config, err := alertfile.Read(name, text)
	if err != nil || len(config) == 0 {
		return nil, err
	}
	content, err := json.Marshal(config) // sorts by name, so that only another content gives another archive
	if err != nil {
		return nil, fmt.Errorf("cannot write %s as JSON: %w", name, err)
	}
	return []packed{{name: stack.RulesFile, mode: 0o644, content: content}}, nil
}
