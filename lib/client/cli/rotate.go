package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"heroku-drains/lib/awscall/secretscall"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/client/rotation"
)

type rotateCmd struct {
	appArg

	Force      bool   `help:"Create a key even if apps may still use the previous one: their lines are rejected from then on."`
	SigningKey string `placeholder:"SECRET" help:"Name or ARN of the signing key, instead of reading it from the stack."`
	NoVerify   bool   `help:"Do not send test lines."`
	DryRun     bool   `help:"Show what would change, without changing anything."`
}

// Help is the verb's long help.
func (rotateCmd) Help() string {
	return `Creates a new signing key, and moves every app at Heroku to the drain URL with its new password: rotate adds the new log drain,
verifies it with a test line, and only then removes the old one. The passwords of the previous key stay valid until the next rotation,
so no line is lost. For a few seconds an app has both drains: its lines are stored twice, and it uses one more of the log drains that Heroku
allows per app.

If a rotation is interrupted, or could not move some apps, the next rotate finishes it and creates no key; with -a, only for that app.
While an app may still use the previous key, rotate creates no key unless --force is given.

An app whose new log drain accepts the test line is moved even if the line is not found in its log stream; rotate then fails at the end,
and 'doctor -a APP' finds out why.

To lock out a leaked drain URL, rotate twice. Your AWS identity needs secretsmanager:DescribeSecret and
secretsmanager:PutSecretValue on the key. rotate never reads the key.

Asks before it changes anything for the stack's name, with -a for the app's, unless --confirm has it, or with --yes.

Examples:

    heroku-drains-cli rotate --dry-run
    heroku-drains-cli rotate
    heroku-drains-cli rotate -a shop --confirm shop
    heroku-drains-cli rotate --yes --output json | jq -r '.data.apps[] | select(.error) | .app'`
}

// Run rotates the signing key, or finishes an earlier rotation.
func (c *rotateCmd) Run(ctx context.Context, s *session) error {
	app, err := s.optionalApp()
	if err != nil {
		return err
	}
	r, err := c.rotator(ctx, s)
	if err != nil {
		return err
	}
	opts := rotation.Options{App: app, Force: c.Force, SkipVerify: c.NoVerify}
	p := s.StartProgress("Checking the signing key, and the apps at Heroku…")
	defer p.Stop()
	r.Connector.Waits = p.Waits
	if c.DryRun {
		expected, err := r.Preview(ctx, opts, p)
		p.Stop()
		if err != nil {
			return fmt.Errorf("rotate: %w", err)
		}
		return c.printPreview(s, app, expected)
	}
	if !s.unasked() {
		expected, err := r.Preview(ctx, opts, p)
		p.Stop()
		if err != nil {
			return fmt.Errorf("rotate: %w", err)
		}
		changes := c.changes(r, app, expected)
		if len(changes) == 0 { // an app of unknown state is not tried again: that could change what nobody was asked about
			return c.print(s, app, expected)
		}
		if err := s.confirm(ctx, cmp.Or(app, s.flags.Stack), changes); err != nil {
			return err
		}
		opts.Previewed = &expected
		p = s.StartProgress("Rotating the signing key…")
		defer p.Stop()
		r.Connector.Waits = p.Waits
	} else if err := s.confirm(ctx, cmp.Or(app, s.flags.Stack), nil); err != nil { // --confirm may have another name
		return err
	}
	result, err := r.Rotate(ctx, opts, plainProgress{p})
	p.Stop()
	if err != nil {
		if ctx.Err() != nil {
			s.Note("To continue, run %s again.", s.again())
		}
		return fmt.Errorf("rotate: %w", err)
	}
	return c.print(s, app, result)
}

// rotator builds the Rotator from the flags.
func (c *rotateCmd) rotator(ctx context.Context, s *session) (*rotation.Rotator, error) {
	switch {
	case s.flags.NoHeroku:
		return nil, usagef("rotate needs Heroku: leave out --no-heroku")
	case s.HerokuUnreachable(ctx):
		return nil, usagef("rotate needs Heroku, which cannot reach a local system. %s", s.localHeroku("To try it", s.anApp()))
	}
	s.needsHeroku = true
	both, err := s.Sides(ctx)
	if err != nil {
		return nil, err
	}
	cfg, err := s.AWS(ctx)
	if err != nil {
		return nil, err
	}
	secret := c.SigningKey
	if secret == "" {
		outputs, err := s.Outputs(ctx)
		if err != nil {
			return nil, err
		}
		if secret = outputs.SigningKey; secret == "" {
			return nil, usagef("unknown signing key: give --signing-key, or leave out --api-url to read it from the stack")
		}
	}
	return &rotation.Rotator{
		Again:     s.again(),
		Connector: both.Paced(), Secrets: secretscall.New(secretsmanager.NewFromConfig(cfg)), Secret: secret,
	}, nil
}

