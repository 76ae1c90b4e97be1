package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// recordConsole opens the page of console, and asks for everything that it shows.
func recordConsole(a *account) {
	a.t.Helper()
	ctx, cancel := context.WithCancel(a.t.Context())
	defer cancel()
	a.mu.Lock()
	a.verb, a.onCall = "console", func(awslocal.Call) {}
	a.mu.Unlock()
	stdout, out := io.Pipe()
	var stderr localtest.Buffer
	code := make(chan int, 1)
	go func() {
		defer out.Close()
		code <- cli.Main(ctx, []string{"heroku-drains-cli", "console"}, strings.NewReader(""), out, &stderr)
	}()
	printed := bufio.NewScanner(stdout)
	if !printed.Scan() {
		a.t.Fatalf("console: exit code %d: %s", <-code, stderr.String())
	}
	address, token, _ := strings.Cut(printed.Text(), "#token=")
	for _, path := range []string{"config", "stats", "drains", "alerts", "lines?app=shop", "story?request_id=4c7a6b0e-1b0f"} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"api/"+path, nil)
		localtest.Must(a.t, err)
		r.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(r)
		localtest.Must(a.t, err)
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK || strings.Contains(string(body), `"note"`) {
			a.t.Errorf("/api/%s: %d %v %s", path, resp.StatusCode, err, body)
		}
	}
	cancel()
	if got := <-code; got != 0 {
		a.t.Errorf("console: exit code %d: %s", got, stderr.String())
	}
}
