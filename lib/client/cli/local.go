package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/local"
	"heroku-drains/lib/stack"
)

// transitionTime is how long the local system's event source mappings take for a change. On AWS it is up to a minute: someone who tries the
// system should see the states, and not wait for them.
const transitionTime = time.Second

// queryTime is how long a query of Logs Insights takes in the local system. On AWS it is a second or more.
const queryTime = 200 * time.Millisecond

type localCmd struct {
	APIAddr  string `name:"api-addr" default:"127.0.0.1:8080" help:"Listen address of the drains API."`
	AWSAddr  string `name:"aws-addr" default:"127.0.0.1:4566" help:"Listen address of the AWS endpoint."`
	PageAddr string `name:"page-addr" placeholder:"ADDRESS" help:"Listen address of the page. Without it: 127.0.0.1:8081, or a free port."`
	Demo     bool   `help:"Create a drain named demo, send it a few lines per second, show them as they are stored, and one alert."`

	Heroku     []string `placeholder:"APP,…" help:"Also run a fake Heroku with these apps, which send lines to their log drains."`
	HerokuAddr string   `placeholder:"ADDRESS" help:"Listen address of the fake Heroku. Without it: 127.0.0.1:8082, or a free port."`

	Fail []failure `placeholder:"FAULT" help:"Make something fail, such as logs:30s. Can be repeated."`

	Dedup      string `enum:"warm,durable" default:"warm" help:"How copies of messages are recognized: warm (by each instance of the storage function) or durable (in a table)."`
	Data       string `placeholder:"DIR" help:"Keep all data in this folder, so that it outlives the system. Without it, all data is in memory."`
	AlertRules string `placeholder:"FILE" help:"The file with the alert rules. Without it: alerts.yaml in this folder, or the default rules."`
}

// Help is the verb's long help.
func (localCmd) Help() string {
	return `Needs no account, network or container: SQS, CloudWatch Logs, Lambda, DynamoDB, SNS, Secrets Manager and the API gateway are built into
this program. They use AWS's protocols and are at least as strict. Prints "ready api=URL aws=URL page=URL" once all are listening. Ctrl-C stops it
with exit code 0.

All data is in memory, and is lost when the system stops. With --data DIR, it is kept in that folder, which is created if necessary: the next
'local' with the same --data has the same drains, URLs, passwords, lines, waiting messages and alerts. Nothing that was answered is lost, even if the
process is killed; a power cut may cost the last second. One system at a time can use a folder. It contains the signing key and the lines: keep it
private.

Open the page in a browser: it shows the lines as they are stored, the drains, alerts and plots of the last hour, and sends test traffic. Only
this machine can reach it. Without --page-addr, it listens on a free port if 127.0.0.1:8081 is taken, or if --api-addr or --aws-addr is given.

--heroku shop,blog also runs a fake of Heroku's Platform API with these apps, in the team local, so that put, sync, rotate, doctor and delete
can be tried on both sides: with --local, they use it, without HEROKU_API_URL or a key. An app sends two lines per second to its log drain as
soon as it has one, with the URL that Heroku has. The line of the addresses then has heroku=URL, too. --data also keeps Heroku's log drains.

--fail shows what a failure does: see below. It begins at once, and ends after the time, such as 30s, or with the system. Lines that cannot be
stored wait in the queues. They are tried again after 10s, which on AWS are 6 minutes, and become dead letters after five failures: see 'list'
and 'redrive'. The functions run in this program: killing one fails its running invocations.

--dedup durable runs the storage function as a stack with the setting dedup=durable does: no line is stored twice, unless CloudWatch Logs stored it
but its response was lost, or the function was killed before it could note that.

` + failHelp() + `
Each notification about an alert is shown on stderr, as an email would have it. 'alerts list' shows which alerts there were.

At the end, it says what the traffic of the last ten minutes would cost a month on AWS, as the page does all the time.

To use it, run other verbs with --local, and the aws CLI with --endpoint-url.

Examples:

    heroku-drains-cli local --demo
    heroku-drains-cli local --data ./drains-data
    heroku-drains-cli local --heroku shop,blog
    heroku-drains-cli local --heroku shop --fail logs:30s
    heroku-drains-cli local --heroku shop --fail lost-answer:sqs --fail throttling:logs:shop:5m
    heroku-drains-cli local --alert-rules team/alerts.yaml
    heroku-drains-cli local --api-addr 127.0.0.1:9080 --aws-addr 127.0.0.1:9566`
}

