package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

const (
	segmentEnd = ".log"
	// segmentSize is the size from which on a segment gets no more records, in bytes: what a retention period ends for is removed by whole segments.
	segmentSize = 8 << 20
)

// Log is a sequence of records that never change, such as the events of a log stream. They are kept in numbered files, the segments, which are never
// written again. A nil Log keeps nothing. Its methods must not be called concurrently.
type Log struct {
	store    *Store
	dir      string
	segments []segment // oldest first
	last     *file     // the last segment, if it is open
}

type segment struct {
	number int
	newest int64
}

// Log returns the Log with a name, which is empty if it does not exist.
func (s *Store) Log(name string) *Log {
	if s == nil {
		return nil
	}
	return &Log{store: s, dir: s.path(logsDir, name)}
}

// Read calls apply with each record, oldest first. apply returns the newest time in it, and may keep the record.
func (l *Log) Read(apply func(payload []byte) (newest int64, err error)) error {
	if l == nil {
		return nil
	}
	numbers, err := numbered(l.dir, segmentEnd)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the data folder: %w", err)
	}
	for i, n := range numbers {
		end := mustBeWhole
		if i == len(numbers)-1 {
			end = mayBeTorn
		}
		part := segment{number: n}
		_, err := l.store.readFile(filepath.Join(l.dir, fileName(n, segmentEnd)), end, func(payload []byte) error {
			newest, err := apply(payload)
			part.newest = max(part.newest, newest)
			return err
		})
		if err != nil {
			return err
		}
		l.segments = append(l.segments, part)
	}
	return nil
}

// Append adds a record. newest is the newest time in it.
func (l *Log) Append(payload []byte, newest int64) {
	if l == nil {
		return
	}
	record := append(newRecord(), payload...)
	seal(record)
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if l.store.err != nil {
		return
	}
	if err := l.open(); err != nil {
		l.store.fail(err)
		return
	}
	l.store.write(l.last, record)
	part := &l.segments[len(l.segments)-1]
	part.newest = max(part.newest, newest)
}

// open opens the segment that gets the next record.
func (l *Log) open() error {
	if l.last == nil {
		if err := os.MkdirAll(l.dir, 0o700); err != nil {
			return err
		}
		if len(l.segments) == 0 {
			l.segments = []segment{{number: 1}}
		}
	} else if l.last.size < segmentSize {
		return nil
	} else {
		if err := l.store.closeFile(l.last); err != nil { // before anything is written to the next one
			return err
		}
		l.segments = append(l.segments, segment{number: l.segments[len(l.segments)-1].number + 1})
	}
	var err error
	l.last, err = l.store.openFile(filepath.Join(l.dir, fileName(l.segments[len(l.segments)-1].number, segmentEnd)))
	return err
}

// DropBefore removes the segments at the beginning that have only records before a time, and reports whether there were any. The last segment stays.
func (l *Log) DropBefore(time int64) (dropped bool) {
	if l == nil {
		return false
	}
	for len(l.segments) > 1 && l.segments[0].newest < time {
		_ = os.Remove(filepath.Join(l.dir, fileName(l.segments[0].number, segmentEnd))) // if it stays, nobody sees its records
		l.segments, dropped = l.segments[1:], true
	}
	return dropped
}

// Remove removes all records. The Log must not be used afterwards.
func (l *Log) Remove() {
	if l == nil {
		return
	}
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if l.last != nil {
		_ = l.store.closeFile(l.last) // its content does not matter any more
	}
	_ = os.RemoveAll(l.dir) // RemoveOtherLogs tries again
}

// RemoveOtherLogs removes the logs whose names are not wanted: a process has died before it could.
func (s *Store) RemoveOtherLogs(wanted func(name string) bool) error {
	if s == nil {
		return nil
	}
	entries, err := os.ReadDir(s.path(logsDir))
	if err != nil {
		return fmt.Errorf("read the data folder: %w", err)
	}
	for _, e := range entries {
		if !wanted(e.Name()) {
			if err := os.RemoveAll(s.path(logsDir, e.Name())); err != nil {
				return fmt.Errorf("remove a deleted log stream: %w", err)
			}
		}
	}
	return nil
}
