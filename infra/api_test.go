package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRoutes(t *testing.T) {
	tpl := stackTemplate(t)
	got := map[string]string{}
	for _, id := range tpl.ids("AWS::ApiGatewayV2::Route") {
		route := tpl.Resources[id].Properties
		got[route["RouteKey"].(string)] = route["AuthorizationType"].(string)

		integration := strings.TrimPrefix(render(route["Target"]), "integrations/")
		target := tpl.Resources[strings.Trim(integration, "${}")].Properties
		want := "${Drains921341E0.Arn}"
		if strings.Contains(route["RouteKey"].(string), " /alerts") {
			want = "${Alerts91F83244.Arn}"
		}
		if uri := render(target["IntegrationUri"]); uri != want || target["PayloadFormatVersion"] != "2.0" {
			t.Errorf("%s calls %s with payload format %v", route["RouteKey"], uri, target["PayloadFormatVersion"])
		}
	}
	want := map[string]string{
		"GET /drains":          "AWS_IAM",
		"GET /drains/{app}":    "AWS_IAM",
		"PUT /drains/{app}":    "AWS_IAM",
		"DELETE /drains/{app}": "AWS_IAM",
		"POST /drains/{app}":   "NONE",

		"GET /alerts":                      "AWS_IAM",
		"GET /alerts/rules":                "AWS_IAM",
		"POST /alerts/test":                "AWS_IAM",
		"PUT /alerts/{app}/{rule}/mute":    "AWS_IAM",
		"DELETE /alerts/{app}/{rule}/mute": "AWS_IAM",
		"GET /alerts/{app}/dropped":        "AWS_IAM",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes and their authorization (-want +got):\n%s", diff)
	}
}

// managingRoutes are the routes that manage drains and alerts. A stage with settings for them must be deployed after them.
var managingRoutes = []string{
	"DELETE /alerts/{app}/{rule}/mute", "DELETE /drains/{app}", "GET /alerts", "GET /alerts/rules", "GET /alerts/{app}/dropped",
	"GET /drains", "GET /drains/{app}", "POST /alerts/test", "PUT /alerts/{app}/{rule}/mute", "PUT /drains/{app}",
}

func TestThrottling(t *testing.T) {
	tpl := stackTemplate(t)
	stage := tpl.only(t, "AWS::ApiGatewayV2::Stage")
	want := map[string]any{}
	for _, route := range managingRoutes {
		want[route] = map[string]any{"ThrottlingRateLimit": 10.0, "ThrottlingBurstLimit": 20.0}
	}
	if diff := cmp.Diff(want, stage.Properties["RouteSettings"]); diff != "" {
		t.Errorf("limits by route, without POST (-want +got):\n%s", diff)
	}
	if limits := stage.Properties["DefaultRouteSettings"]; limits != nil {
		t.Errorf("the stage limits all routes, POST included: %v", limits)
	}

	var dependsOn []string
	for _, id := range stage.DependsOn {
		dependsOn = append(dependsOn, tpl.Resources[id].Properties["RouteKey"].(string))
	}
	slices.Sort(dependsOn)
	if diff := cmp.Diff(managingRoutes, dependsOn); diff != "" {
		t.Errorf("routes that the stage depends on (-want +got):\n%s", diff)
	}
}

func TestAccessLog(t *testing.T) {
	tpl := stackTemplate(t)
	settings, ok := tpl.only(t, "AWS::ApiGatewayV2::Stage").Properties["AccessLogSettings"].(map[string]any)
	if !ok {
		t.Fatal("the stage has no access log")
	}
	if got := render(settings["DestinationArn"]); got != "${AccessLogD598EBE9.Arn}" {
		t.Errorf("the access log goes to %s", got)
	}
	group := tpl.Resources["AccessLogD598EBE9"]
	for property, value := range map[string]any{"LogGroupName": "/aws/vendedlogs/heroku-drains", "RetentionInDays": 14.0} {
		if got := group.Properties[property]; got != value {
			t.Errorf("the log group has %s %v, want %v", property, got, value)
		}
	}

	format := settings["Format"].(string)
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
	if len(format) > 3<<10 {
		t.Errorf("the format has %d bytes; the gateway allows 3 KB", len(format))
	}
	for _, variable := range regexp.MustCompile(`\$[\w.]*`).FindAllString(format, -1) {
		// No headers: one has the password.
		if !strings.HasPrefix(variable, "$context.") || strings.Contains(variable, "eader") || strings.Contains(variable, "authorizer") {
			t.Errorf("the format has %s", variable)
		}
	}
	for _, name := range []string{"requestId", "httpMethod", "path", "status", "error.message", "integrationErrorMessage", "responseLatency"} {
		if !strings.Contains(format, "$context."+name) {
			t.Errorf("the format has no %s: %s", name, format)
		}
	}
}

func TestNoAccessLog(t *testing.T) {
	s := defaultSettings()
	s.accessLog = false
	tpl, err := synthesize(s)
	if err != nil {
		t.Fatal(err)
	}
	if settings := tpl.only(t, "AWS::ApiGatewayV2::Stage").Properties["AccessLogSettings"]; settings != nil {
		t.Errorf("the stage has an access log: %v", settings)
	}
	for _, id := range tpl.ids("AWS::Logs::LogGroup") {
		if name := tpl.Resources[id].Properties["LogGroupName"]; name == "/aws/vendedlogs/heroku-drains" {
			t.Errorf("the log group exists: %s", id)
		}
	}
}

func TestDefaultStage(t *testing.T) {
	tpl := stackTemplate(t)
	stage := tpl.only(t, "AWS::ApiGatewayV2::Stage").Properties
	if stage["StageName"] != "$default" || stage["AutoDeploy"] != true {
		t.Errorf("stage %v, automatic deployment: %v", stage["StageName"], stage["AutoDeploy"])
	}
	if cors := tpl.only(t, "AWS::ApiGatewayV2::Api").Properties["CorsConfiguration"]; cors != nil {
		t.Errorf("the API allows browsers: %v", cors)
	}
}
