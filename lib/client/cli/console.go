package cli

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"syscall"

	"heroku-drains/lib/client/console"
)

type consoleCmd struct {
	Port uint16 `placeholder:"N" help:"Listen on this port. Without it, on a free one."`
}

// Help is the verb's long help.
func (consoleCmd) Help() string {
	return `Serves a page for the browser, and prints its URL: the lines of all apps as they are stored, with filters and colors; what happened to a
request; the drains with their backlog; alerts; and plots of lines, statuses and response times over the last hour. Ctrl-C ends it with exit
code 0. With --local, it shows the local system, as the page of 'local' does.

Only this machine can reach the page, and only who has the token in the URL can read it: do not share the URL. The page uses your AWS
credentials and can only read: it needs the permissions of 'logs', 'list' and 'alerts list', and nothing else. It loads nothing from elsewhere.

While a page is open, it calls the drains API every few seconds, CloudWatch Logs once a second, and Logs Insights once a minute. AWS charges
for what that query scans: the lines of the last hour. A hidden tab only follows the lines.

Examples:

    heroku-drains-cli console
    heroku-drains-cli console --port 8082 --profile production
    heroku-drains-cli --local console`
}

// Run serves the page until it is interrupted.
func (c *consoleCmd) Run(ctx context.Context, s *session) error {
	if err := s.tryInstallation(ctx); err != nil {
		return err
	}
	listener, err := console.Listen(ctx, "127.0.0.1:"+strconv.Itoa(int(c.Port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("serve the page: %w; stop the program that is listening there, or choose another port with --port", err)
	}
	if err != nil {
		return fmt.Errorf("serve the page: %w", err)
	}
	token := newToken()
	meter, stopMeter := s.watchMeter(ctx)
	defer stopMeter()
	page := s.servePage(ctx, listener, token, meter)
	url := page.url + "#token=" + token
	if err := c.print(s, url); err != nil {
		return errors.Join(err, page.stop())
	}
	s.Note("Open this address in a browser. It has the page's token, so do not share it. Ctrl-C ends the page.")
	select {
	case <-ctx.Done():
		_ = page.stop() // Ctrl-C is how it is meant to end, whatever a request still does
		return nil
	case <-page.ended:
		return page.stop()
	}
}

// tryInstallation fails if the installation cannot be read: here, the error has a hint and an exit code.
func (s *session) tryInstallation(ctx context.Context) error {
	p := s.StartProgress("Looking for the drains…")
	defer p.Stop()
	api, err := s.API(ctx)
	if err == nil {
		_, err = api.List(ctx)
	}
	if err != nil {
		return fmt.Errorf("list the drains: %w", err)
	}
	return nil
}

func (*consoleCmd) print(s *session, url string) error {
	if s.flags.Output == "json" {
		return s.PrintJSON(map[string]any{"data": map[string]string{"url": url}})
	}
	return s.PrintLine(url)
}

// newToken returns a token that nobody can guess.
func newToken() string {
	random := make([]byte, 24)
	_, _ = rand.Read(random) // never fails
	return base64.RawURLEncoding.EncodeToString(random)
}