// Run runs the system until it is interrupted.
func (c *localCmd) Run(ctx context.Context, s *session) error {
	rules, from, err := c.rules()
	if err != nil {
		return err
	}
	if err := cmp.Or(c.checkAddresses(), c.checkHeroku()); err != nil {
		return err
	}
	var level slog.LevelVar
	level.Set(slog.LevelWarn)
	log := slog.New(slog.NewTextHandler(s.Stderr, &slog.HandlerOptions{Level: &level}))
	options := local.Options{
		Program: s.name,
		APIAddr: c.APIAddr, AWSAddr: c.AWSAddr, Data: c.Data, TransitionTime: transitionTime, Rules: rules, Retry: c.retry(), Logger: log,
		Dedup: stack.Dedup(c.Dedup), QueryTime: queryTime,
	}
	for _, f := range c.Fail {
		if f.set != nil {
			f.set(&options)
		}
	}
	system, err := local.Start(ctx, options)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("start the local system: %w; stop the program that is listening there (another %s, or LocalStack?), "+
			"or choose other ports with --api-addr and --aws-addr", err, s.command("local"))
	}
	if err != nil {
		return fmt.Errorf("start the local system: %w", err)
	}
	flags := *s.flags // the flags of a verb with --local that uses this system
	flags.Local, flags.LocalAPIURL, flags.LocalAWSURL = true, system.AWS.APIURL(), system.AWS.AWSURL()
	heroku, err := c.startHeroku(ctx, s.with(flags), system)
	if err != nil {
		return errors.Join(err, system.Close())
	}
	defer heroku.stop()
	meter, stopMeter := s.with(flags).watchMeter(ctx)
	defer stopMeter()
	page, err := c.startPage(ctx, s, flags, meter)
	if err != nil {
		return errors.Join(err, system.Close())
	}
	system.AWS.OnPublish(s.showNotification)
	injected := c.inject(system)
	if _, err := fmt.Fprintf(s.Stdout, "ready api=%s aws=%s page=%s%s\n", system.AWS.APIURL(), system.AWS.AWSURL(), page.url, heroku.ready()); err != nil {
		return errors.Join(fmt.Errorf("write to stdout: %w", err), page.stop(), system.Close())
	}
	for _, address := range []string{c.APIAddr, c.AWSAddr} {
		if host, _, err := net.SplitHostPort(address); err == nil && !loopback(host) {
			s.Note("Warning: anyone who can reach %s has full access (the access key is public). Listen on 127.0.0.1 to prevent that.", address)
		}
	}
	s.Note("Alerts follow %s.", from)
	if c.Data != "" {
		s.Note("All data is kept in %s.", c.Data)
	}
	c.explain(s, flags, page.url, heroku)
	running, stop := untilDiskFails(ctx, system)
	defer stop()
	verbs := s.with(flags)
	verbs.Installation = flags.installation(s.wait, verbs.command)
	repair := c.tellFailures(running, verbs, injected)
	defer repair()
	if c.Demo {
		err = demo(running, s, flags.installation(s.wait, s.command))
	} else {
		<-running.Done()
	}
	if running.Err() != nil {
		err = nil // Ctrl-C is how it is meant to end
	}
	s.noteMonthOf(meter)
	heroku.stop()
	level.Set(slog.LevelError + 1) // requests may be cut off now
	err = errors.Join(err, page.stop(), system.Close())
	if diskErr := system.AWS.DiskError(); diskErr != nil {
		return fmt.Errorf("the local system stopped: %w; everything that was answered before is kept: fix the cause and start it again", diskErr)
	}
	return err
}

// checkAddresses rejects listen addresses that none can be.
func (c *localCmd) checkAddresses() error {
	for _, address := range []struct{ flag, value string }{
		{"--api-addr", c.APIAddr}, {"--aws-addr", c.AWSAddr}, {"--page-addr", c.PageAddr}, {"--heroku-addr", c.HerokuAddr},
	} {
		if address.value == "" && address.flag != "--api-addr" && address.flag != "--aws-addr" {
			continue // not given
		}
		_, port, err := net.SplitHostPort(address.value)
		if err == nil {
			_, err = net.LookupPort("tcp", port)
		}
		if err != nil {
			return usagef("%s: %q is not an address: give a host and a port, such as 127.0.0.1:8080", address.flag, address.value)
		}
	}
	return nil
}

// untilDiskFails returns a context that also ends when the system cannot write to the folder of --data any more.
func untilDiskFails(ctx context.Context, system *local.System) (context.Context, context.CancelFunc) {
	running, stop := context.WithCancel(ctx)
	go func() {
		select {
		case <-system.AWS.DiskFailed():
			stop()
		case <-running.Done():
		}
	}()
	return running, stop
}

// rules returns the alert rules, and says which they are.
func (c *localCmd) rules() (set *alert.Set, from string, err error) {
	config, from, err := ruleConfig(c.AlertRules)
	if err != nil {
		return nil, "", err
	}
	set, err = alert.Compile(config)
	if err != nil || !c.Demo {
		return set, from, err
	}
	set, err = demoRules(set)
	return set, fmt.Sprintf("%s, except that %s of the app %s needs %d lines in %s, and has a cooldown of %s, to be over soon",
		from, demoRule, demoApp, demoThreshold, demoWindow, demoCooldown), err
}

// loopback reports whether only this machine can reach a listener on the host. An empty host means all addresses.
func loopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }
