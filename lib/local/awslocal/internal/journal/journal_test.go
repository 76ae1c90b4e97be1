package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal/internal/journal"
)

// The services' tests cover what they save and restore. The tests here are about files that no service writes.

// thing is an entity.
type thing struct {
	id   string
	Size int
}

func (t thing) Key() string { return "thing/" + t.id }
func (t thing) Record() any { return t }

func open(dir string) (*journal.Store, error) {
	return journal.Open(dir, journal.Options{Log: slog.New(slog.DiscardHandler)})
}

// things returns the things in an open Store.
func things(s *journal.Store) (map[string]int, error) {
	all := make(map[string]int)
	err := journal.Each(s, "thing/", func(id string, r *thing) error {
		all[id] = r.Size
		return nil
	})
	return all, err
}

// state returns the path of a file with the state.
func state(dir, name string) string { return filepath.Join(dir, "state", name) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// written returns the folder of a Store that was closed, with a thing for each size.
func written(t testing.TB, sizes ...int) string {
	t.Helper()
	dir := t.TempDir()
	s, err := open(dir)
	must(t, err)
	for i, size := range sizes {
		s.Save(thing{id: fmt.Sprint(i), Size: size})
	}
	must(t, s.Close())
	return dir
}

func TestTheLastChangeOfAKeyCounts(t *testing.T) {
	dir := t.TempDir()
	s, err := open(dir)
	must(t, err)
	s.Save(thing{id: "a", Size: 1}, thing{id: "b", Size: 1})
	s.Save(thing{id: "a", Size: 2}, journal.Gone("thing/b"), thing{id: "c", Size: 1})
	must(t, s.Close())
	s, err = open(dir)
	must(t, err)
	got, err := things(s)
	must(t, err)
	if diff := cmp.Diff(map[string]int{"a": 2, "c": 1}, got); diff != "" {
		t.Error(diff)
	}
	must(t, s.Close())
}

// TestAKillDuringASnapshot leaves what a process has left that was killed at each step of replacing a journal by a snapshot.
func TestAKillDuringASnapshot(t *testing.T) {
	old, next := written(t, 1, 2), written(t, 3)
	first, err := os.ReadFile(state(old, "000001.journal"))
	must(t, err)
	second, err := os.ReadFile(state(next, "000001.journal"))
	must(t, err)
	both := map[string]int{"0": 3, "1": 2}
	for name, c := range map[string]struct {
		files map[string][]byte
		want  map[string]int
	}{
		"before the new journal":        {map[string][]byte{"000001.journal": first}, map[string]int{"0": 1, "1": 2}},
		"after the new journal":         {map[string][]byte{"000001.journal": first, "000002.journal": second}, both},
		"while the snapshot is written": {map[string][]byte{"000001.journal": first, "000002.journal": second, "000002.snapshot.tmp": first[:9]}, both},
		"after the snapshot":            {map[string][]byte{"000001.journal": {1}, "000002.journal": second, "000002.snapshot": first}, both},
		"after removing the journal":    {map[string][]byte{"000002.journal": second, "000002.snapshot": first}, both},
		"before anything was written":   {map[string][]byte{"000002.snapshot": first}, map[string]int{"0": 1, "1": 2}},
		"before the previous snapshot was removed": {
			map[string][]byte{"000001.snapshot": {1}, "000002.snapshot": first, "000002.journal": second}, both,
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := written(t)
			must(t, os.Remove(state(dir, "000001.journal")))
			for name, content := range c.files {
				must(t, os.WriteFile(state(dir, name), content, 0o600))
			}
			for range 2 { // the first start tidies up
				s, err := open(dir)
				must(t, err)
				got, err := things(s)
				must(t, err)
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Error(diff)
				}
				must(t, s.Close())
			}
			if left, err := filepath.Glob(state(dir, "*.tmp")); err != nil || len(left) > 0 {
				t.Errorf("left %q, %v", left, err)
			}
		})
	}
}

