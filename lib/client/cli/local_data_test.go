package cli_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/stack"
)

// localProcess is `local --data` in a process of its own.
type localProcess struct {
	*exec.Cmd
	api, aws string // URLs
	stderr   *localtest.Buffer
}

// startProcess starts `local --data` in a process that a test can kill.
func startProcess(t *testing.T, dir string, args ...string) *localProcess {
	t.Helper()
	p := &localProcess{Cmd: exec.Command("heroku-drains-cli", append([]string{"local", "--data", dir}, args...)...), stderr: &localtest.Buffer{}}
	p.Stderr = p.stderr
	stdout, err := p.StdoutPipe()
	localtest.Must(t, err)
	localtest.Must(t, p.Start())
	t.Cleanup(func() {
		_ = p.Process.Kill() // it may have ended
		_ = p.Wait()
	})
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() {
		t.Fatalf("no line on stdout: %s", p.stderr)
	}
	addresses := readyLine.FindStringSubmatch(lines.Text())
	if addresses == nil {
		t.Fatalf("first line %q", lines.Text())
	}
	p.api, p.aws = addresses[1], addresses[2]
	return p
}

// verb runs a verb on the system.
func (p *localProcess) verb(t *testing.T, args ...string) outcome {
	t.Helper()
	return command(t, nil, append([]string{"--local", "--local-api-url", p.api, "--local-aws-url", p.aws}, args...)...)
}

// drainURL returns the URL of an app's drain, with the password.
func (p *localProcess) drainURL(t *testing.T, app string) string {
	t.Helper()
	got := p.verb(t, "put", "-a", app, "--output", "json", "--show-url")
	wantCode(t, got, 0)
	_, rest, _ := strings.Cut(got.stdout, `"drain_url": "`)
	url, _, found := strings.Cut(rest, `"`)
	if !found {
		t.Fatalf("no drain_url in %s", got.stdout)
	}
	return url
}

// TestAKilledSystemLosesNothing kills `local --data` while lines arrive. Each line of a POST that was accepted must be stored after the restart, or wait in
// the queue.
func TestAKilledSystemLosesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	addresses := []string{"--api-addr", localtest.ReserveAddress(t), "--aws-addr", localtest.ReserveAddress(t)}
	first := startProcess(t, dir, addresses...)
	wantCode(t, first.verb(t, "put", "-a", "shop"), 0)
	drainURL := first.drainURL(t, "shop")

	var mu sync.Mutex
	accepted := map[string]bool{}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var senders sync.WaitGroup
	for n := range 3 {
		senders.Go(func() {
			sender, err := delivery.NewSender(drainURL, fmt.Sprint("d.sender-", n))
			if err != nil {
				t.Error(err)
				return
			}
			for batch := 0; ctx.Err() == nil; batch++ {
				b := delivery.Batch{FrameID: delivery.FrameID(fmt.Sprint(n, batch))}
				var texts []string
				for i := range 20 {
					text := fmt.Sprintf("line %d of batch %d of sender %d", i, batch, n)
					texts = append(texts, text)
					b.Messages = append(b.Messages, logplex.AppendLine(nil, logplex.Line{
						Priority: 190, Time: time.Now(), Host: []byte("host"), Source: []byte("app"), Process: []byte("web.1"), Message: []byte(text),
					}))
				}
				r, err := sender.Send(ctx, b)
				if err != nil || r.Lost {
					return // the system was killed
				}
				mu.Lock()
				for _, text := range texts {
					accepted[text] = true
				}
				mu.Unlock()
			}
		})
	}
	localtest.Eventually(t, "500 lines are accepted", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(accepted) >= 500
	})
	localtest.Must(t, first.Process.Kill())
	_ = first.Wait() // it was killed
	stop()
	senders.Wait()

	// The same flags give the same URL with the same password.
	second := startProcess(t, dir, addresses...)
	if second.drainURL(t, "shop") != drainURL {
		t.Error("the drain has another URL after the restart")
	}
	refused := command(t, nil, "local", "--data", dir, "--api-addr", "127.0.0.1:0", "--aws-addr", "127.0.0.1:0")
	wantCode(t, refused, 1)
	wantIn(t, "stderr", refused.stderr, fmt.Sprintf("%s is in use by process %d: stop it first, or use another folder", dir, second.Process.Pid))
	localtest.Must(t, second.Process.Kill())
	_ = second.Wait() // it was killed

	// Messages that were in flight wait until their visibility timeout ends, which this system need not wait for.
	system := localtest.Start(t, local.Options{Data: dir})
	system.AWS.Advance(stack.QueueVisibilityTimeout)
	missing := func() (n int) {
		stored := map[string]int{}
		for _, line := range localtest.Texts(localtest.StoredLines(t, system.AWS, "shop")) {
			_, text, _ := strings.Cut(line, "app[web.1]: ")
			stored[text]++
		}
		for text := range accepted {
			if stored[text] == 0 {
				n++
			}
		}
		return n
	}
	localtest.Eventually(t, fmt.Sprintf("none of %d accepted lines is missing", len(accepted)), func() bool { return missing() == 0 })
}

func TestLocalRefusesDataFolders(t *testing.T) {
	dir := t.TempDir()
	localtest.Must(t, os.WriteFile(filepath.Join(dir, "FORMAT"), []byte("heroku-drains-local 99\n"), 0o600))
	got := command(t, nil, "local", "--data", dir, "--api-addr", "127.0.0.1:0", "--aws-addr", "127.0.0.1:0")
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "error: start the local system: "+dir+" was written by a newer version of this program")
	if got.stdout != "" {
		t.Errorf("stdout %q", got.stdout)
	}
}
