package doctor

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/awscall/cfncall"
	"heroku-drains/lib/awscall/lambdacall"
	"heroku-drains/lib/awscall/logscall"
	"heroku-drains/lib/awscall/metricscall"
	"heroku-drains/lib/awscall/snscall"
	"heroku-drains/lib/awscall/sqscall"
	"heroku-drains/lib/client/cause"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// maxParallel is how many checks run at a time: few enough to stay below AWS's request quotas, and enough to examine a large fleet in seconds.
const maxParallel = 8

// Options says what to examine, and how.
type Options struct {
	App   string // the app whose drain is checked and gets a test line; empty: all drains are checked
	Local bool   // the installation is a local system

	Start   string                                  // the command line that starts the local system, in backticks, for fixes
	Command func(format string, args ...any) string // returns a command line of the CLI, in backticks, for fixes

	AWS     func(context.Context) (aws.Config, error)
	Profile string        // the AWS profile in use, for fixes; empty: the default one
	Stack   string        // name of the stack; empty: it is not checked
	Outputs stack.Outputs // what is known about the stack if it is not checked

	Heroku   *heroku.Client // nil: Heroku is not checked
	NoHeroku error          // why Heroku is nil: ErrHerokuExcluded, ErrHerokuUnreachable, heroku.ErrNoKey, or another error

	Alerts func(context.Context) error // lists the alerts with the API; nil: alerts are not checked

	// Connect returns the installation's drains, on AWS and at Heroku, or only on AWS if the client is nil.
	Connect func(context.Context, *heroku.Client) (Drains, error)
}

// The reasons to skip Heroku that are not failures.
var (
	ErrHerokuExcluded    = errors.New("--no-heroku was given")
	ErrHerokuUnreachable = errors.New("it cannot reach a local system")
)

// Drains is an installation's drains: a connect.Connector that can also list.
type Drains interface {
	ListAll(ctx context.Context, include ...drain.Detail) ([]connect.Connection, error)
	Inspect(ctx context.Context, app string) (connect.Connection, error)
	PutAWS(ctx context.Context, app string, change drain.Patch) (d drain.Drain, created bool, err error)
	AwaitActive(ctx context.Context, d drain.Drain) (drain.Drain, error)
	Verify(ctx context.Context, d drain.Drain) (time.Duration, error)
}

// Progress learns what Examine is doing. *term.Progress implements it.
type Progress interface {
	Step(format string, args ...any)
}

// examiner runs the checks of one examination.
type examiner struct {
	Options
	identity string // ARN of the caller, once known
	unlisted bool   // the drains could not be listed
}

// Examine checks an installation: first what everything depends on, then the drains. It stops when nothing further can be checked, or when ctx
// ends. Apart from sending the test line, it changes nothing.
func Examine(ctx context.Context, opts Options, progress Progress) Diagnosis {
	e := examiner{Options: opts}
	var d Diagnosis
	e.examine(ctx, &d, progress)
	d.sort()
	return d
}

func (e examiner) examine(ctx context.Context, d *Diagnosis, progress Progress) {
	cfg, err := e.AWS(ctx)
	if err != nil {
		f := Finding{Severity: Error, Check: CheckCredentials, What: cause.Plain(err), Fix: cause.Of(err).Fix(e.Profile)}
		if f.Fix == "" {
			f.Fix = "set credentials and a Region with `aws configure`, or choose them with --profile and --region"
		}
		d.add(f)
		return
	}
	var findings []Finding
	d.Identity, findings = e.credentials(ctx, sts.NewFromConfig(cfg))
	d.add(findings...)
	if d.Identity == "" {
		return
	}
	e.identity = d.Identity
	outputs, findings := e.outputs(ctx, cfg)
	d.add(findings...)
	if outputs.APIURL == "" {
		return
	}
	client, findings := e.account(ctx)
	d.add(findings...)
	drains, err := e.Connect(ctx, client)
	if err != nil {
		d.add(e.api("", err)...)
		return
	}
	conns, err := e.connections(ctx, drains)
	if err != nil {
		e.unlisted = true
		d.add(e.api(e.App, err)...)
	}
	d.Drains = len(conns)
	progress.Step("Checking %s…", plural.Count(len(conns), "drain"))
	if e.Local {
		d.add(Finding{
			Severity: Note, Check: CheckThrottling,
			What: "throttling was not checked: a local system has no metrics of functions",
		})
	}
	d.add(run(ctx, e.checks(ctx, cfg, outputs, conns))...)
	if e.App != "" && len(conns) == 1 {
		d.ProbeTime, findings = e.test(ctx, drains, conns[0])
		d.add(findings...)
	}
}

