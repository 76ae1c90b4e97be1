package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"heroku-drains/lib/local/awslocal"
)

// recording is what one embedded AWS has answered.
type recording struct {
	name  string
	calls []awslocal.RecordedCall // in the order in which they began
}

// readRecordings reads all recordings in a folder.
func readRecordings(dir string) ([]recording, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	var all []recording
	for _, name := range names {
		r, err := readRecording(name)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

func readRecording(name string) (recording, error) {
	r := recording{name: filepath.Base(name)}
	file, err := os.Open(name)
	if err != nil {
		return r, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20) // a request has up to 16 MB, in base64
	for lines.Scan() {
		var call awslocal.RecordedCall
		if err := json.Unmarshal(lines.Bytes(), &call); err != nil {
			return r, fmt.Errorf("read %s: %w", name, err)
		}
		r.calls = append(r.calls, call)
	}
	slices.SortFunc(r.calls, func(a, b awslocal.RecordedCall) int { return cmp.Compare(a.Number, b.Number) })
	return r, lines.Err()
}
