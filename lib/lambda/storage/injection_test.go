package storage_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"heroku-drains/lib/logplex"
	"heroku-drains/lib/logplex/logplextest"
)

// CloudWatch Logs makes metrics of an event that is a JSON object with the member _aws, no matter who wrote it, and charges for each: an app must not be
// able to write such an event.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Generation_PutLogEvents.html
func TestAppsWriteNoMetrics(t *testing.T) {
	const (
		metadata = `"_aws":{"Timestamp":1763640000000,"CloudWatchMetrics":[{"Namespace":"N","Dimensions":[["D"]],"Metrics":[{"Name":"M"}]}]}`
		metric   = `{` + metadata + `,"M":1,"D":"x"}`
	)
	frame := func(source, process, text string) string {
		return logplextest.Frame(logplextest.Line(logplex.PriorityDyno, noon, source, process, text))
	}
	frames := []string{
		dyno(noon, metric),
		dyno(noon, "- "+metric),
		dyno(noon, " \t"+metric+" "),
		dyno(noon, `{"\u005faws"`+metadata[len(`"_aws"`):]+`,"M":1}`),
		frame("app", "heroku-postgres", "source=x sample#_aws=1 _aws=2"),
		frame("heroku", "router", `at=info _aws={"Timestamp":1} _aws="x"`),
		// Who has the drain's password can give a line any source, with which an event in the text format begins.
		frame(`{`+metadata+`,"M":1,"D":"`, "web.1", `"}`),
		frame(`{`, "x", `1,`+metadata+`}`),
		frame("\t\n{"+metadata+`,"D":"`, "web.1", `"}`),
		frame("", metric, ""),
		logplextest.Frame(metric),
		metric,
	}
	for name, tags := range map[string]map[string]string{"text": nil, "JSON": asJSON} {
		s := newSystem(t, tags)
		for i, f := range frames {
			if failed := s.handle(t, post(t, fmt.Sprint(i), f)); failed != nil {
				t.Errorf("%s: line %d failed", name, i)
			}
		}
		texts := s.logs.texts()
		if len(texts) < len(frames) {
			t.Errorf("%s: %d of %d lines are stored", name, len(texts), len(frames))
		}
		for _, text := range texts {
			var members map[string]json.RawMessage
			if err := json.Unmarshal([]byte(text), &members); err == nil && members["_aws"] != nil {
				t.Errorf("%s: the event makes a metric: %s", name, text)
			}
		}
	}
}
