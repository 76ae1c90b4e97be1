// Package journal keeps the state of the embedded AWS in a folder, so that it outlives the process. docs/local-data.md describes the format.
//
// The state consists of entities, such as a queue or a message, each under a key. A service saves an entity whenever it changes, before it answers the
// call that changed it. The last record of a key counts, so writing a record twice does no harm, and the journal can be replaced by a snapshot that
// is taken while the services run. The events of log streams are too many for that: each stream has a Log.
//
// What was saved survives the death of the process at any moment, because it has been handed to the operating system. It is written to the disk
// within syncDelay, so a power cut may lose the last second.
//
// A Store fails once and for all: after an error nothing is written any more, and nothing may be answered, because what the services have in memory may
// not be on disk. What is on disk is whole.
package journal

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options configures a Store.
type Options struct {
	// Fault makes an operation fail that would not fail by itself: "write" or "sync". nil: none does.
	Fault func(operation string) error
	Log   *slog.Logger
}

// Entity is something that is kept under a key.
type Entity interface {
	Key() string
	// Record returns the state, which encoding/json can write and read back, or nil if the entity no longer exists.
	Record() any
}

// Gone is the key of an entity that no longer exists.
type Gone string

// Key implements Entity.
func (g Gone) Key() string { return string(g) }

// Record implements Entity.
func (Gone) Record() any { return nil }

// Source calls save for each entity that a service has. The service must not change meanwhile.
type Source func(save func(Entity))

// Store is an open folder. A nil Store keeps nothing. It is safe for concurrent use.
type Store struct {
	dir    string
	opts   Options
	unlock func() error

	loaded  map[string][]byte // the entities in the folder when it was opened; nil after Start
	sources []Source
	tasks   sync.WaitGroup
	failed  chan struct{} // closed by the first error

	mu         sync.Mutex
	err        error // the first error; nothing is written after it
	number     int   // of the journal
	journal    *file
	files      map[*file]bool // all open files
	limit      int64          // the size at which the journal is replaced by a snapshot
	compacting bool
	dirty      []*file // written since the last sync
	syncing    *time.Timer
	closed     bool
}

// Open opens a folder, which it creates if necessary, and reads what it holds. Only one Store at a time can have it open, also in other processes.
func Open(dir string, opts Options) (*Store, error) {
	unlock, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, opts: opts, unlock: unlock, failed: make(chan struct{}), limit: minJournal, files: make(map[*file]bool)}
	if err := s.load(); err != nil {
		_ = unlock() // the first error says what is wrong
		return nil, err
	}
	return s, nil
}

// Start begins to replace the journal by snapshots of the sources. All services must have read their entities.
func (s *Store) Start(sources ...Source) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sources, s.loaded = sources, nil
	s.compactIfLarge()
}

// Save writes the state of entities. Either all of it survives or nothing. The caller must hold the lock with which it has changed them.
func (s *Store) Save(entities ...Entity) {
	if s == nil || len(entities) == 0 {
		return
	}
	record, err := encode(entities)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if err != nil {
		s.fail(err)
		return
	}
	s.write(s.journal, record)
	s.compactIfLarge()
}

// Err returns the error with which the Store has failed, or nil. Nothing may be acknowledged to a client after an error.
func (s *Store) Err() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Failed returns a channel that is closed when the Store fails. It is nil, which blocks, for a nil Store.
func (s *Store) Failed() <-chan struct{} {
	if s == nil {
		return nil
	}
	return s.failed
}

// fail notes the first error. The Store must be locked.
func (s *Store) fail(err error) {
	if s.err == nil {
		s.err = fmt.Errorf("cannot write to the data folder %s: %w", s.dir, err)
		close(s.failed)
	}
}

// Close writes everything to the disk and lets others open the folder.
func (s *Store) Close() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.tasks.Wait()
	s.sync()
	s.mu.Lock()
	defer s.mu.Unlock()
	for f := range s.files {
		if err := s.closeFile(f); err != nil {
			s.fail(err)
		}
	}
	if err := s.unlock(); err != nil {
		s.fail(err)
	}
	return s.err
}

// path returns the path of a file in the folder.
func (s *Store) path(elements ...string) string {
	return filepath.Join(append([]string{s.dir}, elements...)...)
}

// syncFolder writes to the disk which files a folder has. Windows has no such call, and does it by itself.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	_ = f.Sync() // fails where folders cannot be synced
	return nil
}
