// Package localtest is the harness of tests that need the whole system on this machine, or only its embedded AWS.
package localtest

import (
	"bytes"
	"os"
	"sync"
	"testing"

	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
)

// RecordVariable is the environment variable with a folder: each embedded AWS of a test then records its calls there. The program test/moto replays them.
const RecordVariable = "HEROKU_DRAINS_RECORD"

// Must ends the test if err is not nil.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Start starts a system and closes it at the end of the test.
func Start(t testing.TB, opts local.Options) *local.System {
	t.Helper()
	opts.Record = os.Getenv(RecordVariable)
	system, err := local.Start(t.Context(), opts)
	Must(t, err)
	closeAfter(t, system.Close)
	return system
}

// StartAWS starts an embedded AWS without the system's resources and closes it at the end of the test.
func StartAWS(t testing.TB, opts awslocal.Options) *awslocal.Server {
	t.Helper()
	opts.Record = os.Getenv(RecordVariable)
	server, err := awslocal.Start(opts)
	Must(t, err)
	closeAfter(t, server.Close)
	return server
}

func closeAfter(t testing.TB, closeIt func() error) {
	t.Cleanup(func() {
		if err := closeIt(); err != nil {
			t.Error(err)
		}
	})
}

// Buffer is a bytes.Buffer that is safe for concurrent use. The zero value is an empty buffer.
type Buffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

// Write appends p.
func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

// String returns what was written so far.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
