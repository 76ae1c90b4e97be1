package localtest

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// leakLimit is how long goroutines may take to end after the tests: closing a server does not wait for all of its.
const leakLimit = time.Minute

// RunTests runs the tests of a package, for its TestMain, and returns the exit code. It fails if they pass but leave goroutines behind that run
// our code or were started by it: what closes must end what it has started, or a process that opens and closes it again and again grows.
func RunTests(m *testing.M) (code int) {
	code = m.Run()
	if code != 0 || fuzzes() {
		return code
	}
	left := leaks(leakLimit)
	if len(left) == 0 {
		return code
	}
	fmt.Fprintf(os.Stderr, "%d goroutines are left after the tests:\n\n%s\n", len(left), strings.Join(left, "\n\n"))
	return 1
}

// leaks returns the stacks of our goroutines that have not ended within a time.
func leaks(limit time.Duration) []string {
	end := time.Now().Add(limit)
	for {
		left := ourGoroutines()
		if len(left) == 0 || !time.Now().Before(end) {
			return left
		}
		time.Sleep(10 * time.Millisecond) // nothing says that a goroutine has ended
	}
}

// fuzzes reports whether the process fuzzes: then the coordinator and its worker have goroutines of their own, and end them as they like.
func fuzzes() bool {
	for _, name := range []string{"test.fuzz", "test.fuzzworker"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != f.DefValue {
			return true
		}
	}
	return false
}

// ourGoroutines returns the stacks of all goroutines but the caller's that have a function of this module in them, or as their creator.
func ourGoroutines() []string {
	stacks := make([]byte, 1<<20)
	for {
		n := runtime.Stack(stacks, true)
		if n < len(stacks) {
			stacks = stacks[:n]
			break
		}
		stacks = make([]byte, 2*len(stacks))
	}
	var ours []string
	for stack := range strings.SplitSeq(string(stacks), "\n\n") {
		if strings.Contains(stack, "\nheroku-drains/") || strings.Contains(stack, "\ncreated by heroku-drains/") {
			ours = append(ours, strings.TrimSpace(stack))
		}
	}
	return ours[min(1, len(ours)):] // the first is the caller's
}
