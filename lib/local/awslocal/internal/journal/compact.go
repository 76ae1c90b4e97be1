package journal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
)

// minJournal is the smallest size of a journal that is replaced by a snapshot, in bytes. A journal that is larger than the snapshot before it makes up
// for the work.
const minJournal = 4 << 20

// compactIfLarge starts to replace the journal by a snapshot if it is large. The Store must be locked.
func (s *Store) compactIfLarge() {
	if s.journal.size <= s.limit || s.compacting || s.closed || s.err != nil || s.sources == nil {
		return
	}
	s.compacting = true
	s.tasks.Go(func() {
		size, err := s.compact()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.compacting = false
		s.limit = max(minJournal, size)
		if err != nil {
			s.fail(fmt.Errorf("write a snapshot: %w", err))
		}
	})
}

// compact begins a new journal, and writes a snapshot of what the services have now. What changes meanwhile is in the new journal, which is applied after
// the snapshot.
func (s *Store) compact() (size int64, err error) {
	number, err := s.rotate()
	if err != nil {
		return 0, err
	}
	path := s.path(stateDir, fileName(number, snapshotEnd))
	if size, err = s.writeSnapshot(path + temporary); err != nil {
		_ = os.Remove(path + temporary) // load removes it, too
		return 0, err
	}
	if err := publish(path); err != nil {
		return 0, err
	}
	for _, ending := range []string{snapshotEnd, journalEnd} {
		old, err := numbered(s.path(stateDir), ending)
		if err != nil {
			return 0, err
		}
		for _, n := range old {
			if n < number {
				_ = os.Remove(s.path(stateDir, fileName(n, ending))) // load ignores it
			}
		}
	}
	return size, nil
}

// rotate begins a new journal and returns its number.
func (s *Store) rotate() (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return 0, s.err
	}
	if err := s.closeFile(s.journal); err != nil { // before anything is written to the next one
		return 0, err
	}
	s.number++
	next, err := s.openFile(s.path(stateDir, fileName(s.number, journalEnd)))
	if err != nil {
		return 0, err
	}
	s.journal = next
	return s.number, nil
}

// writeSnapshot writes all entities to a file, and that to the disk.
func (s *Store) writeSnapshot(path string) (size int64, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	buffer := bufio.NewWriterSize(f, 1<<20)
	for _, source := range s.sources {
		source(func(e Entity) {
			record, encodeErr := encode([]Entity{e})
			err = errors.Join(err, encodeErr)
			if err == nil {
				_, err = buffer.Write(record)
			}
		})
	}
	if err = errors.Join(err, buffer.Flush(), f.Sync()); err == nil {
		size, err = f.Seek(0, io.SeekCurrent)
	}
	return size, errors.Join(err, f.Close())
}
