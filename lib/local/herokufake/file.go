package herokufake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// saved is the content of Options.File.
type saved struct {
	IDs    int                `json:"ids"`    // in use
	Drains map[string][]Drain `json:"drains"` // by app
}

// load reads Options.File. The drains in it are those of the apps that are added later.
func (s *Server) load() error {
	if s.options.File == "" {
		return nil
	}
	text, err := os.ReadFile(s.options.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var before saved
	if err == nil {
		err = json.Unmarshal(text, &before)
	}
	if err != nil {
		return fmt.Errorf("read the log drains of the fake Heroku in %s: %w", s.options.File, err)
	}
	s.ids, s.kept = before.IDs, before.Drains
	return nil
}

// save writes Options.File. The caller must hold s.mu.
func (s *Server) save() error {
	if s.options.File == "" {
		return nil
	}
	now := saved{IDs: s.ids, Drains: map[string][]Drain{}}
	for name, drains := range s.kept {
		now.Drains[name] = drains
	}
	for name, a := range s.apps {
		now.Drains[name] = slices.Clone(a.drains)
	}
	text, err := json.Marshal(now)
	if err == nil {
		err = replace(s.options.File, text)
	}
	if err != nil {
		return fmt.Errorf("keep the log drains of the fake Heroku: %w", err)
	}
	return nil
}

// replace writes a file so that there is always the old or the new one. The URLs in it have passwords, so only its owner may read it.
func replace(path string, text []byte) error {
	next := path + ".tmp"
	file, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(next, path)
}
