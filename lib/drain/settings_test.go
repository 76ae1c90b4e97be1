package drain_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
)

func TestSettingsWith(t *testing.T) {
	all := drain.Patch{
		Format: new("json"), ANSI: new("strip"), BatchSize: new(100), BatchWindowSeconds: new(5), MaximumConcurrency: new(7),
	}
	got := drain.DefaultSettings().With(all)
	want := drain.Settings{Format: "json", ANSI: "strip", BatchSize: 100, BatchWindowSeconds: 5, MaximumConcurrency: 7}
	if got != want {
		t.Errorf("with all settings: %+v, want %+v", got, want)
	}
	if got := want.With(drain.Patch{}); got != want {
		t.Errorf("with an empty patch: %+v, want %+v", got, want)
	}
	if changes := want.Diff(all); len(changes) > 0 {
		t.Errorf("applying the patch again would change %v", changes)
	}
}

func TestPatchWith(t *testing.T) {
	defaults := drain.Patch{Format: new("json"), BatchSize: new(100)}
	got := defaults.With(drain.Patch{BatchSize: new(1), ANSI: new("strip")})
	if diff := cmp.Diff(drain.Patch{Format: new("json"), ANSI: new("strip"), BatchSize: new(1)}, got); diff != "" {
		t.Errorf("With (-want +got):\n%s", diff)
	}
}

func TestSettingsDiff(t *testing.T) {
	p := drain.Patch{Format: new("json"), ANSI: new("keep"), BatchWindowSeconds: new(5), MaximumConcurrency: new(0)}
	for name, test := range map[string]struct {
		from drain.Settings
		want []string
	}{
		"an existing drain": {drain.DefaultSettings(), []string{"format: text → json", "batch_window_seconds: 0 → 5"}},
		"no drain": {drain.Settings{}, []string{
			"format: json", "ansi: keep", "batch_window_seconds: 5", "maximum_concurrency: 0",
		}},
	} {
		var got []string
		for _, change := range test.from.Diff(p) {
			got = append(got, change.String())
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestTagsReadBack(t *testing.T) {
	s := drain.Settings{Format: drain.FormatJSON, ANSI: drain.ANSIStrip}
	if got := (drain.Settings{}).With(drain.PatchFromTags(s.Tags())); got != s {
		t.Errorf("read back %+v, want %+v", got, s)
	}
	other := map[string]string{drain.TagFormat: "xml", drain.TagANSI: "", "team": "web"}
	if diff := cmp.Diff(drain.Patch{}, drain.PatchFromTags(other)); diff != "" {
		t.Errorf("values that no setting can have (-want +got):\n%s", diff)
	}
}

func TestDrainParts(t *testing.T) {
	queue, source := &drain.Queue{Counts: &drain.Counts{Messages: 1, InFlight: 2, Delayed: 3}}, &drain.EventSource{}
	for name, test := range map[string]struct {
		drain    drain.Drain
		missing  []drain.Part
		archived bool
	}{
		"whole":         {drain.Drain{LogStream: "[APP]shop", Queue: queue, EventSource: source}, nil, false},
		"the logs only": {drain.Drain{LogStream: "[APP]shop"}, []drain.Part{drain.QueuePart, drain.EventSourcePart}, true},
		"no logs":       {drain.Drain{Queue: queue, EventSource: source}, []drain.Part{drain.LogStreamPart}, false},
		"nothing":       {drain.Drain{}, []drain.Part{drain.LogStreamPart, drain.QueuePart, drain.EventSourcePart}, false},
	} {
		if diff := cmp.Diff(test.missing, test.drain.Missing()); diff != "" {
			t.Errorf("%s: missing (-want +got):\n%s", name, diff)
		}
		if got := test.drain.Archived(); got != test.archived {
			t.Errorf("%s: archived = %t", name, got)
		}
	}
	if got := queue.Waiting(); got != 6 {
		t.Errorf("waiting = %d, want 6", got)
	}
	if got := (*drain.Queue)(nil).Waiting(); got != 0 {
		t.Errorf("waiting in no queue = %d", got)
	}
}

// The API's JSON is a contract with clients outside of this module.
func TestDrainAsJSON(t *testing.T) {
	d := drain.Drain{App: "shop", State: drain.Partial, Settings: drain.DefaultSettings(), LogGroup: "/heroku/apps"}
	got, err := json.Marshal(drain.Response{Data: d})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"data":{"app":"shop","state":"partial","settings":{"format":"text","ansi":"keep","batch_size":10,` +
		`"batch_window_seconds":0,"maximum_concurrency":0},"log_group":"/heroku/apps"}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var back drain.Response
	if err := json.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, back.Data); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}
