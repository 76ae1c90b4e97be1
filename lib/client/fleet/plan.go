package fleet

import (
	"cmp"
	"fmt"
	"slices"

	"heroku-drains/lib/drain"
)

// Action is what is to be done about an app.
type Action string

// The actions, in the order in which a Plan has them.
const (
	Create Action = "create" // there is no drain yet
	Change Action = "change" // settings differ from those wanted
	Heal   Action = "heal"   // a part is missing or off, on AWS or at Heroku
	Orphan Action = "orphan" // there is a drain that nobody wants
	Skip   Action = "skip"   // a drain is wanted, and the app cannot have one
)

// Step is what is to be done about one app, and why.
type Step struct {
	App      string      `json:"app"`
	Action   Action      `json:"action"`
	Reasons  []string    `json:"reasons"`
	Settings drain.Patch `json:"settings"` // those wanted; what is not given stays as it is
	Problem  bool        `json:"problem"`  // skipped because something is wrong, not because that is how it is
}

// Plan is what is to be done, action by action, and the apps of an action by name. Apps about which nothing is to be done are not in it.
type Plan struct {
	Steps []Step `json:"steps"`
	Fine  int    `json:"unchanged"` // apps that are as they are wanted
}

// Heroku is what is known of an app at Heroku.
type Heroku struct {
	Known   bool  // the app is there, as far as this account can see
	Fir     bool  // of the generation that has no log drains
	Ours    int   // log drains that point to the app's drain here
	Refused bool  // with passwords that are not good
	Err     error // why nothing is known
}

// Fleet is what there is to compare.
type Fleet struct {
	Wanted   map[string]drain.Patch // every app that is to have a drain
	Excluded func(app string) bool  // apps that are left alone, wanted or not
	Drains   []drain.Drain          // every drain there is on AWS
	Heroku   map[string]Heroku      // every app of Wanted and Drains, and others that send here; nil: Heroku is left out
}

// Plan compares.
func (f Fleet) Plan() Plan {
	plan := Plan{Steps: []Step{}}
	drains := map[string]drain.Drain{}
	for _, d := range f.Drains {
		drains[d.App] = d
	}
	apps := map[string]bool{}
	for app := range f.Wanted {
		apps[app] = true
	}
	for app, d := range drains {
		if !f.archive(d) {
			apps[app] = true
		}
	}
	for app, h := range f.Heroku {
		if h.Ours > 0 {
			apps[app] = true
		}
	}
	for app := range apps {
		if f.Excluded(app) {
			continue
		}
		d, exists := drains[app]
		step := f.step(app, d, exists)
		if step.Action == "" {
			plan.Fine++
			continue
		}
		plan.Steps = append(plan.Steps, step)
	}
	order := []Action{Create, Change, Heal, Orphan, Skip}
	slices.SortFunc(plan.Steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Action), slices.Index(order, b.Action)), cmp.Compare(a.App, b.App))
	})
	return plan
}

// archive tells whether what there is of a drain is no more than the logs that delete left.
func (f Fleet) archive(d drain.Drain) bool {
	return d.Archived() && f.Heroku[d.App].Ours == 0
}

// step is what is to be done about one app; without an action: nothing.
func (f Fleet) step(app string, d drain.Drain, exists bool) Step {
	wanted, isWanted := f.Wanted[app]
	step := Step{App: app, Settings: wanted}
	if !isWanted {
		step.Action, step.Reasons = Orphan, []string{"it is not in the fleet"}
		if h := f.Heroku[app]; f.Heroku != nil && h.Err == nil && !h.Known {
			step.Reasons = append(step.Reasons, "Heroku knows no such app")
		}
		return step
	}
	if f.Heroku != nil {
		if reason, problem := f.Heroku[app].obstacle(); reason != "" {
			step.Action, step.Reasons, step.Problem = Skip, []string{reason}, problem
			return step
		}
	}
	if !exists {
		step.Action, step.Reasons = Create, []string{"it has no drain"}
		return step
	}
	if err := d.Settings.With(wanted).Validate(); err != nil { // what is wanted may not go with what is there
		step.Action, step.Reasons, step.Problem = Skip, []string{err.Error()}, true
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
		step.Action = Heal
	}
	return step
}

// obstacle is why an app cannot have a drain; empty: it can.
func (h Heroku) obstacle() (reason string, problem bool) {
	switch {
	case h.Err != nil:
		return h.Err.Error(), true
	case !h.Known:
		return "Heroku knows no such app, or this account has no access to it", true
	case h.Fir:
		return "apps of the Fir generation have no log drains", false
	}
	return "", false
}

// repairs are what is wrong with a drain that put mends.
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
	case h.Ours == 0:
		found = append(found, "Heroku does not send to it")
	case h.Refused:
		found = append(found, "what Heroku sends to it is refused: the password is not good")
	case h.Ours > 1:
		found = append(found, fmt.Sprintf("Heroku sends to it %d times", h.Ours))
	}
	return found
}