// outputs checks the stack, and returns its outputs.
func (e examiner) outputs(ctx context.Context, cfg aws.Config) (stack.Outputs, []Finding) {
	switch {
	case e.Stack != "":
		return e.stack(ctx, cfncall.New(cloudformation.NewFromConfig(cfg)))
	case e.Local:
		return e.Outputs, nil
	}
	return e.Outputs, []Finding{{
		Severity: Note, Check: CheckStack,
		What: "the stack, the dead letters and throttling were not checked: --api-url was given", Fix: "run doctor without --api-url",
	}}
}

// account checks that Heroku's API can be used, and returns a client if so.
func (e examiner) account(ctx context.Context) (*heroku.Client, []Finding) {
	err := e.NoHeroku
	if e.Heroku != nil {
		_, err = e.Heroku.Account(ctx)
	}
	if err == nil {
		return e.Heroku, nil
	}
	f := Finding{Severity: Note, Check: CheckHeroku, What: "Heroku was not checked: " + cause.Plain(err)}
	switch {
	case errors.Is(err, ErrHerokuUnreachable): // there is no fix
	case errors.Is(err, ErrHerokuExcluded):
		f.Fix = "run doctor without --no-heroku"
	case errors.Is(err, heroku.ErrNoKey):
		f.What = "Heroku was not checked: no Heroku API key was found"
		f.Fix = "run `heroku login`, then `export HEROKU_API_KEY=$(heroku auth:token)`"
	default:
		f.Severity = Error
		f.Fix = herokuFix
	}
	return nil, []Finding{f}
}

func (e examiner) connections(ctx context.Context, drains Drains) ([]connect.Connection, error) {
	if e.App == "" {
		return drains.ListAll(ctx, drain.IncludeCounts)
	}
	conn, err := drains.Inspect(ctx, e.App)
	if err != nil {
		return nil, err
	}
	return []connect.Connection{conn}, nil
}

// checks returns the checks that do not depend on each other.
func (e examiner) checks(ctx context.Context, cfg aws.Config, outputs stack.Outputs, conns []connect.Connection) []func(context.Context) []Finding {
	var checks []func(context.Context) []Finding
	add := func(check func(context.Context) []Finding) { checks = append(checks, check) }
	queues := sqscall.New(sqs.NewFromConfig(cfg))
	var known sources
	if outputs.DeadLetterQueueURL != "" {
		dead := deadletters.Queue{Client: queues, URL: outputs.DeadLetterQueueURL, Prefix: outputs.QueuePrefix}
		add(func(ctx context.Context) []Finding { return e.deadLetters(ctx, dead, conns) })
		known = listSources(ctx, queues, outputs.DeadLetterQueueURL)
		add(func(ctx context.Context) []Finding { return e.stranded(ctx, queues, outputs, known) })
	}
	functions := slices.DeleteFunc([]string{outputs.DrainsFunction, outputs.StorageFunction, outputs.AlertsFunction}, func(name string) bool { return name == "" })
	if len(functions) > 0 && !e.Local { // the local system has neither these metrics nor other functions in its account
		add(func(ctx context.Context) []Finding {
			return e.throttling(ctx, metricscall.New(cloudwatch.NewFromConfig(cfg)), functions, time.Now())
		})
		add(func(ctx context.Context) []Finding {
			return e.concurrency(ctx, lambdacall.New(lambda.NewFromConfig(cfg)), conns)
		})
	}
	for _, function := range functions {
		add(func(ctx context.Context) []Finding {
			return e.functionLog(ctx, logscall.New(cloudwatchlogs.NewFromConfig(cfg)), function, time.Now())
		})
	}
	if e.Alerts != nil {
		add(e.alertsAPI)
	}
	if outputs.AlertsFunction != "" && outputs.AlertsQueueURL != "" {
		add(func(ctx context.Context) []Finding {
			return e.alertsQueue(ctx, queues, lambdacall.New(lambda.NewFromConfig(cfg)), outputs)
		})
	}
	if outputs.AlertsTopic != "" && !e.Local { // the local system shows the alerts itself
		add(func(ctx context.Context) []Finding {
			return e.subscribers(ctx, snscall.New(sns.NewFromConfig(cfg)), outputs.AlertsTopic)
		})
	}
	for _, conn := range conns {
		add(func(ctx context.Context) []Finding {
			return slices.Concat(e.drain(conn.Drain, time.Now()), e.subscription(conn), e.queue(ctx, queues, conn.Drain, outputs.DeadLetterQueueURL, known))
		})
	}
	return checks
}

// run runs checks, at most maxParallel at a time, and returns their findings in the order of the checks. Once ctx has ended, it starts no
// further checks.
func run(ctx context.Context, checks []func(context.Context) []Finding) []Finding {
	results := make([][]Finding, len(checks))
	var running errgroup.Group
	running.SetLimit(maxParallel)
	for i, check := range checks {
		running.Go(func() error {
			if ctx.Err() == nil {
				results[i] = check(ctx)
			}
			return nil
		})
	}
	_ = running.Wait() // a check that fails returns a finding
	return slices.Concat(results...)
}
