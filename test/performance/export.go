package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"sync"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/stack"
)

// exported is how many lines are exported.
const exported = 200_000

// export is what it takes to print all lines of a day with heroku-drains-cli logs.
type export struct {
	stored, printed string // the format in which the lines are stored, and --format
	usage           usage
	aws             float64 // the processor's time of the embedded AWS for the same lines, over that of the program
}

// exportName is how --only calls an export.
func exportName(stored, printed string) string { return "export " + stored + " " + printed }

// exportNames returns all of them.
func exportNames() []string {
	var names []string
	for _, stored := range storedFormats {
		for _, printed := range printedFormats {
			names = append(names, exportName(stored, printed))
		}
	}
	return names
}

// storedFormats are the storage formats.
var storedFormats = []string{"text", "json"}

// printedFormats are the values of --format that are measured.
var printedFormats = []string{"full", "raw", "json"}

// exports measures exports: of lines in each storage format, in each format of printing. The answers of CloudWatch Logs are those of the embedded AWS,
// which are recorded first, so that its work is not in the times.
func exports(ctx context.Context, v version, o options) (found []export, err error) {
	dir, err := os.MkdirTemp("", "performance")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	program, err := buildCLI(ctx, v, dir)
	if err != nil {
		return nil, err
	}
	s, err := startSystem(ctx, program)
	if err != nil {
		return nil, err
	}
	defer s.stop() //nolint:errcheck // it is stopped by a signal
	for _, stored := range storedFormats {
		if _, err := s.run(ctx, s.aws, "put", "-a", "stored-as-"+stored); err != nil {
			return nil, err
		}
		if err := s.fill(ctx, stack.DefaultStreamPrefix+"stored-as-"+stored, exported, written(stored)); err != nil {
			return nil, err
		}
		for _, printed := range printedFormats {
			if !o.only.MatchString(exportName(stored, printed)) {
				continue
			}
			e, err := exportOnce(ctx, s, stored, printed, o.rounds)
			if err != nil {
				return nil, err
			}
			e.stored = v.name + e.stored
			found = append(found, e)
		}
	}
	return found, nil
}

// written returns a function that returns the next line of a corpus as it is stored.
func written(stored string) func(*corpus) string {
	format, number := logformat.Text(), uint64(0)
	if stored == "json" {
		format = logformat.JSON()
	}
	return func(c *corpus) string {
		for frame := range logplex.Frames(logplex.AppendFrame(nil, logplex.AppendLine(nil, c.next()))) {
			l := logformat.Parse(frame)
			number += 1 << 20
			l.ID = logformat.ID(number*0x9e3779b97f4a7c15 | 1).At(l.Time)
			l.Clean(logformat.KeepANSI)
			return string(format.Append(nil, &l))
		}
		panic("a frame has a line")
	}
}

// exportOnce measures an export in some rounds. The fastest counts.
func exportOnce(ctx context.Context, s *system, stored, printed string, rounds int) (export, error) {
	target, err := url.Parse(s.aws)
	if err != nil {
		return export{}, err
	}
	r := &replay{to: httputil.NewSingleHostReverseProxy(target), answers: map[string]*httptest.ResponseRecorder{}}
	server := httptest.NewServer(r)
	defer server.Close()
	args := []string{"logs", "-a", "stored-as-" + stored, "--since", "1d", "--format", printed}
	before, err := s.cpu()
	if err != nil {
		return export{}, err
	}
	if _, err := s.run(ctx, server.URL, args...); err != nil { // records the answers
		return export{}, err
	}
	after, err := s.cpu()
	if err != nil {
		return export{}, err
	}
	var all []usage
	for range min(rounds, 5) {
		u, err := s.run(ctx, server.URL, args...)
		if err != nil {
			return export{}, err
		}
		if u.lines != exported {
			return export{}, fmt.Errorf("%s: %d lines, want %d", exportName(stored, printed), u.lines, exported)
		}
		all = append(all, u)
	}
	best := slices.MinFunc(all, func(a, b usage) int { return int(a.cpu - b.cpu) })
	return export{stored: stored, printed: printed, usage: best, aws: float64(after-before) / float64(best.cpu)}, nil
}

// replay passes calls on, and answers FilterLogEvents as the first time when it was asked for the same page.
type replay struct {
	to      http.Handler
	mu      sync.Mutex
	answers map[string]*httptest.ResponseRecorder // by token
}

func (r *replay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Header.Get("X-Amz-Target") != "Logs_20140328.FilterLogEvents" {
		r.to.ServeHTTP(w, req)
		return
	}
	body, err := io.ReadAll(req.Body)
	var in struct{ NextToken string }
	if err != nil || json.Unmarshal(body, &in) != nil {
		http.Error(w, "cannot read the request", http.StatusBadRequest)
		return
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	r.mu.Lock()
	answer := r.answers[in.NextToken]
	if answer == nil {
		answer = httptest.NewRecorder()
		r.to.ServeHTTP(answer, req)
		r.answers[in.NextToken] = answer
	}
	r.mu.Unlock()
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // fails only if the client has gone
}

// exportTable returns what exports take.
func exportTable(all []export) table {
	rows := [][]string{{"stored as", "`--format`", "lines a second and core", "ns a line", "elapsed", "memory", "embedded AWS / CLI"}}
	for _, e := range all {
		rows = append(rows, []string{
			e.stored, e.printed, fmt.Sprintf("%.0f", exported/e.usage.cpu.Seconds()), fmt.Sprintf("%d", e.usage.cpu.Nanoseconds()/exported),
			fmt.Sprintf("%.1f s", e.usage.elapsed.Seconds()), wholeMegabytes(e.usage.memory), fmt.Sprintf("%.1f", e.aws),
		})
	}
	return table{"export", markdown(rows)}
}

func wholeMegabytes(bytes int64) string { return fmt.Sprintf("%.0f MB", float64(bytes)/1e6) }
