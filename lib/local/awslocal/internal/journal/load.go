package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// The endings of the files with the state. The files are numbered; a snapshot has everything that the journals with smaller numbers have.
const (
	journalEnd  = ".journal"
	snapshotEnd = ".snapshot"
)

// numbered returns the numbers of the files in a folder whose names have this ending, in order.
func numbered(dir, ending string) ([]int, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var numbers []int
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ending); ok {
			if n, err := strconv.Atoi(name); err == nil {
				numbers = append(numbers, n)
			}
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

func fileName(number int, ending string) string { return fmt.Sprintf("%06d%s", number, ending) }

// load reads the latest snapshot and the journals that follow it, and opens the last journal.
func (s *Store) load() error {
	dir := s.path(stateDir)
	snapshots, err := numbered(dir, snapshotEnd)
	if err != nil {
		return fmt.Errorf("read the data folder: %w", err)
	}
	journals, err := numbered(dir, journalEnd)
	if err != nil {
		return fmt.Errorf("read the data folder: %w", err)
	}
	s.loaded = make(map[string][]byte)
	s.number = 1
	if len(snapshots) > 0 {
		s.number = snapshots[len(snapshots)-1]
		path := filepath.Join(dir, fileName(s.number, snapshotEnd))
		size, err := s.readFile(path, mustBeWhole, s.apply)
		if err != nil {
			return err
		}
		s.limit = max(s.limit, size)
	}
	journals = slices.DeleteFunc(journals, func(n int) bool { return n < s.number })
	for i, n := range journals {
		if n != s.number+i {
			return fmt.Errorf("the data folder is incomplete: %s is missing", filepath.Join(dir, fileName(s.number+i, journalEnd)))
		}
	}
	for i, n := range journals {
		ending := mustBeWhole
		if i == len(journals)-1 {
			ending = mayBeTorn
		}
		if _, err := s.readFile(filepath.Join(dir, fileName(n, journalEnd)), ending, s.apply); err != nil {
			return err
		}
		s.number = n
	}
	s.removeOld(snapshots, journals)
	s.journal, err = s.openFile(filepath.Join(dir, fileName(s.number, journalEnd)))
	if err != nil {
		return fmt.Errorf("open the journal: %w", err)
	}
	return nil
}

// removeOld removes what a process has left that died between writing a snapshot and removing what it replaces.
func (s *Store) removeOld(snapshots, journals []int) {
	first := s.number
	if len(journals) > 0 {
		first = journals[0]
	}
	for _, n := range snapshots[:max(0, len(snapshots)-1)] {
		_ = os.Remove(s.path(stateDir, fileName(n, snapshotEnd))) // the next start tries again
	}
	all, _ := numbered(s.path(stateDir), journalEnd)
	for _, n := range all {
		if n < first {
			_ = os.Remove(s.path(stateDir, fileName(n, journalEnd)))
		}
	}
	unfinished, _ := filepath.Glob(s.path(stateDir, "*"+temporary))
	for _, path := range unfinished {
		_ = os.Remove(path)
	}
}

// apply notes the entities of a payload.
func (s *Store) apply(payload []byte) error {
	return decode(payload, func(key string, state []byte) {
		if state == nil {
			delete(s.loaded, key)
		} else {
			s.loaded[key] = state
		}
	})
}

// tail says what the end of a file may look like.
type tail int

const (
	mustBeWhole tail = iota // it was written to the disk before anything that follows it
	mayBeTorn               // it was being written when the process or the machine stopped
)

// cutEnd is the end of the name of the file that keeps what was cut off from another.
const cutEnd = ".cut"

// readFile calls apply with the payloads of a file, and returns its size. If the end is torn, it is cut off.
func (s *Store) readFile(path string, end tail, apply func(payload []byte) error) (int64, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("read the data folder: %w", err)
	}
	whole, err := readRecords(data, apply)
	if err != nil {
		return 0, fmt.Errorf("read %s: at byte %d: %w", path, whole, err)
	}
	if whole == len(data) {
		return int64(whole), nil
	}
	if end == mustBeWhole {
		return 0, fmt.Errorf("%s is damaged at byte %d: restore it from a backup, or use another folder", path, whole)
	}
	// What was acknowledged is whole after a crash of this process. It need not be after a power cut, so nothing is thrown away.
	if err := errors.Join(os.WriteFile(path+cutEnd, data[whole:], 0o600), os.Truncate(path, int64(whole))); err != nil {
		return 0, fmt.Errorf("cut off the end of %s, which is not a whole record: %w", path, err)
	}
	s.opts.Log.Warn("the end of a file was not a whole record, and was cut off", "file", path, "bytes", len(data)-whole, "kept", path+cutEnd)
	return int64(whole), nil
}

// Each calls apply for the entities whose keys have a prefix, in the order of their keys, with the rest of the key. It must be called before Start.
func Each[Record any](s *Store, prefix string, apply func(id string, r *Record) error) error {
	if s == nil {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(s.loaded)) {
		id, ok := strings.CutPrefix(key, prefix)
		if !ok {
			continue
		}
		r := new(Record)
		if err := json.Unmarshal(s.loaded[key], r); err != nil {
			return fmt.Errorf("read %s in the data folder: %w", key, err)
		}
		if err := apply(id, r); err != nil {
			return fmt.Errorf("restore %s from the data folder: %w", key, err)
		}
	}
	return nil
}
