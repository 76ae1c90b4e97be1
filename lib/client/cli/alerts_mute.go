package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/drain"
)

// ruleFlag chooses one rule of an app, or all.
type ruleFlag struct {
	Rule string `placeholder:"NAME" help:"Only this rule, such as H12. Without it, all rules of the app."`
}

// rule returns the rule for the API.
func (f ruleFlag) rule() string {
	if f.Rule == "" {
		return alert.AnyRule
	}
	return f.Rule
}

// text names the rule in a sentence.
func (f ruleFlag) text(app string) string {
	if f.Rule == "" {
		return "all rules for " + app
	}
	return f.Rule + " for " + app
}

// flags returns the flags that choose the same rule.
func (f ruleFlag) flags() string {
	if f.Rule == "" {
		return ""
	}
	return " --rule " + f.Rule
}

type alertsMuteCmd struct {
	appArg
	ruleFlag
	For alert.Duration `default:"1h" placeholder:"TIME" help:"How long, such as 30m, 2h or 7d (default ${default})."`
}

// Help is the sub-verb's long help.
func (alertsMuteCmd) Help() string {
	return `While a rule is muted, its lines are still counted, and 'alerts list' shows its state. If the alert fires when the mute ends, it is published then.
A second mute replaces the first.

Examples:

    heroku-drains-cli alerts mute -a shop --rule H12 --for 2h
    heroku-drains-cli alerts mute -a shop --for 30m`
}

// Run mutes the rule.
func (c *alertsMuteCmd) Run(ctx context.Context, s *session) error {
	app, err := s.app()
	if err != nil {
		return err
	}
	if err := s.checkDrain(ctx, app); err != nil {
		return err
	}
	until := time.Now().Add(time.Duration(c.For)).UTC().Truncate(time.Second)
	muted, err := callAlerts(ctx, s, "Muting "+c.text(app), func(api *apiclient.Client) (alert.Alert, error) {
		return api.Mute(ctx, app, c.rule(), until)
	})
	if refused, ok := errors.AsType[*apiclient.Error](err); ok && refused.Code == drain.InvalidMute {
		return usagef("--for %s: %s", c.For, refused.Message)
	}
	if err != nil {
		return fmt.Errorf("mute %s: %w", c.text(app), err)
	}
	s.Note("Muted %s until %s%s.", c.text(app), timeText(muted.MutedUntil), firingText(muted))
	s.Note("To end the mute: %s", s.command("alerts unmute -a %s%s", app, words(c.flags())))
	return s.printAlert(muted)
}

type alertsUnmuteCmd struct {
	appArg
	ruleFlag
}

// Help is the sub-verb's long help.
func (alertsUnmuteCmd) Help() string {
	return `Ends the mute of a rule, or the one of all rules; each ends only its own. If the alert fires, it is published now. If the app has no such
mute, it says so, and which ones it has.

Examples:

    heroku-drains-cli alerts unmute -a shop --rule H12
    heroku-drains-cli alerts unmute -a shop`
}

// Run ends the mute.
func (c *alertsUnmuteCmd) Run(ctx context.Context, s *session) error {
	app, err := s.app()
	if err != nil {
		return err
	}
	if err := s.checkDrain(ctx, app); err != nil {
		return err
	}
	unmuted, err := callAlerts(ctx, s, "Ending the mute of "+c.text(app), func(api *apiclient.Client) (alert.Unmuted, error) {
		return api.Unmute(ctx, app, c.rule())
	})
	if err != nil {
		return fmt.Errorf("end the mute of %s: %w", c.text(app), err)
	}
	if unmuted.WasMuted != nil && !*unmuted.WasMuted {
		s.Note("Nothing was changed: there was no mute of %s.%s", c.text(app), s.mutesOf(ctx, app))
	} else {
		s.Note("Ended the mute of %s%s.", c.text(app), firingText(unmuted.Alert))
	}
	if s.flags.Output != "json" {
		return nil
	}
	return s.PrintJSON(map[string]any{"data": unmuted})
}

// mutesOf says which mutes an app has, and how to end each. It begins with a space, or is empty if they cannot be read.
func (s *session) mutesOf(ctx context.Context, app string) string {
	api, err := s.API(ctx)
	if err != nil {
		return ""
	}
	all, err := api.Alerts(ctx)
	if err != nil {
		return ""
	}
	var mutes []string
	for _, a := range all {
		if a.App != app || a.MutedUntil.IsZero() {
			continue
		}
		rule := ruleFlag{}
		if a.Rule != alert.AnyRule {
			rule.Rule = a.Rule
		}
		mutes = append(mutes, fmt.Sprintf("%s until %s (to end it: %s)",
			rule.text(app), timeText(a.MutedUntil), s.command("alerts unmute -a %s%s", app, words(rule.flags()))))
	}
	if len(mutes) == 0 {
		return " Nothing is muted for " + app + "."
	}
	return " Muted: " + strings.Join(mutes, ", ") + "."
}
