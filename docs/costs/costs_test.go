package costs_test

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"heroku-drains/docs/costs"
	"heroku-drains/lib/cost"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/ledger"
)

// The formula for this stack at 10 kB a POST, computed by hand.
func TestAMillionPOSTs(t *testing.T) {
	tests := map[string]struct{ gateway, ingest float64 }{
		"us-east-1": {1.00, 0.50},
		"eu-west-1": {1.11, 0.57},
	}
	for region, price := range tests {
		const drains, storage = 0.20 + 1e6*0.25*0.008*0.0000133334, 0.20 + 1e6*0.25*0.060*0.0000133334
		// 10 kB is less than 6 kB when compressed and in base64: 1 request to send each; 1 to receive 10 of them, and 1 to delete them.
		pipeline := price.gateway + drains + 0.40*(1+(1+1)/10.0) + storage/10 + price.ingest*(0.105+0.27/10)
		if got, want := cell(t, "POSTs in "+region, 3), fmt.Sprintf("%.2f", pipeline); got != want {
			t.Errorf("%s: a million POSTs cost %s, want %s", region, got, want)
		}
		if got, want := cell(t, "GB in "+region, 3), fmt.Sprintf("%.2f", pipeline/10+price.ingest); got != want {
			t.Errorf("%s: a GB costs %s, want %s", region, got, want)
		}
	}
}

// An idle queue: 5 pollers, 3 long polls a minute, $0.40 per million.
func TestAnIdleApp(t *testing.T) {
	if !strings.Contains(table(t, "per app"), "| 5 pollers | 648000 | 0.26 | 0.26 |") {
		t.Errorf("5 pollers do not make 648000 receives for $0.26:\n%s", table(t, "per app"))
	}
}

func TestTheStackDeclaresWhatIsPriced(t *testing.T) {
	for _, declared := range []struct {
		file, pattern string
	}{
		{"functions.go", `source: +stack.DrainsSource,(?s:.{1,300})memoryMB: +stack.DrainsMemoryMB,`},
		{"functions.go", `source: +stack.StorageSource,(?s:.{1,300})memoryMB: +stack.StorageMemoryMB,`},
		{"functions.go", `source: +stack.AlertsSource,(?s:.{1,300})memoryMB: +stack.AlertsMemoryMB,`},
		{"alerts.go", `MaxConcurrency: +jsii.Number\(stack.AlertsConcurrency\),`},
		{"settings.go", `batchSize: +drain.DefaultBatchSize,`},
	} {
		source, err := os.ReadFile("../../infra/" + declared.file)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(declared.pattern).Match(source) {
			t.Errorf("infra/%s does not match %s, but the costs are computed with that value", declared.file, declared.pattern)
		}
	}
}

func TestAlarmsAreCounted(t *testing.T) {
	source, err := os.ReadFile("../../infra/alarms.go")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(regexp.MustCompile(`id: "\w+Alarm", name: "`).FindAll(source, -1)); got != cost.Alarms+cost.AlertAlarms {
		t.Errorf("infra/alarms.go declares %d alarms, but the costs are for %d", got, cost.Alarms+cost.AlertAlarms)
	}
}

func TestDashboardsAreCounted(t *testing.T) {
	declared := 0
	for _, file := range []string{"dashboard.go", "apps_dashboard.go"} {
		source, err := os.ReadFile("../../infra/" + file)
		if err != nil {
			t.Fatal(err)
		}
		declared += bytes.Count(source, []byte("awscloudwatch.NewDashboard("))
	}
	if declared != cost.Dashboards {
		t.Errorf("infra declares %d dashboards, but the costs are for %d", declared, cost.Dashboards)
	}
}

func TestMetricsAreCounted(t *testing.T) {
	var line bytes.Buffer
	batch := metrics.Batch{Malformed: 1, Moved: 1, Lost: 1, AlertsNotSent: 1}
	alerts := metrics.Alerts{Failed: 1, Untold: 1, Unreadable: 1}
	for _, m := range []metrics.Measures{batch, alerts, metrics.RefusedPosts(1), metrics.OldestMessage(time.Hour)} {
		if err := metrics.NewWriter(&line, "f").Write(time.Now(), m); err != nil {
			t.Fatal(err)
		}
	}
	filtered := []ledger.Filter{ledger.StoredFilter(), ledger.LineLagFilter()}
	if got := strings.Count(line.String(), `"Unit"`) + len(filtered); got != cost.Metrics+cost.AlertMetrics {
		t.Errorf("the functions send %d metrics, but the costs are for %d", got, cost.Metrics+cost.AlertMetrics)
	}
}

// table returns a table, in Markdown.
func table(t *testing.T, name string) string {
	t.Helper()
	for _, table := range costs.Tables() {
		if table.Name == name {
			return table.Text
		}
	}
	t.Fatalf("no table %q", name)
	return ""
}

// cell returns a column of a table's first row below the header. Column 0 is the row's name.
func cell(t *testing.T, name string, column int) string {
	t.Helper()
	row := strings.Split(table(t, name), "\n")[2]
	return strings.TrimSpace(strings.Split(row, "|")[column+1])
}