// changes returns what a rotation with this preview changes. It is empty if the rotation changes nothing.
func (c *rotateCmd) changes(r *rotation.Rotator, app string, expected rotation.Result) []string {
	var changes []string
	if expected.NewKey {
		changes = append(changes, "create a new signing key; the passwords of the present one stay valid until the next rotation")
	}
	var moved, tried []string
	for _, a := range expected.Apps {
		switch {
		case a.State == rotation.Unknown && (expected.NewKey || expected.Resumed):
			tried = append(tried, a.Name)
		case a.State == rotation.Behind, expected.NewKey && a.State == rotation.Current:
			moved = append(moved, a.Name)
		}
	}
	if len(moved) > 0 {
		changes = append(changes, fmt.Sprintf("give %s at Heroku a drain URL with a new password: %s", plural.Count(len(moved), "app"), shortened(strings.Join(moved, ", "))),
			"store lines of an app twice for a few seconds, while it has its old and its new log drain")
		if takes := leastText(r.Least(len(moved)), r.Connector.Heroku.Least(len(moved)*rotation.MoveRequests)); takes != "" {
			changes = append(changes, "take "+takes)
		}
	}
	if len(tried) > 0 {
		changes = append(changes, fmt.Sprintf("try to move %s whose state is unknown: %s", plural.Count(len(tried), "app"), shortened(strings.Join(tried, ", "))))
	}
	return changes
}

// printPreview shows what a rotation would do. app is empty for all apps.
func (c *rotateCmd) printPreview(s *session, app string, expected rotation.Result) error {
	if s.flags.Output == "json" {
		return s.PrintJSON(map[string]any{"dry_run": true, "data": rotationData(expected)})
	}
	s.Note("Dry run: nothing was changed.")
	switch {
	case expected.NewKey:
		s.Note("Would create a new signing key and move these apps to it (absent apps are skipped):")
	case expected.Resumed || app != "":
		s.Note("Would create no new signing key, only move the apps that do not use the current one:")
	default:
		s.Note("Would create no new signing key, because some apps may still use the previous one (--force creates one anyway):")
	}
	return c.printApps(s, expected.Apps)
}

// print shows the result of a rotation. It returns an error if apps are left.
func (c *rotateCmd) print(s *session, app string, result rotation.Result) error {
	if s.flags.Output == "json" {
		if err := s.PrintJSON(map[string]any{"data": rotationData(result)}); err != nil {
			return err
		}
	} else if err := c.printApps(s, result.Apps); err != nil {
		return err
	}
	left := result.Left()
	outOf := fmt.Sprintf("%d of %s", left, plural.Count(len(result.Apps), "app"))
	switch {
	case left > 0 && result.NewKey:
		return fmt.Errorf("rotate: %s could not be moved; old passwords stay valid until the next rotation. To finish, run %s again", outOf, s.again())
	case left > 0 && app != "":
		return fmt.Errorf("rotate: %s may still use the previous key (see STATE). Fix the cause, then run %s again", app, s.again())
	case left > 0:
		return fmt.Errorf("rotate: %s may still use the previous key, so no new one was created (see STATE). "+
			"Fix the cause, then run %s again; --force creates a key anyway, and locks these apps out", outOf, s.again())
	case result.Unverified() > 0:
		return fmt.Errorf("rotate: every app was moved, but the test line of %d of %s was not found (see STATE). Find out why: %s",
			result.Unverified(), plural.Count(len(result.Apps), "app"), s.command("doctor -a %s", result.FirstUnverified()))
	case result.NewKey:
		s.Note("Every app at Heroku uses the new key. Passwords of the previous key stay valid until the next rotation.")
	case app != "" && result.Apps[0].State == rotation.Absent:
		s.Note("Heroku does not send to the drain for %s, so there was nothing to move.", app)
	case app != "":
		s.Note("%s uses the current key.", app)
	default:
		s.Note("Finished an earlier rotation, and created no new key. To create one, run %s again.", s.again())
	}
	return nil
}

// printApps shows one app per line.
func (c *rotateCmd) printApps(s *session, apps []rotation.App) error {
	var rows [][]string
	for _, app := range apps {
		text := string(app.State)
		if app.State == rotation.Absent {
			text += ": Heroku does not send to it"
		}
		if app.Err != nil {
			text += ": " + errorText(app.Err)
		}
		rows = append(rows, []string{app.Name, text})
	}
	return s.PrintTable([]string{"APP", "STATE"}, rows)
}

// rotationData returns a result in the form of the JSON output.
func rotationData(result rotation.Result) any {
	type app struct {
		App   string         `json:"app"`
		State rotation.State `json:"state"`
		Error string         `json:"error,omitempty"`
	}
	apps := []app{}
	for _, a := range result.Apps {
		shown := app{App: a.Name, State: a.State}
		if a.Err != nil {
			shown.Error = errorText(a.Err)
		}
		apps = append(apps, shown)
	}
	return map[string]any{"new_key": result.NewKey, "apps": apps}
}
