package awslocal_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// TestAFullDisk checks that a call fails whose effect cannot be written, that no later call succeeds, and that a new server has nothing of it.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := awslocal.Start(awslocal.Options{Data: dir})
	localtest.Must(t, err)
	q := newQueue(t, newBackend(s), "q")
	q.send(t, "acknowledged")
	before := keptBy(t, s)
	s.Inject(awslocal.Fault{Service: "disk", Operation: "write", Message: "no space left on device"})
	var entries []types.SendMessageBatchRequestEntry
	for _, id := range []string{"a", "b", "c"} {
		entries = append(entries, types.SendMessageBatchRequestEntry{Id: &id, MessageBody: aws.String("lost")})
	}
	once := func(o *sqs.Options) { o.RetryMaxAttempts = 1 }
	_, err = q.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: q.url, Entries: entries}, once)
	wantCode(t, err, "InternalFailure")
	if err == nil || !strings.Contains(err.Error(), "no space left on device") || !strings.Contains(err.Error(), "StatusCode: 500") {
		t.Errorf("the error does not say why: %v", err)
	}
	<-s.DiskFailed()
	// What is in memory counts no more: not even a read is answered.
	_, err = q.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: q.url, AttributeNames: []types.QueueAttributeName{"All"}}, once)
	wantCode(t, err, "InternalFailure")
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("Close does not say what failed: %v", err)
	}
	after := startOn(t, dir, awslocal.Options{})
	if diff := cmp.Diff(before, keptBy(t, after)); diff != "" {
		t.Errorf("after a restart (-before +after):\n%s", diff)
	}
	q.again(after).send(t, "goes on")
}

// TestACutJournal cuts off the journal at each byte of its last records: what is left is the state before one of them.
func TestACutJournal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := awslocal.Start(awslocal.Options{Data: dir})
	localtest.Must(t, err)
	q := newQueue(t, newBackend(s), "q")
	journal := filepath.Join(dir, "state", "000001.journal")
	var sizes []int64 // after each call
	var states []map[string]string
	for _, step := range []func(){
		func() { q.send(t, "one") },
		func() { q.receive(t) },
		func() { q.send(t, "two") },
	} {
		step()
		info, err := os.Stat(journal)
		localtest.Must(t, err)
		sizes, states = append(sizes, info.Size()), append(states, keptBy(t, s))
	}
	localtest.Must(t, s.Close())
	whole, err := os.ReadFile(journal)
	localtest.Must(t, err)
	for size := sizes[0]; size <= sizes[2]; size++ {
		localtest.Must(t, os.WriteFile(journal, whole[:size], 0o600))
		s, err := awslocal.Start(awslocal.Options{Data: dir})
		localtest.Must(t, err)
		kept := keptBy(t, s)
		localtest.Must(t, s.Close())
		calls := 0
		for sizes[calls] <= size && calls < len(sizes)-1 {
			calls++
		}
		if sizes[calls] > size {
			calls--
		}
		if diff := cmp.Diff(states[calls], kept); diff != "" {
			t.Fatalf("cut at byte %d of %d (-want +got):\n%s", size, sizes[2], diff)
		}
	}
}

// TestADamagedJournal changes each byte of the last records. The server must start with what precedes the damage, and keep a copy of the rest.
func TestADamagedJournal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := awslocal.Start(awslocal.Options{Data: dir})
	localtest.Must(t, err)
	q := newQueue(t, newBackend(s), "q")
	before := keptBy(t, s)
	journal := filepath.Join(dir, "state", "000001.journal")
	info, err := os.Stat(journal)
	localtest.Must(t, err)
	q.send(t, "damaged")
	localtest.Must(t, s.Close())
	whole, err := os.ReadFile(journal)
	localtest.Must(t, err)
	for at := int(info.Size()); at < len(whole); at += 7 {
		damaged := append([]byte{}, whole...)
		damaged[at] ^= 1
		localtest.Must(t, os.WriteFile(journal, damaged, 0o600))
		s, err := awslocal.Start(awslocal.Options{Data: dir})
		localtest.Must(t, err)
		kept := keptBy(t, s)
		localtest.Must(t, s.Close())
		if diff := cmp.Diff(before, kept); diff != "" {
			t.Fatalf("damaged at byte %d (-want +got):\n%s", at, diff)
		}
		cut, err := os.ReadFile(journal + ".cut")
		if err != nil || !cmp.Equal(cut, damaged[info.Size():]) {
			t.Fatalf("what was cut off is not kept: %d bytes, %v", len(cut), err)
		}
	}
}

func TestRefusedDataFolders(t *testing.T) {
	t.Parallel()
	used := t.TempDir()
	startOn(t, used, awslocal.Options{})
	for name, c := range map[string]struct {
		prepare func(dir string) error
		want    string
	}{
		"of a newer version": {
			func(dir string) error {
				return os.WriteFile(filepath.Join(dir, "FORMAT"), []byte("heroku-drains-local 2\n"), 0o600)
			},
			"was written by a newer version of this program (format 2; this one reads format 1): update this program, or use another folder",
		},
		"of another program": {
			func(dir string) error { return os.WriteFile(filepath.Join(dir, "FORMAT"), []byte("PNG\n"), 0o600) },
			`is not a data folder: its file FORMAT has "PNG\n"`,
		},
		"with other files": {
			func(dir string) error { return os.WriteFile(filepath.Join(dir, "thesis.doc"), nil, 0o600) },
			"is not a data folder, and not empty: it has thesis.doc; use an empty or a new folder",
		},
		"that is a file": {
			func(dir string) error { return errors.Join(os.Remove(dir), os.WriteFile(dir, nil, 0o600)) },
			"create the data folder: mkdir ",
		},
		"whose first journal is missing": {
			func(dir string) error {
				state := filepath.Join(dir, "state")
				return errors.Join(os.WriteFile(filepath.Join(dir, "FORMAT"), []byte("heroku-drains-local 1\n"), 0o600), os.Mkdir(state, 0o700),
					os.WriteFile(filepath.Join(state, "000002.journal"), nil, 0o600))
			},
			"000001.journal is missing",
		},
		"whose snapshot is damaged": {
			func(dir string) error {
				state := filepath.Join(dir, "state")
				return errors.Join(os.WriteFile(filepath.Join(dir, "FORMAT"), []byte("heroku-drains-local 1\n"), 0o600), os.Mkdir(state, 0o700),
					os.WriteFile(filepath.Join(state, "000002.snapshot"), []byte("garbage"), 0o600))
			},
			"000002.snapshot is damaged at byte 0: restore it from a backup, or use another folder",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "data")
			localtest.Must(t, os.Mkdir(dir, 0o700))
			localtest.Must(t, c.prepare(dir))
			_, err := awslocal.Start(awslocal.Options{Data: dir})
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), dir) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	_, err := awslocal.Start(awslocal.Options{Data: used})
	inUse, ok := errors.AsType[*awslocal.DataInUseError](err)
	if !ok || inUse.PID != os.Getpid() {
		t.Errorf("a folder in use: %v", err)
	}
}

// TestAnUnfinishedStart checks that a process which dies while it creates the folder does not spoil it.
func TestAnUnfinishedStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	localtest.Must(t, os.WriteFile(filepath.Join(dir, "lock"), []byte("1\n"), 0o600))
	localtest.Must(t, os.WriteFile(filepath.Join(dir, "FORMAT.tmp"), []byte("hero"), 0o600))
	newQueue(t, newBackend(startOn(t, dir, awslocal.Options{})), "q")
}
