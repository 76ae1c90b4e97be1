package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"heroku-drains/lib/client/console"
	"heroku-drains/lib/local/metering"
	"heroku-drains/lib/stack"
)

// servedPage is a page for the browser that is being served.
type servedPage struct {
	url   string
	ended <-chan struct{} // closed when it has ended
	stop  func() error    // ends it, and waits until all requests have ended
}

// startPage serves the page of the local system that these flags point to. It needs no token: everybody knows the system's access key.
func (c *localCmd) startPage(ctx context.Context, s *session, flags globals, meter *metering.Recent) (servedPage, error) {
	listener, err := c.listenForPage(ctx)
	if errors.Is(err, syscall.EADDRINUSE) {
		return servedPage{}, fmt.Errorf("serve the page: %w; stop the program that is listening there, or choose another port with --page-addr", err)
	}
	if err != nil {
		return servedPage{}, usagef("--page-addr: %v", err)
	}
	at := s.with(flags)
	at.Installation = flags.installation(s.wait, at.command)
	return at.servePage(ctx, listener, "", meter), nil
}

// listenForPage listens where --page-addr says. Without it, the page has its usual port, so that a bookmark finds it, unless the system is not
// the only one on this machine.
func (c *localCmd) listenForPage(ctx context.Context) (net.Listener, error) {
	const free = "127.0.0.1:0"
	if c.PageAddr != "" {
		return console.Listen(ctx, c.PageAddr)
	}
	if "http://"+c.APIAddr != stack.LocalAPIURL || "http://"+c.AWSAddr != stack.LocalAWSURL {
		return console.Listen(ctx, free)
	}
	listener, err := console.Listen(ctx, stack.LocalPageAddr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return console.Listen(ctx, free)
	}
	return listener, err
}

// servePage serves a page for the session's installation, until ctx ends or it is stopped. The meter is that of a local system, and otherwise nil.
func (s *session) servePage(ctx context.Context, listener net.Listener, token string, meter *metering.Recent) servedPage {
	page := console.New(console.Options{
		Installation: s.Installation, Addr: listener.Addr().String(), Token: token, Stack: s.flags.Stack,
		Program: strings.Trim(s.command(""), "` "), Explain: s.explain, Wait: s.wait, Meter: s.pageMeter(meter),
	})
	ctx, end := context.WithCancel(ctx)
	ended := make(chan struct{})
	var err error
	go func() {
		defer close(ended)
		err = page.Serve(ctx, listener)
		page.Close()
	}()
	stop := func() error {
		end()
		<-ended
		return err
	}
	return servedPage{url: "http://" + listener.Addr().String() + "/", ended: ended, stop: stop}
}

// explain returns an error as a sentence for people, with what to do about it.
func (s *session) explain(err error) string {
	if foreign := s.foreignProgram(err); foreign != nil {
		return foreign.Error()
	}
	text := errorText(err)
	if hint := s.hint(err); hint != "" {
		text += ". " + strings.ToUpper(hint[:1]) + hint[1:]
	}
	return text
}
