package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strings"

	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/client/plural"
)

// savedLetter is a line of the file of --save.
type savedLetter struct {
	letterView
	Message string `json:"message"` // as it is in the queue
}

// letterFile is the file of --save. It holds log lines, so only its owner may read it.
type letterFile struct {
	name  string
	print func(line string) error // writes to stdout, where a terminal must not obey what is in a letter; nil: to the file
	file  *os.File                // nil: stdout
	used  bool                    // a letter was written, or a part of one
}

// createLetters creates the file of --save, which must not exist, or takes stdout.
func createLetters(s *session, name string) (*letterFile, error) {
	if name == stdinFile {
		return &letterFile{name: "stdout", print: s.PrintLine}, nil
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, usagef("%s exists: choose another name, or delete it first", name)
	}
	if err != nil {
		return nil, fmt.Errorf("save the dead letters: %w", err)
	}
	return &letterFile{name: name, file: file}, nil
}

// write adds a letter. When it returns, the letter is on the disk.
func (f *letterFile) write(l deadletters.Letter, content deadletters.Content) error {
	view := newLetterView(l, content)
	view.Unopened = "" // it is the message
	f.used = true
	var line strings.Builder
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(savedLetter{letterView: view, Message: content.Message})
	switch {
	case err != nil:
	case f.file == nil:
		err = f.print(strings.TrimSuffix(line.String(), "\n"))
	default:
		if _, err = f.file.WriteString(line.String()); err == nil {
			err = f.file.Sync()
		}
	}
	if err != nil {
		return fmt.Errorf("save the dead letter %s to %s: %w", l.MessageID, f.name, err)
	}
	return nil
}

// close closes the file, and deletes it if nothing was written.
func (f *letterFile) close() error {
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	if !f.used {
		err = errors.Join(err, os.Remove(f.name))
	}
	if err != nil {
		return fmt.Errorf("save the dead letters: %w", err)
	}
	return nil
}

// save writes dead letters to a file: those of an app, or all. They stay in the queue.
func (c *redriveCmd) save(ctx context.Context, s *session, queue deadletters.Queue, app string) error {
	file, err := createLetters(s, c.Save)
	if err != nil {
		return err
	}
	p := s.StartProgress("Reading the dead letters…")
	defer p.Stop()
	saved := 0
	found, err := queue.Read(ctx, c.limit(math.MaxInt), func(l deadletters.Letter, content deadletters.Content) error {
		if app != "" && l.App != app {
			return nil
		}
		if err := file.write(l, content); err != nil {
			return err
		}
		saved++
		p.Detail("Saving the dead letters: %d…", saved)
		return nil
	})
	p.Stop()
	if err := errors.Join(err, file.close()); err != nil {
		return err
	}
	switch {
	case saved == 0 && app != "":
		s.Note("There are no dead letters of %s.", app)
	case saved == 0:
		s.Note("There are no dead letters.")
	default:
		s.Note("Saved %s to %s; nothing was taken out of the queue.", plural.Count(saved, "dead letter"), file.name)
	}
	if !found.Complete() {
		s.Note("Only %d of %s were read: others may be reading the rest.", len(found.Letters), plural.Count(found.Total, "dead letter"))
	}
	return nil
}
