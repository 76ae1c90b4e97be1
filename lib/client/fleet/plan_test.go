package fleet_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/drain"
)

// newDrain returns an active drain with default settings, after a change if there is one.
func newDrain(app string, change func(*drain.Drain)) drain.Drain {
	d := drain.Drain{
		App: app, State: drain.Active, LogStream: "[APP]" + app, Queue: &drain.Queue{}, EventSource: &drain.EventSource{},
		Settings: drain.DefaultSettings(),
	}
	if change != nil {
		change(&d)
	}
	return d
}

func excludeNone(string) bool { return false }

var connected = fleet.HerokuApp{Exists: true, Drains: 1}

func TestPlanForOneApp(t *testing.T) {
	json := drain.Patch{Format: new("json")}
	wanted := func(s drain.Patch) map[string]drain.Patch { return map[string]drain.Patch{"shop": s} }
	tests := map[string]struct {
		fleet fleet.Fleet
		want  []fleet.Step
	}{
		"in sync": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{newDrain("shop", nil)},
			Heroku: map[string]fleet.HerokuApp{"shop": connected}}, nil},
		"new": {fleet.Fleet{Wanted: wanted(json), Heroku: map[string]fleet.HerokuApp{"shop": {Exists: true}}},
			[]fleet.Step{{App: "shop", Action: fleet.Create, Reasons: []string{"it has no drain"}, Settings: json}}},
		"settings": {fleet.Fleet{Wanted: wanted(json), Drains: []drain.Drain{newDrain("shop", nil)}, Heroku: map[string]fleet.HerokuApp{"shop": connected}},
			[]fleet.Step{{App: "shop", Action: fleet.Change, Reasons: []string{"format: text → json"}, Settings: json}}},
		"settings that contradict the existing ones": {fleet.Fleet{Wanted: wanted(drain.Patch{BatchSize: new(20)}),
			Drains: []drain.Drain{newDrain("shop", nil)}, Heroku: map[string]fleet.HerokuApp{"shop": connected}},
			[]fleet.Step{{App: "shop", Action: fleet.Skip, Problem: true, Settings: drain.Patch{BatchSize: new(20)}, Reasons: []string{
				"batch_size 20 needs a batch_window_seconds of at least 1: set both, or use a batch_size of at most 10"}}}},
		"settings that are set already": {fleet.Fleet{Wanted: wanted(drain.Patch{BatchSize: new(10)}), Drains: []drain.Drain{newDrain("shop", nil)},
			Heroku: map[string]fleet.HerokuApp{"shop": connected}}, nil},
		"settings and parts": {fleet.Fleet{Wanted: wanted(json), Drains: []drain.Drain{newDrain("shop", func(d *drain.Drain) { d.State = drain.Partial })},
			Heroku: map[string]fleet.HerokuApp{"shop": connected}},
			[]fleet.Step{{App: "shop", Action: fleet.Change, Reasons: []string{"format: text → json", "a part is missing on AWS"}, Settings: json}}},
		"partial": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{newDrain("shop", func(d *drain.Drain) { d.State = drain.Partial })},
			Heroku: map[string]fleet.HerokuApp{"shop": connected}},
			[]fleet.Step{{App: "shop", Action: fleet.Repair, Reasons: []string{"a part is missing on AWS"}}}},
		"disabled": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{newDrain("shop", func(d *drain.Drain) { d.State = drain.Disabled })}},
			[]fleet.Step{{App: "shop", Action: fleet.Repair, Reasons: []string{"its event source mapping is disabled"}}}},
		"being deleted": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{newDrain("shop", func(d *drain.Drain) { d.State = drain.Deleting })}},
			[]fleet.Step{{App: "shop", Action: fleet.Repair, Reasons: []string{"its event source mapping is being deleted"}}}},
		"in transit": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{newDrain("shop", func(d *drain.Drain) { d.State = drain.Creating })},
			Heroku: map[string]fleet.HerokuApp{"shop": connected}}, nil},
		"not at Heroku": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{newDrain("shop", nil)},
			Heroku: map[string]fleet.HerokuApp{"shop": {Exists: true}}},
			[]fleet.Step{{App: "shop", Action: fleet.Repair, Reasons: []string{"Heroku does not send to it"}}}},
		"twice at Heroku": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{newDrain("shop", nil)},
			Heroku: map[string]fleet.HerokuApp{"shop": {Exists: true, Drains: 2}}},
			[]fleet.Step{{App: "shop", Action: fleet.Repair, Reasons: []string{"2 log drains at Heroku send to it"}}}},
		"rejected": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{newDrain("shop", nil)},
			Heroku: map[string]fleet.HerokuApp{"shop": {Exists: true, Drains: 2, Rejected: true}}},
			[]fleet.Step{{App: "shop", Action: fleet.Repair, Reasons: []string{"it rejects what Heroku sends, because the password is not valid"}}}},
		"without Heroku": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{newDrain("shop", nil)}}, nil},
		"Fir": {fleet.Fleet{Wanted: wanted(json), Heroku: map[string]fleet.HerokuApp{"shop": {Exists: true, Fir: true}}},
			[]fleet.Step{{App: "shop", Action: fleet.Skip, Reasons: []string{"apps of the Fir generation have no log drains"}, Settings: json}}},
		"no such app": {fleet.Fleet{Wanted: wanted(json), Heroku: map[string]fleet.HerokuApp{"shop": {}}},
			[]fleet.Step{{App: "shop", Action: fleet.Skip, Problem: true, Settings: json,
				Reasons: []string{"the app does not exist at Heroku, or this account has no access to it"}}}},
		"Heroku does not answer": {fleet.Fleet{Wanted: wanted(json), Heroku: map[string]fleet.HerokuApp{"shop": {Err: errors.New("no answer")}}},
			[]fleet.Step{{App: "shop", Action: fleet.Skip, Problem: true, Settings: json, Reasons: []string{"no answer"}}}},
		"orphan": {fleet.Fleet{Drains: []drain.Drain{newDrain("shop", nil)}, Heroku: map[string]fleet.HerokuApp{"shop": connected}},
			[]fleet.Step{{App: "shop", Action: fleet.Orphan, Reasons: []string{"it is not in the fleet"}}}},
		"orphan without an app": {fleet.Fleet{Drains: []drain.Drain{newDrain("shop", nil)}, Heroku: map[string]fleet.HerokuApp{"shop": {}}},
			[]fleet.Step{{App: "shop", Action: fleet.Orphan, NoApp: true,
				Reasons: []string{"it is not in the fleet", "the app does not exist at Heroku, or this account has no access to it"}}}},
		"orphan without an answer": {fleet.Fleet{Drains: []drain.Drain{newDrain("shop", nil)}, Heroku: map[string]fleet.HerokuApp{"shop": {Err: errors.New("no answer")}}},
			[]fleet.Step{{App: "shop", Action: fleet.Orphan, Reasons: []string{"it is not in the fleet"}}}},
		"orphan at Heroku only": {fleet.Fleet{Heroku: map[string]fleet.HerokuApp{"shop": connected, "blog": {Exists: true}}},
			[]fleet.Step{{App: "shop", Action: fleet.Orphan, Reasons: []string{"it is not in the fleet"}}}},
		"kept logs": {fleet.Fleet{Drains: []drain.Drain{newDrain("shop", func(d *drain.Drain) { d.Queue, d.EventSource = nil, nil })},
			Heroku: map[string]fleet.HerokuApp{"shop": {}}}, nil},
		"kept logs, and Heroku still sends": {fleet.Fleet{Drains: []drain.Drain{newDrain("shop", func(d *drain.Drain) { d.Queue, d.EventSource = nil, nil })},
			Heroku: map[string]fleet.HerokuApp{"shop": connected}},
			[]fleet.Step{{App: "shop", Action: fleet.Orphan, Reasons: []string{"it is not in the fleet"}}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.fleet.Excluded = excludeNone
			got := tt.fleet.Plan()
			if tt.want == nil {
				tt.want = []fleet.Step{}
			}
			if diff := cmp.Diff(tt.want, got.Steps); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlanForManyApps(t *testing.T) {
	plan := fleet.Fleet{
		Wanted: map[string]drain.Patch{
			"new-b": {}, "new-a": {}, "in-sync": {}, "other": {Format: new("json")}, "off": {}, "fir": {}, "excluded": {},
		},
		Excluded: func(app string) bool { return app == "excluded" || app == "excluded-too" },
		Drains: []drain.Drain{
			newDrain("in-sync", nil), newDrain("other", nil), newDrain("off", func(d *drain.Drain) { d.State = drain.Disabled }), newDrain("gone", nil), newDrain("excluded-too", nil),
		},
		Heroku: map[string]fleet.HerokuApp{
			"new-a": {Exists: true}, "new-b": {Exists: true}, "in-sync": connected, "other": connected, "off": connected, "fir": {Exists: true, Fir: true},
		},
	}.Plan()
	var got []string
	for _, step := range plan.Steps {
		got = append(got, string(step.Action)+" "+step.App)
	}
	want := []string{"create new-a", "create new-b", "change other", "repair off", "orphan gone", "skip fir"}
	if diff := cmp.Diff(want, got); diff != "" || plan.Unchanged != 1 {
		t.Errorf("%d unchanged, steps (-want +got):\n%s", plan.Unchanged, diff)
	}
}
