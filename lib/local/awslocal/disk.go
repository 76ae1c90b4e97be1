package awslocal

import (
	"errors"
	"net/http"
	"time"

	"heroku-drains/lib/local/awslocal/internal/journal"
)

// DataInUseError is the error of Start if another process uses Options.Data.
type DataInUseError = journal.InUseError

// openDisk opens the folder of Options.Data, if there is one, and sets the clock, which must not go back.
func (s *Server) openDisk() (err error) {
	if s.opts.Data == "" {
		return nil
	}
	s.disk, err = journal.Open(s.opts.Data, journal.Options{Log: s.opts.Logger, Fault: s.diskFault})
	if err != nil {
		return err
	}
	return journal.Each(s.disk, keyClock, func(_ string, r *keptClock) error {
		s.clock.Advance(r.Offset)
		return nil
	})
}

// disk is the Service of faults of the disk.
const disk = "disk"

// diskFault returns the error of an injected fault.
func (s *Server) diskFault(operation string) error {
	fault := s.faults.match(onCall, target{service: disk, operation: operation})
	if fault == nil {
		return nil
	}
	return errors.New(fault.Message)
}

// DiskFailed returns a channel that is closed when Options.Data could not be written: DiskError then says why. All calls fail from then on, because what
// is in memory may not be on disk. A new Server can go on with what is there.
func (s *Server) DiskFailed() <-chan struct{} { return s.disk.Failed() }

// DiskError returns why Options.Data could not be written, or nil.
func (s *Server) DiskError() error { return s.disk.Err() }

const keyClock = "clock"

// keptClock is the clock as it is kept on disk.
type keptClock struct{ Offset time.Duration }

// Key implements journal.Entity.
func (keptClock) Key() string { return keyClock }

// Record implements journal.Entity.
func (k keptClock) Record() any { return k }

func (s *Server) clockEntities(save func(journal.Entity)) { save(keptClock{Offset: s.clock.Offset()}) }

// guarded is a ResponseWriter that sends an error instead if what the response says may not be on disk.
type guarded struct {
	http.ResponseWriter
	disk    *journal.Store
	fail    func(http.ResponseWriter, error)
	begun   bool
	refused bool
}

// WriteHeader implements http.ResponseWriter. Services call it once, when a call is done.
func (g *guarded) WriteHeader(status int) {
	g.begun = true
	err := g.disk.Err()
	if err == nil {
		g.ResponseWriter.WriteHeader(status)
		return
	}
	g.refused = true
	g.fail(g.ResponseWriter, err)
}

// Unwrap is for http.ResponseController.
func (g *guarded) Unwrap() http.ResponseWriter { return g.ResponseWriter }

// Write implements http.ResponseWriter.
func (g *guarded) Write(p []byte) (int, error) {
	if !g.begun {
		g.WriteHeader(http.StatusOK)
	}
	if g.refused {
		return len(p), nil
	}
	return g.ResponseWriter.Write(p)
}
