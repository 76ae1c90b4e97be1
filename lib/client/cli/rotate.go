package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/client/rotation"
	"heroku-drains/lib/client/term"
)

type rotateCmd struct {
	Force      bool   `help:"Make a new key although apps may still use the previous one: their lines are refused from then on."`
	SigningKey string `placeholder:"SECRET" help:"The signing key's name or ARN, instead of asking the stack for it."`
	DryRun     bool   `help:"Say what would be done, and do nothing."`
}

// Help is the verb's long help.
func (rotateCmd) Help() string {
	return `Makes a new signing key, and moves every app at Heroku to the drain URL that holds its new password: the new log drain is
added and proven with a test line that has to be stored, and only then the old one is removed. The passwords of the key before stay
good until the next rotation, so no line is lost. While an app has both drains, for some seconds, its lines are stored twice; and it
takes one more of the drains that Heroku allows an app.

Killed at any point, the next rotate finishes what was left, and makes no other key. It tries the apps again that
could not be moved, which are named; with -a one app alone. As long as an app may still use the previous key, there is no next key, unless --force.

To shut out a drain URL that has leaked, rotate twice. Your AWS identity needs secretsmanager:DescribeSecret and
secretsmanager:PutSecretValue on the key, and never reads it.

Examples:

    heroku-drains-cli rotate --dry-run
    heroku-drains-cli rotate
    heroku-drains-cli rotate -a shop
    heroku-drains-cli rotate --output json | jq -r '.data.apps[] | select(.error) | .app'`
}

// Run rotates, or finishes an earlier rotation.
func (c *rotateCmd) Run(ctx context.Context, s *session) error {
	r, err := c.rotator(ctx, s)
	if err != nil {
		return err
	}
	p := s.StartProgress("Looking at the signing key, and at the apps at Heroku…")
	defer p.Stop()
	survey, err := r.Survey(ctx, s.flags.App)
	if err != nil {
		return fmt.Errorf("rotate: %w", err)
	}
	finish := s.flags.App != "" || survey.Any(rotation.Behind)
	if c.DryRun {
		p.Stop()
		return s.printRotation(c.preview(survey, finish))
	}
	done := rotationView{Apps: survey.Apps}
	if finish {
		done.Apps = s.move(ctx, p, r, survey.Apps, false)
		if s.flags.App != "" || !c.Force {
			p.Stop()
			return s.endRotation(ctx, done)
		}
		if survey, err = r.Survey(ctx, ""); err != nil {
			return fmt.Errorf("rotate: %w", err)
		}
	}
	if survey.Rotated() && survey.Any(rotation.Unknown) && !c.Force {
		p.Stop()
		return s.endRotation(ctx, done)
	}
	p.Step("Making a new signing key, and waiting until it is known everywhere…")
	if err := r.NewKey(ctx, survey); err != nil {
		return fmt.Errorf("rotate: %w", err)
	}
	done.NewKey = true
	done.Apps = s.move(ctx, p, r, survey.Apps, true)
	p.Stop()
	return s.endRotation(ctx, done)
}

// rotator asks for what a rotation takes.
func (c *rotateCmd) rotator(ctx context.Context, s *session) (*rotation.Rotator, error) {
	if s.flags.App != "" {
		if _, err := s.app(); err != nil {
			return nil, err
		}
	}
	if s.flags.NoHeroku || s.localOnly() {
		return nil, usagef("rotate changes log drains at Heroku, and cannot leave it out; with --local, HEROKU_API_URL says which Heroku")
	}
	both, err := s.sides(ctx)
	if err != nil {
		return nil, err
	}
	cfg, err := s.awsConfig(ctx)
	if err != nil {
		return nil, err
	}
	secret := c.SigningKey
	if secret == "" {
		outputs, err := s.outputs(ctx, cfg)
		if err != nil {
			return nil, err
		}
		if secret = outputs.SigningKey; secret == "" {
			return nil, usagef("it is not known which secret the signing key is: leave --api-url out, deploy the stack anew, or give --signing-key")
		}
	}
	return &rotation.Rotator{
		Connector: both.Paced(), Secrets: secretsmanager.NewFromConfig(cfg), Secret: secret, Width: fleetWidth,
	}, nil
}

// move moves apps, all of them or those that are not current, and answers how all are doing then.
func (s *session) move(ctx context.Context, p *term.Progress, r *rotation.Rotator, apps []rotation.App, all bool) []rotation.App {
	moved := slices.Clone(apps)
	var todo []int
	for i, app := range moved {
		if app.State != rotation.Absent && (all || app.State != rotation.Current) {
			todo = append(todo, i)
		}
	}
	p.Count("Moving apps to their new drain URLs", len(todo))
	fleet.Each(ctx, r.Width, todo, func(i int) {
		moved[i] = r.Move(ctx, moved[i])
		p.Did("%s: %s", moved[i].Name, stateText(moved[i]))
	})
	return moved
}

// preview is what a rotation would do.
func (c *rotateCmd) preview(survey rotation.Survey, finish bool) rotationView {
	v := rotationView{DryRun: true, Apps: survey.Apps}
	v.NewKey = !finish && (c.Force || !survey.Rotated() || !survey.Any(rotation.Unknown))
	return v
}

// endRotation shows what has become of the apps; some being left is an error.
func (s *session) endRotation(ctx context.Context, v rotationView) error {
	if ctx.Err() != nil {
		s.Note("The same rotate goes on from here.")
		return ctx.Err()
	}
	if err := s.printRotation(v); err != nil {
		return err
	}
	left := 0
	for _, app := range v.Apps {
		if app.State == rotation.Behind || app.State == rotation.Unknown {
			left++
		}
	}
	switch {
	case left > 0 && v.NewKey:
		return fmt.Errorf("%d of %d apps could not be moved; the password that they have stays good until the next rotation: "+
			"the same rotate finishes them", left, len(v.Apps))
	case left > 0:
		return fmt.Errorf("%d of %d apps may still use the previous key, so no new one was made: cure what stands beside them, "+
			"and rotate again; --force makes a new key all the same, and shuts them out", left, len(v.Apps))
	case v.NewKey:
		s.Note("Every app at Heroku uses the new key. The passwords of the one before stay good until the next rotation.")
	case s.flags.App != "":
		s.Note("%s uses the current key.", s.flags.App)
	default:
		s.Note("An earlier rotation was not finished. It is now, and no other key was made: rotate again for a new one.")
	}
	return nil
}
