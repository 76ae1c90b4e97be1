package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/insights"
	"heroku-drains/lib/stack"
)

// dashboard returns the properties of the dashboard of that name.
func (tpl template) dashboard(t *testing.T, name string) map[string]any {
	t.Helper()
	for _, id := range tpl.ids("AWS::CloudWatch::Dashboard") {
		if tpl.Resources[id].Properties["DashboardName"] == name {
			return tpl.Resources[id].Properties
		}
	}
	t.Fatalf("the template has no dashboard %s", name)
	return nil
}

func TestDashboard(t *testing.T) {
	tpl := stackTemplate(t)
	body := render(tpl.dashboard(t, "heroku-drains")["DashboardBody"])
	for _, metric := range []string{
		`"AWS/ApiGateway","Count"`, `"AWS/ApiGateway","4xx"`, `"AWS/ApiGateway","5xx"`, `"AWS/ApiGateway","Latency"`,
		`"AWS/SQS","ApproximateNumberOfMessagesVisible"`, `"AWS/SQS","ApproximateAgeOfOldestMessage"`,
		`"HerokuDrains/heroku-drains-storage","` + stack.MetricLag, `"HerokuDrains/heroku-drains-storage","` + stack.MetricLinesStored, `"HerokuDrains","` + stack.MetricLinesMalformed,
		`"HerokuDrains","` + stack.MetricLinesMoved, `"HerokuDrains","` + stack.MetricLinesLost,
		`"HerokuDrains","` + stack.MetricPostsRefused, `"HerokuDrains","` + stack.MetricOldestMessage,
		`"AWS/Lambda","Errors","FunctionName","${Drains921341E0}"`, `"AWS/Lambda","Errors","FunctionName","${Storage07F31EBC}"`,
		`"AWS/Lambda","Throttles","FunctionName","${Drains921341E0}"`, `"AWS/Lambda","Throttles","FunctionName","${Storage07F31EBC}"`,
		`"AWS/Lambda","Duration","FunctionName","${Drains921341E0}"`, `"AWS/Lambda","Duration","FunctionName","${Storage07F31EBC}"`,
	} {
		if n := strings.Count(body, metric); n != 1 {
			t.Errorf("the dashboard shows %s %d times", metric, n)
		}
	}
	for _, id := range tpl.ids("AWS::CloudWatch::Alarm") {
		if !strings.Contains(body, "${"+id+".Arn}") {
			t.Errorf("the dashboard does not show the alarm %s", id)
		}
	}
}

// widget is what the test reads of a widget.
type widget struct {
	Type       string
	Width      int
	Properties struct{ Title, View, Query, Markdown string }
}

func TestAppsDashboard(t *testing.T) {
	const group = "${LogGroupF5B46931}"
	var body struct {
		Start   string
		Widgets []widget
	}
	if err := json.Unmarshal([]byte(render(stackTemplate(t).dashboard(t, "heroku-drains-apps")["DashboardBody"])), &body); err != nil {
		t.Fatal(err)
	}
	if body.Start != "-PT3H" {
		t.Errorf("the dashboard shows %s at first, and scans the lines of that time", body.Start)
	}
	views := map[insights.View]string{insights.Table: "table", insights.Lines: "timeSeries", insights.Stack: "timeSeries"}
	var want, got []string
	for _, w := range (insights.Set{StreamPrefix: "[APP]"}).Widgets() {
		want = append(want, fmt.Sprintf("%s, %s: SOURCE '%s' | %s", w.Title, views[w.View], group, w.Text))
	}
	for _, w := range body.Widgets {
		if w.Type == "log" {
			got = append(got, fmt.Sprintf("%s, %s: %s", w.Properties.Title, w.Properties.View, w.Properties.Query))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("queries of the dashboard (-want +got):\n%s", diff)
	}
	if text := body.Widgets[0].Properties.Markdown; !strings.Contains(text, fmt.Sprintf("it runs %d queries", len(want))) {
		t.Errorf("the dashboard does not say that it runs %d queries: %s", len(want), text)
	}
}

func TestSavedQueries(t *testing.T) {
	saved := map[string]string{}
	for _, id := range stackTemplate(t).ids("AWS::Logs::QueryDefinition") {
		properties := stackTemplate(t).Resources[id].Properties
		saved[id] = fmt.Sprintf("%s in %s: %s", properties["Name"], render(properties["LogGroupNames"].([]any)[0]), properties["QueryString"])
	}
	want := map[string]string{}
	for _, q := range (insights.Set{StreamPrefix: "[APP]"}).Saved() {
		want["Query"+q.ID] = fmt.Sprintf("heroku-drains/%s in ${LogGroupF5B46931}: %s", q.Title, q.Text)
	}
	if diff := cmp.Diff(want, saved); diff != "" || len(want) < 7 {
		t.Errorf("saved queries (-want +got):\n%s", diff)
	}
}

// Field indexes are only in the class Standard: CloudFormation would fail in the middle of the deployment. The queries are for each class.
func TestPicturesOfEachClass(t *testing.T) {
	s := defaultSettings()
	s.logClass, s.streamPrefix = awslogs.LogGroupClass_INFREQUENT_ACCESS, "apps/"
	infrequent, err := synthesize(s)
	if err != nil {
		t.Fatal(err)
	}
	indexed := map[string]any{"Fields": []any{"process", "code", "status", "request_id", "dyno"}}
	for _, class := range []struct {
		name     string
		tpl      template
		policies any
		apps     string // in the text of each query that reads the apps' names
	}{
		{"Standard", stackTemplate(t), []any{indexed}, `/^\[APP\](?<herokuApp>`},
		{"Infrequent Access", infrequent, nil, `/^apps\/(?<herokuApp>`},
	} {
		if diff := cmp.Diff(class.policies, class.tpl.Resources["LogGroupF5B46931"].Properties["FieldIndexPolicies"]); diff != "" {
			t.Errorf("%s: index policies (-want +got):\n%s", class.name, diff)
		}
		talkers := class.tpl.Resources["QueryBiggestTalkers"].Properties["QueryString"]
		if !strings.Contains(fmt.Sprint(talkers), class.apps) {
			t.Errorf("%s: the query does not contain %s:\n%s", class.name, class.apps, talkers)
		}
		class.tpl.dashboard(t, "heroku-drains-apps")
	}
}

func TestNoDashboards(t *testing.T) {
	s := defaultSettings()
	s.dashboard = false
	tpl, err := synthesize(s)
	if err != nil {
		t.Fatal(err)
	}
	if ids := tpl.ids("AWS::CloudWatch::Dashboard"); len(ids) > 0 {
		t.Errorf("the stack has dashboards, at $3 a month each: %v", ids)
	}
	if ids := tpl.ids("AWS::Logs::QueryDefinition"); !slices.Contains(ids, "QuerySlowestPaths") {
		t.Errorf("the stack has no saved queries: %v", ids)
	}
}

func TestAppMetrics(t *testing.T) {
	s := defaultSettings()
	s.appMetrics = stack.AppMetricsAll
	tpl, err := synthesize(s)
	if err != nil {
		t.Fatal(err)
	}
	if got := environment(t, tpl, "heroku-drains-storage")["APP_METRICS"]; got != "all" {
		t.Errorf("the storage function writes %s metrics by app", got)
	}
}
