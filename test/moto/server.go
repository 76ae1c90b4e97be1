package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"time"
)

// motoServer is a running moto_server.
type motoServer struct {
	url   string
	shell *exec.Cmd
	stdin io.WriteCloser
}

// startMoto starts moto_server on a free port and waits until it answers.
func startMoto(ctx context.Context) (*motoServer, error) {
	if _, err := exec.LookPath("moto_server"); err != nil {
		return nil, fmt.Errorf("find moto_server (pip install 'moto[server]==5.2.1'): %w", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if err := l.Close(); err != nil {
		return nil, err
	}
	// The shell kills moto_server when its own stdin is closed, so that moto_server does not outlive this program.
	m := &motoServer{url: "http://127.0.0.1:" + port}
	m.shell = exec.CommandContext(ctx, "sh", "-c", `moto_server -H 127.0.0.1 -p "$1" >/dev/null 2>&1 & read -r _; kill $!`, "sh", port)
	if m.stdin, err = m.shell.StdinPipe(); err != nil {
		return nil, err
	}
	if err := m.shell.Start(); err != nil {
		return nil, fmt.Errorf("start moto_server: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for m.reset(ctx) != nil {
		select {
		case <-tick.C:
		case <-ctx.Done():
			m.stop()
			return nil, fmt.Errorf("wait for moto_server: %w", ctx.Err())
		}
	}
	return m, nil
}

func (m *motoServer) stop() {
	_ = m.stdin.Close() // makes the shell kill moto_server
	_ = m.shell.Wait()  // fails, because the shell's last command is kill
}

// reset removes everything that earlier calls have created.
func (m *motoServer) reset(ctx context.Context) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.url+"/moto-api/reset", strings.NewReader(""))
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("reset moto: %s", res.Status)
	}
	return nil
}
