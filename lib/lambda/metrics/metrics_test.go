package metrics_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/stack"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func TestWrite(t *testing.T) {
	for _, test := range []struct {
		name  string
		batch metrics.Batch
		want  string
	}{
		{"a malformed line", metrics.Batch{Malformed: 120},
			`{"FunctionName":"heroku-drains-storage","LinesMalformed":120,"_aws":{"Timestamp":1795176000000,"CloudWatchMetrics":[` +
				`{"Namespace":"HerokuDrains","Dimensions":[["FunctionName"]],"Metrics":[{"Name":"LinesMalformed","Unit":"Count"}]}]}}` + "\n"},
		{"everything", metrics.Batch{Malformed: 1, Lost: 7, Moved: 3, AlertsNotSent: 1},
			`{"AlertsNotSent":1,"FunctionName":"heroku-drains-storage","LinesLost":7,"LinesMalformed":1,"LinesMoved":3,` +
				`"_aws":{"Timestamp":1795176000000,"CloudWatchMetrics":[` +
				`{"Namespace":"HerokuDrains","Dimensions":[["FunctionName"]],"Metrics":[` +
				`{"Name":"LinesMalformed","Unit":"Count"},{"Name":"LinesLost","Unit":"Count"},{"Name":"LinesMoved","Unit":"Count"},` +
				`{"Name":"AlertsNotSent","Unit":"Count"}]}]}}` + "\n"},
		{"nothing", metrics.Batch{}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out writes
			if err := metrics.NewWriter(&out, "heroku-drains-storage").Write(noon, test.batch); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, strings.Join(out.all, "")); diff != "" {
				t.Errorf("line (-want +got):\n%s", diff)
			}
			for _, line := range out.all {
				checkFormat(t, line)
			}
		})
	}
}

func TestAlerts(t *testing.T) {
	for want, alerts := range map[string]metrics.Alerts{
		"": {},
		`{"AlertsFailed":2,"AlertsUnreadable":1,"FunctionName":"f","NotificationsFailed":3,"_aws":{"Timestamp":1795176000000,"CloudWatchMetrics":[` +
			`{"Namespace":"HerokuDrains","Dimensions":[["FunctionName"]],"Metrics":[{"Name":"AlertsFailed","Unit":"Count"},` +
			`{"Name":"NotificationsFailed","Unit":"Count"},{"Name":"AlertsUnreadable","Unit":"Count"}]}]}}` + "\n": {Failed: 2, Untold: 3, Unreadable: 1},
	} {
		var out bytes.Buffer
		if err := metrics.NewWriter(&out, "f").Write(noon, alerts); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Errorf("%+v: line (-want +got):\n%s", alerts, diff)
		}
	}
}

func TestLinesOfManyGoroutinesStayWhole(t *testing.T) {
	var out bytes.Buffer // not safe for concurrent use
	w := metrics.NewWriter(&out, "heroku-drains-storage")
	var wg sync.WaitGroup
	for n := range 50 {
		wg.Go(func() {
			if err := w.Write(noon, metrics.Batch{Moved: n + 1}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	seen := map[any]bool{}
	for line := range strings.Lines(out.String()) {
		checkFormat(t, line)
		var members map[string]any
		if err := json.Unmarshal([]byte(line), &members); err != nil {
			t.Fatal(err)
		}
		seen[members[stack.MetricLinesMoved]] = true
	}
	if len(seen) != 50 {
		t.Errorf("%d of 50 lines were written", len(seen))
	}
}

// Other goroutines may write to the same output: only a line that is written in one call stays whole.
func TestALineIsWrittenInOneCall(t *testing.T) {
	var out writes
	if err := metrics.NewWriter(&out, "f").Write(noon, metrics.Batch{Malformed: 1, Moved: 1}); err != nil {
		t.Fatal(err)
	}
	if len(out.all) != 1 {
		t.Errorf("%d calls: %q", len(out.all), out.all)
	}
}

func TestWriteReturnsTheErrorOfTheOutput(t *testing.T) {
	read, write := io.Pipe()
	if err := read.Close(); err != nil {
		t.Fatal(err)
	}
	if err := metrics.NewWriter(write, "f").Write(noon, metrics.Batch{Moved: 1}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v, want that of the output", err)
	}
}

// writes keeps what each call of Write got.
type writes struct{ all []string }

func (w *writes) Write(p []byte) (int, error) {
	w.all = append(w.all, string(p))
	return len(p), nil
}
