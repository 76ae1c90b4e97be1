package heroku

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/jdx/go-netrc"
)

// environment looks up environment variables.
type environment func(string) (string, bool)

// get returns the value of a variable, or "" if it is not set. It trims the spaces that `export KEY="$(cat file)"` and Windows' set leave.
func (env environment) get(name string) string {
	value, _ := env(name)
	return strings.TrimSpace(strings.TrimPrefix(value, byteOrderMark))
}

// byteOrderMark begins the files that some Windows programs write.
const byteOrderMark = "\ufeff"

// fileText returns the text of a file that may have a byte order mark. PowerShell's > writes UTF-16.
// https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_character_encoding
func fileText(content []byte) string {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(content, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(content, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return strings.TrimPrefix(string(content), byteOrderMark)
	}
	var units []uint16
	for pair := range slices.Chunk(content[2:len(content)&^1], 2) {
		units = append(units, order.Uint16(pair))
	}
	return string(utf16.Decode(units))
}

// key returns the API key for a host. A key in .netrc is only used for the host that it is listed for.
func (env environment) key(host string) (string, error) {
	if key := env.get("HEROKU_API_KEY"); key != "" {
		return key, nil
	}
	for _, path := range env.netrcPaths() {
		key, err := netrcPassword(path, host)
		if err != nil {
			return "", fmt.Errorf("look for a Heroku API key: %w; fix the file, or set HEROKU_API_KEY", err)
		}
		if key != "" {
			return key, nil
		}
	}
	return "", ErrNoKey
}

// netrcPaths returns the files that may contain the key: $NETRC if set, or else those in the home directory, which is HOME or, on Windows,
// USERPROFILE. On Windows, the Heroku CLI calls the file _netrc.
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

// netrcPassword returns a host's password in a .netrc file, or "" if the file has none or does not exist.
func netrcPassword(path, host string) (password string, err error) {
	text, err := os.ReadFile(path) // netrc.Parse leaves the file open, and ignores read errors
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err // an *fs.PathError, which names the file
	}
	defer func() {
		// go-netrc 1.0.0 panics if "machine" is the last word of the file.
		if recover() != nil {
			err = fmt.Errorf("%s is not a valid .netrc file", path)
		}
	}()
	file, err := netrc.ParseString(fileText(text))
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	machine := file.Machine(host)
	if machine == nil {
		return "", nil
	}
	return machine.Get("password"), nil
}
