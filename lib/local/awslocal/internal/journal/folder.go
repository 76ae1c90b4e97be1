package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Version is the version of the format that this package reads and writes.
const Version = 1

// The files of a folder. See docs/local-data.md.
const (
	formatFile = "FORMAT"
	lockFile   = "lock"
	stateDir   = "state"
	logsDir    = "logs"

	formatName = "heroku-drains-local"
)

// errLocked says that another process has the folder open.
var errLocked = errors.New("locked")

// InUseError says that another process has the folder open.
type InUseError struct {
	Dir string
	PID int // of that process; 0 if unknown
}

// Error says which process it is, and what to do.
func (e *InUseError) Error() string {
	process := "another process"
	if e.PID > 0 {
		process = fmt.Sprintf("process %d", e.PID)
	}
	return fmt.Sprintf("%s is in use by %s: stop it first, or use another folder", e.Dir, process)
}

// openFolder creates a folder if necessary, locks it until unlock is called or this process ends, and checks that it is one of this package.
func openFolder(dir string) (unlock func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil { // the signing key is in it
		return nil, fmt.Errorf("create the data folder: %w", err)
	}
	isNew, err := checkFormat(dir)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, lockFile)
	unlock, err = lock(path)
	if errors.Is(err, errLocked) {
		text, _ := os.ReadFile(path)                            // Windows refuses this
		pid, _ := strconv.Atoi(strings.TrimSpace(string(text))) // 0 if it is not there
		return nil, &InUseError{Dir: dir, PID: pid}
	}
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if isNew {
		err = writeFile(filepath.Join(dir, formatFile), fmt.Appendf(nil, "%s %d\n", formatName, Version))
	}
	for _, sub := range []string{stateDir, logsDir} {
		if err == nil {
			err = os.MkdirAll(filepath.Join(dir, sub), 0o700)
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("set up the data folder: %w", err), unlock())
	}
	return unlock, nil
}

// checkFormat reports whether a folder is new. It returns an error if the folder has something else, or data of a version that this package does not read.
func checkFormat(dir string) (isNew bool, err error) {
	text, err := os.ReadFile(filepath.Join(dir, formatFile))
	if errors.Is(err, os.ErrNotExist) {
		return true, checkEmpty(dir)
	}
	if err != nil {
		return false, fmt.Errorf("read the data folder: %w", err)
	}
	name, number, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	version, err := strconv.Atoi(number)
	switch {
	case name != formatName || err != nil:
		return false, fmt.Errorf("%s is not a data folder: its file %s has %q; use another folder", dir, formatFile, text)
	case version > Version:
		return false, fmt.Errorf("%s was written by a newer version of this program (format %d; this one reads format %d): update this program, or use another folder",
			dir, version, Version)
	case version < 1:
		return false, fmt.Errorf("%s has format %d, which never existed; use another folder", dir, version)
	}
	return false, nil
}

// checkEmpty rejects a folder with files of somebody else. A process that died while it created the folder may have left those of this package.
func checkEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("read the data folder: %w", err)
	}
	for _, e := range entries {
		if name := e.Name(); name != lockFile && name != formatFile+temporary {
			return fmt.Errorf("%s is not a data folder, and not empty: it has %s; use an empty or a new folder", dir, name)
		}
	}
	return nil
}

// temporary is the end of the names of files that are not complete.
const temporary = ".tmp"

// writeFile writes a file to the disk, whole or not at all.
func writeFile(path string, content []byte) error {
	f, err := os.OpenFile(path+temporary, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return publish(path)
}

// publish gives a temporary file its name.
func publish(path string) error {
	if err := os.Rename(path+temporary, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}
