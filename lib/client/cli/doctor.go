package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/doctor"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/client/term"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

type doctorCmd struct{}

// Help is the verb's long help.
func (doctorCmd) Help() string {
	return `Checks the AWS credentials and the clock, the stack, the API, every drain's parts on both sides, dead letters, whether
policies are in the way, and what AWS throttled in the last hour. Changes nothing. Each finding comes with its fix:

    error      lines are lost, or not stored
    warning    they may be, or something cannot be seen to be well
    note       what could not be checked, or passes by itself

With -a it checks that app's drain alone, sends it a test line as Heroku would, and says how long the line took to its log stream. For
that it asks the API for the drain's URL, with a put that changes no setting.

Exit code 1 if there are errors or warnings.

Examples:

    heroku-drains-cli doctor
    heroku-drains-cli doctor -a shop
    heroku-drains-cli doctor --output json | jq -r '.data.findings[] | select(.severity == "error") | .fix'`
}

// Run checks, and shows what it found.
func (doctorCmd) Run(ctx context.Context, s *session) error {
	app := ""
	if s.flags.App != "" {
		var err error
		if app, err = s.app(); err != nil {
			return err
		}
	}
	p := s.StartProgress("Checking…")
	defer p.Stop()
	own := *s // whose flags change with what can be asked
	flags := *s.flags
	own.flags = &flags
	e := &examination{session: &own, doctor: doctor.Doctor{Command: program, Local: flags.Local}, app: app, progress: p}
	e.examine(ctx)
	p.Stop()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := s.printDiagnosis(e.diagnosis); err != nil {
		return err
	}
	return e.diagnosis.trouble()
}

// examination is one run of doctor.
type examination struct {
	*session
	doctor   doctor.Doctor
	app      string // empty: all
	progress *term.Progress
	diagnosis
}

func (e *examination) add(findings ...doctor.Finding) { e.Findings = append(e.Findings, findings...) }

// unchecked adds what could not be checked.
func (e *examination) unchecked(check, what, fix string) {
	e.add(doctor.Finding{Severity: doctor.Note, Check: check, What: what, Fix: fix})
}

// examine goes from what everything depends on to the single drains, and stops where nothing further can be asked.
func (e *examination) examine(ctx context.Context) {
	cfg, err := e.AWS(ctx)
	if err != nil {
		e.add(doctor.Finding{Severity: doctor.Error, Check: "credentials", What: err.Error(),
			Fix: "`aws configure` sets credentials and a region; --profile and --region choose among several"})
		return
	}
	var findings []doctor.Finding
	e.Identity, findings = e.doctor.Credentials(ctx, sts.NewFromConfig(cfg))
	e.add(findings...)
	e.doctor.Who = e.Identity
	if e.Identity == "" || !e.checkStack(ctx, cfg) {
		return
	}
	e.checkHerokuKey(ctx)
	both, err := e.Sides(ctx)
	if err != nil {
		e.add(e.doctor.API("", err)...)
		return
	}
	both.Progress = e.progress
	conns, err := e.connections(ctx, both)
	if err != nil {
		e.add(e.doctor.API(e.app, err)...)
	}
	e.Drains = len(conns)
	e.progress.Step("Checking %d drains…", len(conns))
	e.add(doctor.Run(ctx, e.checks(cfg, both, conns))...)
	if e.app != "" && len(conns) == 1 {
		e.probe(ctx, both, conns[0])
	}
}

// checkStack looks at the stack, unless the flags lead past it, and tells whether it says where the API is.
func (e *examination) checkStack(ctx context.Context, cfg aws.Config) bool {
	switch {
	case e.flags.Local:
		return true
	case e.flags.APIURL != "":
		e.unchecked("stack", "the stack was not checked, nor dead letters and throttling: --api-url leaves it out", "leave --api-url out")
		return true
	}
	wanted := []string{
		stack.OutputAPIURL, stack.OutputDeadLetterQueue, stack.OutputQueuePrefix, stack.OutputDrainsFunction, stack.OutputStorageFunction,
	}
	findings := e.doctor.Stack(ctx, cloudformation.NewFromConfig(cfg), e.flags.Stack, wanted)
	e.add(findings...)
	outputs, err := e.Outputs(ctx)
	if err != nil && len(findings) == 0 { // it is gone between two calls
		e.add(e.doctor.API("", err)...)
	}
	return outputs.APIURL != ""
}

