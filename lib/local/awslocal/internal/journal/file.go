package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// syncDelay is how long what was written may stay in the operating system's memory. The process can die without losing it; the machine cannot.
const syncDelay = time.Second

// file is a file to which records are appended. The Store's lock guards it.
type file struct {
	*os.File
	size  int64
	dirty bool
}

// openFile opens a file for appending, and creates it if necessary. The Store must be locked, unless it is not in use yet.
func (s *Store) openFile(path string) (*file, error) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	opened := &file{File: f, size: info.Size()}
	s.files[opened] = true
	return opened, nil
}

// closeFile writes a file to the disk and closes it. The Store must be locked.
func (s *Store) closeFile(f *file) error {
	delete(s.files, f)
	return errors.Join(f.Sync(), f.Close())
}

// write appends a record to a file. The Store must be locked.
func (s *Store) write(f *file, record []byte) {
	if s.err != nil {
		return
	}
	if err := s.fault("write"); err != nil {
		_, _ = f.Write(record[:len(record)/2]) // as a full disk would
		s.fail(fmt.Errorf("write %s: %w", f.Name(), err))
		return
	}
	n, err := f.Write(record)
	f.size += int64(n)
	if err != nil {
		s.fail(err)
		return
	}
	if f.dirty {
		return
	}
	f.dirty = true
	s.dirty = append(s.dirty, f)
	if s.syncing == nil {
		s.syncing = time.AfterFunc(syncDelay, s.sync)
	}
}

// sync writes to the disk what was written before. The events of log streams come first, because the messages that they were in are deleted after
// they were written.
func (s *Store) sync() {
	s.mu.Lock()
	dirty, journal := s.dirty, s.journal
	if s.syncing != nil {
		s.syncing.Stop() // if this is not its call
	}
	s.dirty, s.syncing = nil, nil
	for _, f := range dirty {
		f.dirty = false
	}
	s.mu.Unlock()
	var failed []error
	folders := make(map[string]bool)
	one := func(f *file) {
		err := s.fault("sync")
		if err == nil {
			err = f.Sync()
		}
		if err != nil && !errors.Is(err, os.ErrClosed) { // whoever closed it has synced it
			failed = append(failed, err)
		}
		folders[filepath.Dir(f.Name())] = true
	}
	state := false
	for _, f := range dirty {
		if f == journal {
			state = true
			continue
		}
		one(f)
	}
	if state {
		one(journal)
	}
	for folder := range folders {
		_ = syncFolder(folder) // a folder that is gone needs no sync
	}
	if err := errors.Join(failed...); err != nil {
		s.mu.Lock()
		s.fail(err)
		s.mu.Unlock()
	}
}

func (s *Store) fault(operation string) error {
	if s.opts.Fault == nil {
		return nil
	}
	return s.opts.Fault(operation)
}
