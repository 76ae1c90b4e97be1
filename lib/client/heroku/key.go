package heroku

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/jdx/go-netrc"
)

// environment finds variables.
type environment func(string) (string, bool)

// get is a variable without the space around it, which `export KEY="$(cat file)"` and Windows' set leave there; empty: not set.
func (env environment) get(name string) string {
	value, _ := env(name)
	return strings.TrimSpace(value)
}

// key finds the API key for a host. That of .netrc goes to the host that stands beside it and to no other.
func (env environment) key(host string) (string, error) {
	if key := env.get("HEROKU_API_KEY"); key != "" {
		return key, nil
	}
	for _, path := range env.netrcPaths() {
		key, err := netrcPassword(path, host)
		if err != nil {
			return "", fmt.Errorf("look for a Heroku API key: %w; HEROKU_API_KEY does without the file", err)
		}
		if key != "" {
			return key, nil
		}
	}
	return "", ErrNoKey
}

// netrcPaths are the files that may hold the key: $NETRC alone, or those of the home directory, which is HOME or, on Windows, USERPROFILE.
// The Heroku CLI writes _netrc on Windows; nobody else has a file of that name.
func (env environment) netrcPaths() []string {
	if path := env.get("NETRC"); path != "" {
		return []string{path}
	}
	for _, variable := range []string{"HOME", "USERPROFILE"} {
		if home := env.get(variable); home != "" {
			return []string{filepath.Join(home, ".netrc"), filepath.Join(home, "_netrc")}
		}
	}
	return nil
}

// netrcPassword is a host's password in a .netrc file; empty: it has none, or there is no file.
func netrcPassword(path, host string) (password string, err error) {
	text, err := os.ReadFile(path) // netrc.Parse leaves the file open, and does not tell when it cannot be read
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err // *fs.PathError: it says what was done to which file
	}
	defer func() {
		// go-netrc 1.0.0 indexes past the end of a file whose last word is "machine".
		if recover() != nil {
			err = fmt.Errorf("%s is no .netrc file", path)
		}
	}()
	file, err := netrc.ParseString(string(text))
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	machine := file.Machine(host)
	if machine == nil {
		return "", nil
	}
	return machine.Get("password"), nil
}
