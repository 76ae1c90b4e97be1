package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/stack"
)

// buildCLI builds heroku-drains-cli of a version of the module, as a release is built, in a folder, and returns its path.
func buildCLI(ctx context.Context, v version, dir string) (string, error) {
	path := filepath.Join(dir, "heroku-drains-cli")
	return path, goBuild(ctx, v.module, path, "cmd/heroku-drains-cli")
}

// version is a version of the module.
type version struct {
	name   string // "" for this one
	module string // its folder
}

// versions returns the one before, if it is given, and this one.
func (o options) versions() []version {
	this := version{module: "."}
	if o.before == "" {
		return []version{this}
	}
	return []version{{name: "before, ", module: o.before}, this}
}

// system is a running heroku-drains-cli local.
type system struct {
	program  string
	process  *exec.Cmd
	api, aws string // URLs
	logs     *cloudwatchlogs.Client
}

var ready = regexp.MustCompile(`ready api=(\S+) aws=(\S+)`)

// startSystem starts local, until stop is called.
func startSystem(ctx context.Context, program string, args ...string) (*system, error) {
	s := &system{program: program}
	s.process = exec.CommandContext(ctx, program, append([]string{"local", "--api-addr", "127.0.0.1:0", "--aws-addr", "127.0.0.1:0"}, args...)...)
	s.process.Cancel = func() error { return s.process.Process.Signal(os.Interrupt) }
	out, err := s.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := ready.FindStringSubmatch(lines.Text()); m != nil {
			s.api, s.aws = m[1], m[2]
			break
		}
	}
	if s.api == "" {
		return nil, fmt.Errorf("local does not say that it is ready: %w", s.stop())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	s.logs = cloudwatchlogs.New(cloudwatchlogs.Options{
		BaseEndpoint: &s.aws, Region: stack.LocalRegion, Credentials: credentials.NewStaticCredentialsProvider(stack.LocalAccessKey, stack.LocalAccessKey, ""),
	})
	return s, nil
}

// stop stops local.
func (s *system) stop() error {
	if err := s.process.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return s.process.Wait()
}

// memory returns how much of the machine's memory local has now, in bytes.
func (s *system) memory() (int64, error) { return memoryOf(s.process, "VmRSS") }

// memoryOf returns a figure of a process's memory, in bytes: what it has now (VmRSS), or had at most (VmHWM).
// https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
func memoryOf(process *exec.Cmd, figure string) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), figure+":")
	kilobytes, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, err := strconv.ParseInt(kilobytes, 10, 64)
	return n << 10, err
}

// cpu returns the processor's time that local has taken.
func (s *system) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	const tick = 10 * time.Millisecond // USER_HZ is 100 on each architecture that Go runs on
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')'):]))
	user, err := strconv.ParseInt(fields[12], 10, 64)
	if err != nil {
		return 0, err
	}
	kernel, err := strconv.ParseInt(fields[13], 10, 64)
	return time.Duration(user+kernel) * tick, err
}

// usage is what a run of the program took.
type usage struct {
	lines   int
	cpu     time.Duration
	elapsed time.Duration
	memory  int64 // at most, in bytes
}

// run runs the program against the local system, whose AWS has the given URL, and counts the lines that it prints.
func (s *system) run(ctx context.Context, awsURL string, args ...string) (usage, error) {
	c := exec.CommandContext(ctx, s.program, append(args, "--local", "--local-api-url", s.api, "--local-aws-url", awsURL)...)
	var problem strings.Builder
	c.Stderr = &problem
	out, err := c.StdoutPipe()
	if err != nil {
		return usage{}, err
	}
	begin := time.Now()
	if err := c.Start(); err != nil {
		return usage{}, err
	}
	var u usage
	buffer := make([]byte, 1<<20)
	for reads := 0; err == nil; reads++ {
		const often = 32
		if reads%often == 0 { // what wait4 says has the memory of the process that started it in it
			if u.memory, err = memoryOf(c, "VmHWM"); err != nil {
				return usage{}, err
			}
		}
		var n int
		n, err = out.Read(buffer)
		u.lines += strings.Count(string(buffer[:n]), "\n")
	}
	if err := c.Wait(); err != nil {
		return usage{}, fmt.Errorf("%v: %w: %s", args, err, &problem)
	}
	u.elapsed = time.Since(begin)
	u.cpu = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	return u, nil
}

// fill stores lines of the corpus in a stream of the default log group, as the given function writes them, evenly over the 23 hours before now.
func (s *system) fill(ctx context.Context, stream string, count int, write func(*corpus) string) error {
	const (
		batch = 500
		span  = 23 * time.Hour
	)
	c := newCorpus(uint64(len(stream)))
	start := time.Now().Add(-span)
	for n := 0; n < count; n += batch {
		events := make([]types.InputLogEvent, batch)
		for i := range events {
			at := start.Add(span / time.Duration(count) * time.Duration(n+i))
			events[i] = types.InputLogEvent{Timestamp: aws.Int64(at.UnixMilli()), Message: aws.String(write(c))}
		}
		_, err := s.logs.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: &stream, LogEvents: events})
		if err != nil {
			return err
		}
	}
	return nil
}

// cliTables returns what the program takes: to print the lines of a day, and to keep lines as local.
func cliTables(ctx context.Context, o options) (tables []table, err error) {
	if slices.ContainsFunc(exportNames(), o.only.MatchString) {
		var all []export
		for _, v := range o.versions() {
			found, err := exports(ctx, v, o)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
		tables = append(tables, exportTable(all))
	}
	if o.only.MatchString(memoryName) {
		var all []keeping
		for _, v := range o.versions() {
			found, err := keepings(ctx, v)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
		tables = append(tables, memoryTable(all))
	}
	return tables, nil
}