// checkHerokuKey looks whether Heroku can be asked, and leaves it out if not.
func (e *examination) checkHerokuKey(ctx context.Context) {
	const unchecked = "the Heroku side was not checked: "
	client, err := e.Heroku()
	if err == nil && client != nil {
		_, err = client.Account(ctx)
	}
	switch {
	case errors.Is(err, heroku.ErrNoKey):
		e.unchecked("heroku", unchecked+"there is no Heroku API key", "`heroku login`, then `export HEROKU_API_KEY=$(heroku auth:token)`")
	case err != nil:
		e.add(doctor.Finding{Severity: doctor.Error, Check: "heroku", What: unchecked + err.Error(), Fix: "mend that, or give --no-heroku"})
	case client == nil && e.flags.NoHeroku:
		e.unchecked("heroku", unchecked+"--no-heroku", "leave --no-heroku out")
	case client == nil:
		e.unchecked("heroku", unchecked+"it cannot reach what runs on this machine", "nothing is to be done")
	}
	e.flags.NoHeroku = err != nil || client == nil
	e.session.Installation = e.flags.installation(e.wait)
}

// connections are the drains to check.
func (e *examination) connections(ctx context.Context, both *installation.Sides) ([]connect.Connection, error) {
	if e.app == "" {
		return both.ListAll(ctx)
	}
	conn, err := both.Inspect(ctx, e.app)
	if err != nil {
		return nil, err
	}
	return []connect.Connection{conn}, nil
}

// checks are those that need not wait for each other.
func (e *examination) checks(cfg aws.Config, both *installation.Sides, conns []connect.Connection) []func(context.Context) []doctor.Finding {
	var checks []func(context.Context) []doctor.Finding
	add := func(check func(context.Context) []doctor.Finding) { checks = append(checks, check) }
	if both.DeadLetterQueue != nil {
		add(func(ctx context.Context) []doctor.Finding {
			return e.doctor.DeadLetters(ctx, *both.DeadLetterQueue, e.app)
		})
	}
	if e.flags.Local {
		e.unchecked("throttling", "throttling and the functions' policies were not checked: what runs on this machine has no metrics and no such log",
			"nothing is to be done")
	}
	functions := e.functions()
	if len(functions) > 0 {
		add(func(ctx context.Context) []doctor.Finding {
			return e.doctor.Throttling(ctx, cloudwatch.NewFromConfig(cfg), functions, time.Now())
		})
	}
	for _, function := range functions {
		add(func(ctx context.Context) []doctor.Finding {
			return e.doctor.Policies(ctx, cloudwatchlogs.NewFromConfig(cfg), function, time.Now())
		})
	}
	queues := sqs.NewFromConfig(cfg)
	for _, conn := range conns {
		add(func(ctx context.Context) []doctor.Finding {
			findings := append(e.doctor.Drain(conn.Drain), e.doctor.Heroku(conn)...)
			if both.DeadLetterQueue != nil {
				findings = append(findings, e.doctor.Queue(ctx, queues, conn.Drain, both.DeadLetterQueue.URL)...)
			}
			return findings
		})
	}
	return checks
}

// functions returns the names of the stack's functions, or none if the stack is unknown.
func (e *examination) functions() []string {
	if e.IsLocal() || e.flags.APIURL != "" {
		return nil
	}
	outputs, err := e.Outputs(context.Background())
	if err != nil {
		return nil
	}
	functions := []string{outputs.DrainsFunction, outputs.StorageFunction}
	return slices.DeleteFunc(functions, func(name string) bool { return name == "" })
}

// probe sends a drain a test line, if it can be expected to arrive.
func (e *examination) probe(ctx context.Context, both *installation.Sides, conn connect.Connection) {
	if conn.State != drain.Active {
		e.unchecked("probe", fmt.Sprintf("no test line was sent: the drain is %s", conn.State), "mend that first")
		return
	}
	d, _, err := both.PutAWS(ctx, e.app, drain.Patch{})
	if err == nil {
		d, err = both.AwaitActive(ctx, d)
	}
	if err != nil {
		e.add(e.doctor.API(e.app, err)...)
		return
	}
	took, findings := e.doctor.Probe(ctx, both.Connector, d)
	e.ProbeSeconds = took.Seconds()
	e.add(findings...)
}
