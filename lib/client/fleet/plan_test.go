package fleet_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/drain"
)

// drainOf is a drain that is as it should be, with the settings of a new one, unless it is changed.
func drainOf(app string, change func(*drain.Drain)) drain.Drain {
	d := drain.Drain{
		App: app, State: drain.Active, LogStream: "[APP]" + app, Queue: &drain.Queue{}, EventSource: &drain.EventSource{},
		Settings: drain.DefaultSettings(),
	}
	if change != nil {
		change(&d)
	}
	return d
}

func nobody(string) bool { return false }

var connected = fleet.Heroku{Known: true, Ours: 1}

func TestPlanOfOneApp(t *testing.T) {
	json := drain.Patch{Format: pointer("json")}
	wanted := func(s drain.Patch) map[string]drain.Patch { return map[string]drain.Patch{"shop": s} }
	tests := map[string]struct {
		fleet fleet.Fleet
		want  []fleet.Step
	}{
		"fine": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{drainOf("shop", nil)},
			Heroku: map[string]fleet.Heroku{"shop": connected}}, nil},
		"new": {fleet.Fleet{Wanted: wanted(json), Heroku: map[string]fleet.Heroku{"shop": {Known: true}}},
			[]fleet.Step{{App: "shop", Action: fleet.Create, Reasons: []string{"it has no drain"}, Settings: json}}},
		"settings": {fleet.Fleet{Wanted: wanted(json), Drains: []drain.Drain{drainOf("shop", nil)}, Heroku: map[string]fleet.Heroku{"shop": connected}},
			[]fleet.Step{{App: "shop", Action: fleet.Change, Reasons: []string{"format: text → json"}, Settings: json}}},
		"settings that do not go with those there": {fleet.Fleet{Wanted: wanted(drain.Patch{BatchSize: pointer(20)}),
			Drains: []drain.Drain{drainOf("shop", nil)}, Heroku: map[string]fleet.Heroku{"shop": connected}},
			[]fleet.Step{{App: "shop", Action: fleet.Skip, Problem: true, Settings: drain.Patch{BatchSize: pointer(20)}, Reasons: []string{
				"batch_size 20 needs a batch_window_seconds of at least 1: set both, or use a batch_size of at most 10"}}}},
		"settings that are there": {fleet.Fleet{Wanted: wanted(drain.Patch{BatchSize: pointer(10)}), Drains: []drain.Drain{drainOf("shop", nil)},
			Heroku: map[string]fleet.Heroku{"shop": connected}}, nil},
		"settings and parts": {fleet.Fleet{Wanted: wanted(json), Drains: []drain.Drain{drainOf("shop", func(d *drain.Drain) { d.State = drain.Partial })},
			Heroku: map[string]fleet.Heroku{"shop": connected}},
			[]fleet.Step{{App: "shop", Action: fleet.Change, Reasons: []string{"format: text → json", "a part is missing on AWS"}, Settings: json}}},
		"partial": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{drainOf("shop", func(d *drain.Drain) { d.State = drain.Partial })},
			Heroku: map[string]fleet.Heroku{"shop": connected}},
			[]fleet.Step{{App: "shop", Action: fleet.Heal, Reasons: []string{"a part is missing on AWS"}}}},
		"disabled": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{drainOf("shop", func(d *drain.Drain) { d.State = drain.Disabled })}},
			[]fleet.Step{{App: "shop", Action: fleet.Heal, Reasons: []string{"its event source mapping is disabled"}}}},
		"being deleted": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{drainOf("shop", func(d *drain.Drain) { d.State = drain.Deleting })}},
			[]fleet.Step{{App: "shop", Action: fleet.Heal, Reasons: []string{"its event source mapping is being deleted"}}}},
		"in transit": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{drainOf("shop", func(d *drain.Drain) { d.State = drain.Creating })},
			Heroku: map[string]fleet.Heroku{"shop": connected}}, nil},
		"not at Heroku": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{drainOf("shop", nil)},
			Heroku: map[string]fleet.Heroku{"shop": {Known: true}}},
			[]fleet.Step{{App: "shop", Action: fleet.Heal, Reasons: []string{"Heroku does not send to it"}}}},
		"twice at Heroku": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{drainOf("shop", nil)},
			Heroku: map[string]fleet.Heroku{"shop": {Known: true, Ours: 2}}},
			[]fleet.Step{{App: "shop", Action: fleet.Heal, Reasons: []string{"Heroku sends to it 2 times"}}}},
		"refused": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{drainOf("shop", nil)},
			Heroku: map[string]fleet.Heroku{"shop": {Known: true, Ours: 2, Refused: true}}},
			[]fleet.Step{{App: "shop", Action: fleet.Heal, Reasons: []string{"what Heroku sends to it is refused: the password is not good"}}}},
		"without Heroku": {fleet.Fleet{Wanted: wanted(drain.Patch{}), Drains: []drain.Drain{drainOf("shop", nil)}}, nil},
		"Fir": {fleet.Fleet{Wanted: wanted(json), Heroku: map[string]fleet.Heroku{"shop": {Known: true, Fir: true}}},
			[]fleet.Step{{App: "shop", Action: fleet.Skip, Reasons: []string{"apps of the Fir generation have no log drains"}, Settings: json}}},
		"unknown to Heroku": {fleet.Fleet{Wanted: wanted(json), Heroku: map[string]fleet.Heroku{"shop": {}}},
			[]fleet.Step{{App: "shop", Action: fleet.Skip, Problem: true, Settings: json,
				Reasons: []string{"Heroku knows no such app, or this account has no access to it"}}}},
		"Heroku does not tell": {fleet.Fleet{Wanted: wanted(json), Heroku: map[string]fleet.Heroku{"shop": {Err: errors.New("no answer")}}},
			[]fleet.Step{{App: "shop", Action: fleet.Skip, Problem: true, Settings: json, Reasons: []string{"no answer"}}}},
		"orphan": {fleet.Fleet{Drains: []drain.Drain{drainOf("shop", nil)}, Heroku: map[string]fleet.Heroku{"shop": connected}},
			[]fleet.Step{{App: "shop", Action: fleet.Orphan, Reasons: []string{"it is not in the fleet"}}}},
		"orphan without an app": {fleet.Fleet{Drains: []drain.Drain{drainOf("shop", nil)}, Heroku: map[string]fleet.Heroku{"shop": {}}},
			[]fleet.Step{{App: "shop", Action: fleet.Orphan, Reasons: []string{"it is not in the fleet", "Heroku knows no such app"}}}},
		"orphan without an answer": {fleet.Fleet{Drains: []drain.Drain{drainOf("shop", nil)}, Heroku: map[string]fleet.Heroku{"shop": {Err: errors.New("no answer")}}},
			[]fleet.Step{{App: "shop", Action: fleet.Orphan, Reasons: []string{"it is not in the fleet"}}}},
		"orphan at Heroku alone": {fleet.Fleet{Heroku: map[string]fleet.Heroku{"shop": connected, "blog": {Known: true}}},
			[]fleet.Step{{App: "shop", Action: fleet.Orphan, Reasons: []string{"it is not in the fleet"}}}},
		"kept logs": {fleet.Fleet{Drains: []drain.Drain{drainOf("shop", func(d *drain.Drain) { d.Queue, d.EventSource = nil, nil })},
			Heroku: map[string]fleet.Heroku{"shop": {}}}, nil},
		"kept logs, and Heroku still sends": {fleet.Fleet{Drains: []drain.Drain{drainOf("shop", func(d *drain.Drain) { d.Queue, d.EventSource = nil, nil })},
			Heroku: map[string]fleet.Heroku{"shop": connected}},
			[]fleet.Step{{App: "shop", Action: fleet.Orphan, Reasons: []string{"it is not in the fleet"}}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.fleet.Excluded = nobody
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

func TestPlanOfMany(t *testing.T) {
	plan := fleet.Fleet{
		Wanted: map[string]drain.Patch{
			"new-b": {}, "new-a": {}, "fine": {}, "other": {Format: pointer("json")}, "off": {}, "fir": {}, "left-alone": {},
		},
		Excluded: func(app string) bool { return app == "left-alone" || app == "left-alone-too" },
		Drains: []drain.Drain{
			drainOf("fine", nil), drainOf("other", nil), drainOf("off", func(d *drain.Drain) { d.State = drain.Disabled }), drainOf("gone", nil), drainOf("left-alone-too", nil),
		},
		Heroku: map[string]fleet.Heroku{
			"new-a": {Known: true}, "new-b": {Known: true}, "fine": connected, "other": connected, "off": connected, "fir": {Known: true, Fir: true},
		},
	}.Plan()
	var got []string
	for _, step := range plan.Steps {
		got = append(got, string(step.Action)+" "+step.App)
	}
	want := []string{"create new-a", "create new-b", "change other", "heal off", "orphan gone", "skip fir"}
	if diff := cmp.Diff(want, got); diff != "" || plan.Fine != 1 {
		t.Errorf("%d fine, steps (-want +got):\n%s", plan.Fine, diff)
	}
}
