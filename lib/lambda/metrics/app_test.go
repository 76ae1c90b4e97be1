package metrics_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/stack"
)

func TestWriteApp(t *testing.T) {
	const start = `"_aws":{"Timestamp":1795176000000,"CloudWatchMetrics":[{"Namespace":"HerokuDrains","Dimensions":[["FunctionName","App"]],"Metrics":[`
	for _, test := range []struct {
		name string
		app  metrics.App
		want string
	}{
		{"errors", metrics.App{Name: "shop", Responses5xx: 3, HerokuErrors: 2},
			`{"App":"shop","FunctionName":"f","HerokuErrors":2,"Responses5xx":3,` + start +
				`{"Name":"Responses5xx","Unit":"Count"},{"Name":"HerokuErrors","Unit":"Count"}]}]}}` + "\n"},
		{"everything", metrics.App{Name: "shop", HerokuErrors: 1, Lines: 5, Bytes: 700, Requests: 2, ServiceTimes: []int64{18, 0}},
			`{"App":"shop","Bytes":700,"FunctionName":"f","HerokuErrors":1,"Lines":5,"Requests":2,"ServiceTime":[18,0],` + start +
				`{"Name":"HerokuErrors","Unit":"Count"},{"Name":"Lines","Unit":"Count"},{"Name":"Bytes","Unit":"Bytes"},` +
				`{"Name":"Requests","Unit":"Count"},{"Name":"ServiceTime","Unit":"Milliseconds"}]}]}}` + "\n"},
		{"nothing", metrics.App{Name: "shop"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out writes
			if err := metrics.NewWriter(&out, "f").WriteApp(noon, test.app); err != nil {
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

// The values are in lines of at most 100, and the counts in one line only.
func TestManyServiceTimes(t *testing.T) {
	app := metrics.App{Name: "shop", Lines: 250, Requests: 250}
	for i := range 250 {
		app.ServiceTimes = append(app.ServiceTimes, int64(i))
	}
	var out writes
	if err := metrics.NewWriter(&out, "f").WriteApp(noon, app); err != nil {
		t.Fatal(err)
	}
	var times []int64
	lines := 0
	for _, line := range out.all {
		checkFormat(t, line)
		var members struct {
			App         string
			Lines       int
			ServiceTime []int64
		}
		if err := json.Unmarshal([]byte(line), &members); err != nil {
			t.Fatal(err)
		}
		if members.App != "shop" {
			t.Errorf("a line of app %q", members.App)
		}
		lines, times = lines+members.Lines, append(times, members.ServiceTime...)
	}
	if len(out.all) != 3 || lines != 250 || !slices.Equal(times, app.ServiceTimes) {
		t.Errorf("%d lines of metrics, with %d lines and the service times %v", len(out.all), lines, times)
	}
}

// What costs $0.30 each: the counts of lib/stack are those that are written.
func TestMetricsByAppAreCounted(t *testing.T) {
	errors := metrics.App{Name: "shop", Responses5xx: 1, HerokuErrors: 1}
	all := errors
	all.Lines, all.Bytes, all.Requests, all.ServiceTimes = 1, 1, 1, []int64{1}
	for which, app := range map[stack.AppMetrics]metrics.App{stack.AppMetricsNone: {Name: "shop"}, stack.AppMetricsErrors: errors, stack.AppMetricsAll: all} {
		var out writes
		if err := metrics.NewWriter(&out, "f").WriteApp(noon, app); err != nil {
			t.Fatal(err)
		}
		want, known := which.Count()
		if got := strings.Count(strings.Join(out.all, ""), `"Unit"`); got != want || !known {
			t.Errorf("%s: %d metrics, %d are counted", which, got, want)
		}
	}
}
