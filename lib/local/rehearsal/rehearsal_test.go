package rehearsal_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/local/rehearsal"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// scenario returns the lines of a simulated problem that ended at noon.
func scenario(t *testing.T, name string) []logformat.Line {
	t.Helper()
	var lines []logformat.Line
	for _, sc := range simulate.Scenarios() {
		if sc.Name != name {
			continue
		}
		for _, b := range simulate.New("shop", 1).Batches(sc, noon) {
			for _, m := range b.Messages {
				l := logformat.Parse(logplex.Frame{Message: m})
				l.Clean(logformat.KeepANSI)
				lines = append(lines, l)
			}
		}
	}
	return lines
}

// told returns the events of a result.
func told(r rehearsal.Result) []string {
	var all []string
	for _, n := range r.Told {
		all = append(all, string(n.Event)+" "+n.Rule)
	}
	return all
}

func TestProblemsRaiseOneAlertAndEndIt(t *testing.T) {
	for name, want := range map[string][]string{
		"h12-storm":     {"firing H12", "resolved H12"},
		"r14":           {"firing R14", "resolved R14"},
		"slow":          {"firing slow-requests", "resolved slow-requests"},
		"deploy-breaks": {"firing H12", "firing dyno-crashed", "firing H10", "resolved H12", "resolved H10", "resolved dyno-crashed"},
		"l10":           {"firing L10", "resolved L10"},
		"db-full": {"firing postgres-connections", "firing database-connection", "resolved database-connection",
			"resolved postgres-connections"},
		"silence": nil,
	} {
		t.Run(name, func(t *testing.T) {
			lines := scenario(t, name)
			slices.Reverse(lines) // they may come in any order
			got, err := rehearsal.Run(t.Context(), rehearsal.Options{Rules: alert.Defaults(), App: "shop", Stack: "Logs"}, lines)
			localtest.Must(t, err)
			if diff := cmp.Diff(want, told(got)); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			for _, n := range got.Told {
				if n.Late || !strings.Contains(n.Text, "stack Logs") || !strings.HasPrefix(n.Subject, "[shop] ") || n.Time.Sub(n.Since) > 25*time.Minute {
					t.Errorf("told %+v", n)
				}
			}
		})
	}
}

func TestAReleaseBeforeAnAlert(t *testing.T) {
	got, err := rehearsal.Run(t.Context(), rehearsal.Options{Rules: alert.Defaults(), App: "shop"}, scenario(t, "deploy-breaks"))
	localtest.Must(t, err)
	if len(got.Told) == 0 || got.Told[0].Release == nil {
		t.Fatalf("told %+v", got.Told)
	}
}

func TestSilenceBetweenLines(t *testing.T) {
	rules, err := alert.Compile(alert.Config{alert.Silence: {"quiet": {After: new(alert.Duration(10 * time.Minute))}}})
	localtest.Must(t, err)
	line := func(at time.Time) logformat.Line {
		return logformat.Line{Time: at, Source: []byte("app"), Process: []byte("web.1"), Message: []byte("hello")}
	}
	got, err := rehearsal.Run(t.Context(), rehearsal.Options{Rules: rules, App: "shop"}, []logformat.Line{line(noon), line(noon.Add(time.Hour))})
	localtest.Must(t, err)
	if diff := cmp.Diff([]string{"firing quiet", "resolved quiet"}, told(got)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestDroppedLinesAreReported(t *testing.T) {
	rules, err := alert.Compile(alert.Config{alert.Drop: {"router": {Process: new("router")}}})
	localtest.Must(t, err)
	lines := scenario(t, "h12-storm")
	got, err := rehearsal.Run(t.Context(), rehearsal.Options{Rules: rules, App: "shop"}, lines)
	localtest.Must(t, err)
	dropped, hits := 0, 0
	for _, r := range got.Reports {
		for _, d := range r.Dropped {
			dropped += d.Lines
		}
		for _, h := range r.Hits {
			for _, c := range h.Counts {
				hits += c.Lines
			}
		}
	}
	if dropped < 50 || dropped+hits != len(lines) {
		t.Errorf("of %d lines, %d were dropped and %d matched", len(lines), dropped, hits)
	}
	if diff := cmp.Diff([]string{"firing H12", "resolved H12"}, told(got)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := rehearsal.Run(ctx, rehearsal.Options{Rules: alert.Defaults(), App: "shop"}, scenario(t, "h12-storm")); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
