package metrics_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// checkFormat checks a line against the specification of the embedded metric format.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
func checkFormat(t *testing.T, line string) {
	t.Helper()
	line, ended := strings.CutSuffix(line, "\n")
	if !ended || strings.Contains(line, "\n") {
		t.Errorf("not one line: %q", line)
	}
	var root map[string]any
	if err := json.Unmarshal([]byte(line), &root); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	var document struct {
		AWS json.RawMessage `json:"_aws"`
	}
	if err := json.Unmarshal([]byte(line), &document); err != nil {
		t.Fatal(err)
	}
	var metadata struct {
		Timestamp         *int64
		CloudWatchMetrics []struct {
			Namespace  string
			Dimensions [][]string
			Metrics    []struct{ Name, Unit string }
		}
	}
	strict := json.NewDecoder(bytes.NewReader(document.AWS)) // "MUST NOT contain any additional members"
	strict.DisallowUnknownFields()
	if err := strict.Decode(&metadata); err != nil {
		t.Fatal(err)
	}

	if metadata.Timestamp == nil || *metadata.Timestamp <= 0 {
		t.Errorf("no Timestamp: %s", line)
	}
	if len(metadata.CloudWatchMetrics) == 0 {
		t.Errorf("no directive: %s", line)
	}
	for _, d := range metadata.CloudWatchMetrics {
		if len(d.Namespace) < 1 || len(d.Namespace) > 255 {
			t.Errorf("namespace %q", d.Namespace)
		}
		if len(d.Dimensions) == 0 {
			t.Errorf("no dimension set: %s", line)
		}
		for _, set := range d.Dimensions {
			if len(set) > 9 {
				t.Errorf("%d dimensions, at most 9 are allowed", len(set))
			}
			for _, name := range set {
				if value, ok := root[name].(string); !ok || value == "" {
					t.Errorf("dimension %s has no text: %s", name, line)
				}
			}
		}
		if len(d.Metrics) < 1 || len(d.Metrics) > 100 {
			t.Errorf("%d metrics, 1 to 100 are allowed", len(d.Metrics))
		}
		for _, m := range d.Metrics {
			switch value := root[m.Name].(type) {
			case float64:
			case []any:
				notNumber := func(v any) bool { _, ok := v.(float64); return !ok }
				if len(value) > 100 || slices.ContainsFunc(value, notNumber) {
					t.Errorf("metric %s has %d values, at most 100 numbers are allowed: %s", m.Name, len(value), line)
				}
			default:
				t.Errorf("metric %s has no number: %s", m.Name, line)
			}
			// Some of the units of https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
			if !slices.Contains([]string{"Count", "Milliseconds", "Bytes"}, m.Unit) {
				t.Errorf("metric %s has the unit %q", m.Name, m.Unit)
			}
		}
	}
}
