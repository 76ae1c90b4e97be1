package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/fatih/color"

	"heroku-drains/lib/client/doctor"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/plural"
)

type doctorCmd struct{ appArg }

// Help is the verb's long help.
func (doctorCmd) Help() string {
	return `Checks the AWS credentials, the clock, the stack, the API, both sides of every drain, dead letters, policies, throttling in the last
hour, whether durable dedup failed, whether storing lines can use up the account's Lambda concurrency, and whether alerts are published, and
reach somebody. Changes nothing. Each finding comes with a fix:

    error      lines are lost or not stored, or no alert is published
    warning    lines may be lost, alerts reach nobody, or a part was not checked
    note       a part was left out intentionally, or the state is temporary

With -a, it checks only that app's drain, sends it a test line as Heroku would, and shows how long the line took to be stored. To get the
drain's URL for the test, it calls the API's PUT, which changes no settings.

The exit code is 1 if there are errors or warnings.

Examples:

    heroku-drains-cli doctor
    heroku-drains-cli doctor -a shop
    heroku-drains-cli doctor --output json | jq -r '.data.findings[] | select(.severity == "error") | .fix'`
}

// Run examines the installation, and shows the findings.
func (c doctorCmd) Run(ctx context.Context, s *session) error {
	opts, err := c.options(ctx, s)
	if err != nil {
		return err
	}
	p := s.StartProgress("Checking…")
	defer p.Stop()
	opts.Connect = func(ctx context.Context, client *heroku.Client) (doctor.Drains, error) {
		both, err := s.SidesWith(ctx, client)
		if err != nil {
			return nil, err
		}
		both.Progress = p
		return both, nil
	}
	opts.Alerts = func(ctx context.Context) error {
		api, err := s.API(ctx)
		if err == nil {
			_, err = api.Alerts(ctx)
		}
		return err
	}
	d := doctor.Examine(ctx, opts, p)
	p.Stop()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := c.print(s, d); err != nil {
		return err
	}
	return troubleError(d)
}

// options returns the options that the flags ask for, without Connect.
func (c doctorCmd) options(ctx context.Context, s *session) (doctor.Options, error) {
	opts := doctor.Options{Local: s.IsLocal(), Start: s.localCommand(), Command: s.command, Profile: s.flags.Profile, AWS: s.AWS, Stack: s.flags.Stack}
	var err error
	if opts.App, err = s.optionalApp(); err != nil {
		return opts, err
	}
	if s.IsLocal() || s.flags.APIURL != "" { // Outputs does not read the stack then
		opts.Stack = ""
		if opts.Outputs, err = s.Outputs(ctx); err != nil {
			return opts, err
		}
	}
	opts.Heroku, opts.NoHeroku = s.Heroku(ctx)
	if opts.Heroku == nil && opts.NoHeroku == nil {
		opts.NoHeroku = doctor.ErrHerokuUnreachable
		if s.flags.NoHeroku {
			opts.NoHeroku = doctor.ErrHerokuExcluded
		}
	}
	return opts, nil
}

// troubleError returns the error for a diagnosis with errors or warnings, or nil.
func troubleError(d doctor.Diagnosis) error {
	var found []string
	for _, severity := range []doctor.Severity{doctor.Error, doctor.Warning} {
		if n := d.Count(severity); n > 0 {
			found = append(found, plural.Count(n, string(severity)))
		}
	}
	if len(found) == 0 {
		return nil
	}
	return errors.New("doctor found " + strings.Join(found, " and "))
}

// diagnosisView is a diagnosis as JSON.
type diagnosisView struct {
	Identity     string           `json:"identity,omitempty"`
	Drains       int              `json:"drains"`
	ProbeSeconds float64          `json:"probe_seconds,omitempty"`
	Findings     []doctor.Finding `json:"findings"`
}

// print shows the findings, each with its fix, and what is fine.
func (c doctorCmd) print(s *session, d doctor.Diagnosis) error {
	if s.flags.Output == "json" {
		v := diagnosisView{Identity: d.Identity, Drains: d.Drains, ProbeSeconds: d.ProbeTime.Seconds(), Findings: []doctor.Finding{}}
		for _, f := range d.Findings {
			f.What, f.Fix = masked(f.What), masked(f.Fix)
			v.Findings = append(v.Findings, f)
		}
		return s.PrintJSON(map[string]diagnosisView{"data": v})
	}
	clean := s.Cleaner()
	for _, f := range d.Findings {
		subject := string(f.Check)
		if f.App != "" {
			subject = f.App + ", " + subject
		}
		lines := []string{clean(masked(subject + ": " + f.What))}
		if f.Fix != "" {
			lines = append(lines, clean(masked("fix: "+f.Fix)))
		}
		if err := s.PrintVerdict(string(f.Severity), severityColor(f.Severity), lines...); err != nil {
			return err
		}
	}
	var fine []string
	if d.Identity != "" {
		fine = append(fine, "credentials: "+d.Identity)
	}
	if d.Drains > 0 && d.Healthy() {
		fine = append(fine, fmt.Sprintf("drains: %d", d.Drains))
	}
	if d.ProbeTime > 0 {
		fine = append(fine, fmt.Sprintf("probe: a test line was stored after %.2f s", d.ProbeTime.Seconds()))
	}
	for _, text := range fine {
		if err := s.PrintVerdict("ok", color.FgGreen, clean(text)); err != nil {
			return err
		}
	}
	return nil
}

func severityColor(severity doctor.Severity) color.Attribute {
	switch severity {
	case doctor.Error:
		return color.FgRed
	case doctor.Warning:
		return color.FgYellow
	}
	return color.FgCyan
}
