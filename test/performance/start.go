package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// starts is how often each program is started. Half of the starts take longer than what is reported.
const starts = 51

// startName is what --only must match for programs to be started.
const startName = "start"

// started is how soon a program starts.
type started struct {
	program program
	poll    time.Duration // from its start until it polls the Runtime API: the median
	cpu     time.Duration // what processors spent on it until it was ended, at once after that: the median
}

// startAll builds the programs, and starts each of them n times, in turns.
func startAll(ctx context.Context, n int) ([]started, error) {
	dir, err := os.MkdirTemp("", "performance")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	all := programs()
	for i := range all {
		if err := all[i].build(ctx, dir); err != nil {
			return nil, err
		}
	}
	api, err := newIdleAPI()
	if err != nil {
		return nil, err
	}
	defer api.server.Close()
	polls, cpus := make([][]time.Duration, len(all)), make([][]time.Duration, len(all))
	order := rand.New(rand.NewPCG(1, 2)) // another in each round: what one has left behind in the machine must not always meet the same
	for range n + 1 {
		for _, i := range order.Perm(len(all)) {
			poll, cpu, err := api.start(ctx, all[i])
			if err != nil {
				return nil, fmt.Errorf("start %s: %w", all[i].name, err)
			}
			polls[i], cpus[i] = append(polls[i], poll), append(cpus[i], cpu)
		}
	}
	var results []started
	for i, p := range all {
		results = append(results, started{p, median(polls[i][1:]), median(cpus[i][1:])}) // the first one reads its file
	}
	return results, nil
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

// idleAPI is a Runtime API without invocations, and an AWS that never answers.
type idleAPI struct {
	server *http.Server
	addr   string
	polled chan time.Time
}

func newIdleAPI() (*idleAPI, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	a := &idleAPI{addr: l.Addr().String(), polled: make(chan time.Time, 1)}
	a.server = &http.Server{Handler: a}
	go a.server.Serve(l) // until it is closed
	return a, nil
}

// ServeHTTP keeps a call waiting. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
func (a *idleAPI) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/runtime/invocation/next") {
		a.polled <- time.Now()
	}
	<-r.Context().Done()
}

// start starts a program, and ends it when it has polled. It returns what that took.
func (a *idleAPI) start(ctx context.Context, p program) (poll, cpu time.Duration, err error) {
	ctx, end := context.WithCancel(ctx)
	defer end()
	command := exec.CommandContext(ctx, p.binary)
	command.Env = append(p.environ,
		"AWS_LAMBDA_RUNTIME_API="+a.addr, "AWS_ENDPOINT_URL=http://"+a.addr, "AWS_REGION="+region, "AWS_LAMBDA_FUNCTION_NAME=f",
		"AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_SESSION_TOKEN=token",
	)
	var output strings.Builder
	command.Stdout, command.Stderr = &output, &output
	begin := time.Now()
	if err := command.Start(); err != nil {
		return 0, 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	select {
	case at := <-a.polled:
		end()
		<-ended
		return at.Sub(begin), command.ProcessState.UserTime() + command.ProcessState.SystemTime(), nil
	case err := <-ended:
		return 0, 0, fmt.Errorf("it ended before it polled: %v\n%s", err, &output)
	}
}

// startTable returns how large the programs are, and how soon they start.
func startTable(results []started) table {
	rows := [][]string{{"function", "binary", "zip file", "first poll", "CPU until then", "first poll / by hand", "CPU / by hand"}}
	for _, r := range results {
		rows = append(rows, []string{
			r.program.name, megabytes(r.program.size), megabytes(r.program.zipped), milliseconds(r.poll), milliseconds(r.cpu),
			fmt.Sprintf("**%.2f**", float64(r.poll)/float64(results[0].poll)), fmt.Sprintf("%.2f", float64(r.cpu)/float64(results[0].cpu)),
		})
	}
	return table{startName, markdown(rows)}
}

func megabytes(n int64) string { return fmt.Sprintf("%.2f MB", float64(n)/1e6) }

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}
