package fleet

import (
	"cmp"
	"fmt"
	"slices"

	"heroku-drains/lib/drain"
)

// Action is what a Step does to an app's drain.
type Action string

// The actions, in the order of a Plan's steps.
const (
	Create Action = "create" // the app has no drain
	Change Action = "change" // the settings differ from the wanted ones
	Repair Action = "repair" // something is missing or disabled, on AWS or at Heroku
	Orphan Action = "orphan" // the drain is not in the fleet: it is deleted only with Options.Prune
	Skip   Action = "skip"   // the app cannot have a drain
)

// Step says what to do about one app, and why.
type Step struct {
	App      string      `json:"app"`
	Action   Action      `json:"action"`
	Reasons  []string    `json:"reasons"`
	Settings drain.Patch `json:"settings"`         // the wanted ones; settings that it does not give stay unchanged
	Problem  bool        `json:"problem"`          // the app is skipped because of an error that may be temporary
	NoApp    bool        `json:"no_app,omitempty"` // an orphan whose app is deleted, or that this Heroku account has no access to
}

// Plan says what to do to make the drains match the fleet. The steps are sorted by action, then by app.
type Plan struct {
	Steps     []Step `json:"steps"`
	Unchanged int    `json:"unchanged"` // number of apps whose drains match already
}

// HerokuApp is what Heroku knows about an app.
type HerokuApp struct {
	Exists   bool  // and this account can access it
	Fir      bool  // the app is of the generation that has no log drains
	Drains   int   // number of log drains that lead to the app's drain
	Rejected bool  // the drain accepts none of their passwords
	Err      error // why the app is unknown
}

// Fleet is the input of a Plan: the wanted drains and the existing ones.
type Fleet struct {
	Wanted   map[string]drain.Patch // the apps that should have a drain
	Excluded func(app string) bool  // reports whether an app is left alone, wanted or not
	Drains   []drain.Drain          // all drains on AWS
	Heroku   map[string]HerokuApp   // the apps of Wanted and Drains, and others that send here; nil: Heroku is skipped
}

// Plan compares the wanted drains with the existing ones.
func (f Fleet) Plan() Plan {
	plan := Plan{Steps: []Step{}}
	drains := map[string]drain.Drain{}
	for _, d := range f.Drains {
		drains[d.App] = d
	}
	for app := range f.apps() {
		d, exists := drains[app]
		step := f.step(app, d, exists)
		if step.Action == "" {
			plan.Unchanged++
			continue
		}
		plan.Steps = append(plan.Steps, step)
	}
	order := []Action{Create, Change, Repair, Orphan, Skip}
	slices.SortStableFunc(plan.Steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Action), slices.Index(order, b.Action)), cmp.Compare(a.App, b.App))
	})
	return plan
}

// apps returns the apps to compare: those that are wanted or have a drain on either side, and are not excluded. Logs that a delete kept are not
// a drain.
func (f Fleet) apps() map[string]bool {
	apps := map[string]bool{}
	for app := range f.Wanted {
		apps[app] = true
	}
	for _, d := range f.Drains {
		if !d.Archived() {
			apps[d.App] = true
		}
	}
	for app, h := range f.Heroku {
		if h.Drains > 0 {
			apps[app] = true
		}
	}
	for app := range apps {
		if f.Excluded(app) {
			delete(apps, app)
		}
	}
	return apps
}

// step returns what to do about one app. A Step without an Action means that there is nothing to do.
func (f Fleet) step(app string, d drain.Drain, exists bool) Step {
	wanted, isWanted := f.Wanted[app]
	step := Step{App: app, Settings: wanted}
	if !isWanted {
		step.Action, step.Reasons = Orphan, []string{"it is not in the fleet"}
		if h := f.Heroku[app]; f.Heroku != nil && h.Err == nil && !h.Exists {
			step.NoApp, step.Reasons = true, append(step.Reasons, noApp)
		}
		return step
	}
	if f.Heroku != nil {
		if reason, problem := f.Heroku[app].obstacle(); reason != "" {
			step.Action, step.Reasons, step.Problem = Skip, []string{reason}, problem
			return step
		}
	}
	is := d.Settings
	if !exists {
		is = drain.DefaultSettings()
	}
	if err := is.With(wanted).Validate(); err != nil { // the wanted settings may contradict one that stays
		step.Action, step.Reasons, step.Problem = Skip, []string{err.Error()}, true
		return step
	}
	if !exists {
		step.Action, step.Reasons = Create, []string{"it has no drain"}
		return step
	}
	repairs, changes := f.repairs(app, d), d.Settings.Diff(wanted)
	for _, change := range changes {
		step.Reasons = append(step.Reasons, change.String())
	}
	step.Reasons = append(step.Reasons, repairs...)
	switch {
	case len(changes) > 0:
		step.Action = Change
	case len(repairs) > 0:
		step.Action = Repair
	}
	return step
}

// noApp is the reason if Heroku does not show an app.
const noApp = "the app does not exist at Heroku, or this account has no access to it"

// obstacle returns why an app cannot have a drain, and whether that is an error. The reason is empty if the app can have one.
func (h HerokuApp) obstacle() (reason string, problem bool) {
	switch {
	case h.Err != nil:
		return h.Err.Error(), true
	case !h.Exists:
		return noApp, true
	case h.Fir:
		return "apps of the Fir generation have no log drains", false
	}
	return "", false
}

// repairs returns what is wrong with a drain that put repairs.
func (f Fleet) repairs(app string, d drain.Drain) []string {
	var found []string
	switch d.State {
	case drain.Partial:
		found = append(found, "a part is missing on AWS")
	case drain.Disabled:
		found = append(found, "its event source mapping is disabled")
	case drain.Deleting:
		found = append(found, "its event source mapping is being deleted")
	}
	if f.Heroku == nil {
		return found
	}
	switch h := f.Heroku[app]; {
	case h.Drains == 0:
		found = append(found, "Heroku does not send to it")
	case h.Rejected:
		found = append(found, "it rejects what Heroku sends, because the password is not valid")
	case h.Drains > 1:
		found = append(found, fmt.Sprintf("%d log drains at Heroku send to it", h.Drains))
	}
	return found
}