// TestSegments writes more than a segment, and reads it back.
func TestSegments(t *testing.T) {
	dir := t.TempDir()
	s, err := open(dir)
	must(t, err)
	l := s.Log("a")
	const records, size = 40, 1 << 20
	for i := range int64(records) {
		l.Append(bytes.Repeat([]byte{byte(i)}, size), i)
	}
	must(t, s.Close())
	files, err := filepath.Glob(filepath.Join(dir, "logs", "a", "*.log"))
	must(t, err)
	if len(files) != 5 {
		t.Errorf("segments %q", files)
	}
	s, err = open(dir)
	must(t, err)
	l = s.Log("a")
	var got []byte
	must(t, l.Read(func(payload []byte) (int64, error) {
		if len(payload) != size {
			t.Errorf("a record of %d bytes", len(payload))
		}
		got = append(got, payload[0])
		return int64(payload[0]), nil
	}))
	if len(got) != records || got[0] != 0 || got[records-1] != records-1 {
		t.Errorf("read %d", got)
	}
	if l.DropBefore(8) != true || l.DropBefore(8) != false { // the first segment has 0 to 7
		t.Error("the first segment, and only that, should be removed")
	}
	l.Append([]byte{40}, 40)
	must(t, s.Close())
	left, err := filepath.Glob(filepath.Join(dir, "logs", "a", "*.log"))
	must(t, err)
	if diff := cmp.Diff(files[1:], left); diff != "" {
		t.Error(diff)
	}
	damage(t, left[0])
	s, err = open(dir)
	must(t, err)
	err = s.Log("a").Read(func([]byte) (int64, error) { return 0, nil })
	if want := left[0] + " is damaged at byte 0: restore it from a backup, or use another folder"; err == nil || err.Error() != want {
		t.Errorf("a damaged segment: %v, want %s", err, want)
	}
	must(t, s.Close())
}

// damage changes the first byte of a file's first payload.
func damage(t *testing.T, path string) {
	t.Helper()
	content, err := os.ReadFile(path)
	must(t, err)
	content[8] ^= 1
	must(t, os.WriteFile(path, content, 0o600))
}

// TestAFailedSync checks that a Store fails if the disk does, which shows only later.
func TestAFailedSync(t *testing.T) {
	broken := errors.New("input/output error")
	s, err := journal.Open(t.TempDir(), journal.Options{Log: slog.New(slog.DiscardHandler), Fault: func(operation string) error {
		if operation == "sync" {
			return broken
		}
		return nil
	}})
	must(t, err)
	s.Save(thing{id: "a"})
	<-s.Failed()
	if err := s.Close(); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

// FuzzOpen opens journals of arbitrary bytes. Whatever is not a whole record is cut off, so the second start must find the same, and nothing to cut off.
func FuzzOpen(f *testing.F) {
	content, err := os.ReadFile(state(written(f, 1, 22, 333), "000001.journal"))
	must(f, err)
	f.Add([]byte{})
	f.Add(content)
	f.Add(content[:len(content)-1])
	f.Add(append(bytes.Clone(content), make([]byte, 100)...))
	f.Add(append(make([]byte, 8), content...))
	f.Fuzz(func(t *testing.T, content []byte) {
		dir := written(t)
		path := state(dir, "000001.journal")
		must(t, os.WriteFile(path, content, 0o600))
		s, err := open(dir)
		if err != nil {
			return // a record with the right checksum that no version has written
		}
		first, err := things(s)
		must(t, s.Close())
		if err != nil {
			return // the same, as JSON
		}
		left, err := os.ReadFile(path)
		must(t, err)
		if !bytes.HasPrefix(content, left) {
			t.Fatal("the journal was changed")
		}
		if cut, err := os.ReadFile(path + ".cut"); err == nil && !bytes.Equal(append(bytes.Clone(left), cut...), content) {
			t.Fatal("the journal and what was cut off are not what there was")
		}
		s, err = open(dir)
		must(t, err)
		second, err := things(s)
		must(t, err)
		must(t, s.Close())
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatal(diff)
		}
	})
}
