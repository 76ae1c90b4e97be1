package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/stack"
)

const (
	// herokuTeam is the team of the fake Heroku's apps, for `sync --team`.
	herokuTeam = "local"
	// herokuRate is how many lines an app with a log drain sends per second: a quiet app's.
	herokuRate = 2
	// herokuNodes is how many Logplex nodes send them, so that POSTs overlap as those of Heroku do.
	herokuNodes = 3
)

// runningHeroku is the fake Heroku beside a local system. Without --heroku, nothing runs and url is empty.
type runningHeroku struct {
	url  string
	stop func() // waits until no app sends any more
}

// ready returns the fake Heroku's part of the line that says that the system is ready.
func (h runningHeroku) ready() string {
	if h.url == "" {
		return ""
	}
	return " heroku=" + h.url
}

// checkHeroku rejects invalid names of apps.
func (c *localCmd) checkHeroku() error {
	for i, app := range c.Heroku {
		if slices.Contains(c.Heroku[:i], app) {
			return usagef("--heroku: %s is there twice", app)
		}
		if err := drain.ValidateApp(app); err != nil {
			return usagef("--heroku: %v", asUsage(err))
		}
	}
	if c.HerokuAddr != "" && len(c.Heroku) == 0 {
		return usagef("--heroku-addr needs --heroku")
	}
	return nil
}

// startHeroku starts the fake Heroku of --heroku. s has the flags of a verb that uses it. Its apps send lines to those of their log drains that lead to the system.
func (c *localCmd) startHeroku(ctx context.Context, s *session, system *local.System) (runningHeroku, error) {
	if len(c.Heroku) == 0 {
		return runningHeroku{stop: func() {}}, nil
	}
	fake, err := c.listenForHeroku()
	if errors.Is(err, syscall.EADDRINUSE) {
		return runningHeroku{}, fmt.Errorf("start the fake Heroku: %w; stop the program that is listening there, or choose another port with --heroku-addr", err)
	}
	if _, invalid := errors.AsType[*net.AddrError](err); invalid {
		return runningHeroku{}, usagef("--heroku-addr: %v", err)
	}
	if err != nil {
		return runningHeroku{}, fmt.Errorf("start the fake Heroku: %w", err)
	}
	ctx, end := context.WithCancel(ctx)
	var sending sync.WaitGroup
	apps := map[string]*simulate.Logplex{}
	for _, name := range c.Heroku {
		fake.AddApp(herokufake.App{Name: name, Team: herokuTeam})
		generator := simulate.New(name, demoSeed)
		generator.Use(simulate.Calm)
		logplex := simulate.NewLogplex(generator, simulate.Options{Nodes: herokuNodes, Rate: herokuRate, Report: (&lossReporter{s: s, app: name}).report})
		apps[name] = logplex
		sending.Go(func() { logplex.Run(ctx) })
	}
	subscribe := func(app string, drains []herokufake.Drain) { apps[app].Subscribe(ours(drains, system.AWS.APIURL())) }
	fake.OnChange(subscribe)
	for app := range apps {
		subscribe(app, fake.Drains(app))
	}
	running := runningHeroku{url: fake.URL(), stop: func() {
		end()
		sending.Wait()
		fake.Close()
	}}
	if err := system.AWS.SetDocument(stack.LocalInfoPath, stack.LocalInfo{HerokuURL: fake.URL()}); err != nil {
		running.stop()
		return runningHeroku{}, err
	}
	return running, nil
}

// listenForHeroku starts a fake Heroku where --heroku-addr says. Without it, it has its usual port if that is free and the system is the only
// one on this machine: the other verbs find it wherever it is.
func (c *localCmd) listenForHeroku() (*herokufake.Server, error) {
	options := herokufake.Options{
		Addr: c.HerokuAddr, Key: stack.LocalHerokuKey, Email: "local@example.com", TokensPerMinute: herokufake.TokensPerMinute,
	}
	if c.Data != "" {
		options.File = filepath.Join(c.Data, "heroku.json") // the system's lock of the folder covers it
	}
	if c.HerokuAddr != "" {
		return herokufake.Start(options)
	}
	if "http://"+c.APIAddr == stack.LocalAPIURL && "http://"+c.AWSAddr == stack.LocalAWSURL {
		options.Addr = stack.LocalHerokuAddr
		if fake, err := herokufake.Start(options); !errors.Is(err, syscall.EADDRINUSE) {
			return fake, err
		}
	}
	options.Addr = "" // a free port
	return herokufake.Start(options)
}

// ours returns the log drains that lead to the API of the system. Nothing is sent to others: they may be outside this machine.
func ours(drains []herokufake.Drain, apiURL string) []simulate.Subscription {
	var found []simulate.Subscription
	for _, d := range drains {
		if u, err := url.Parse(d.URL); err == nil && u.Scheme+"://"+u.Host == apiURL {
			found = append(found, simulate.Subscription{URL: d.URL, Token: d.Token})
		}
	}
	return found
}

// lossReporter says when an app's lines begin to be lost, and when that is over.
type lossReporter struct {
	s   *session
	app string

	mu     sync.Mutex
	losing map[simulate.Subscription]bool // whether lines were lost, and none arrived since on the same node
}

func (l *lossReporter) report(d simulate.Subscription, r delivery.Result) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.losing == nil {
		l.losing = map[simulate.Subscription]bool{}
	}
	switch before := l.losing[d]; {
	case r.Lost && !before:
		l.s.Note("Lines of %s are being lost: %s", l.app, whyLost(l.s, l.app, r))
		l.losing[d] = true
	case !r.Lost && r.LostBefore > 0:
		l.s.Note("Lines of %s arrive again; %s lost.", l.app, plural.Count(r.LostBefore, "line"))
		l.losing[d] = false
	}
}

// localHeroku says how to get a local system with a Heroku, to some end.
func (s *session) localHeroku(end, app string) string {
	return fmt.Sprintf("%s, start the local system with %s", end, s.command("local --heroku %s", app))
}
