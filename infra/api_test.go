package main

import (
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
		if uri := render(target["IntegrationUri"]); uri != "${Drains921341E0.Arn}" || target["PayloadFormatVersion"] != "2.0" {
			t.Errorf("%s goes to %s in payload format %v", route["RouteKey"], uri, target["PayloadFormatVersion"])
		}
	}
	want := map[string]string{
		"GET /drains":          "AWS_IAM",
		"GET /drains/{app}":    "AWS_IAM",
		"PUT /drains/{app}":    "AWS_IAM",
		"DELETE /drains/{app}": "AWS_IAM",
		"POST /drains/{app}":   "NONE",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes and who checks their callers (-want +got):\n%s", diff)
	}
}

func TestDefaultStage(t *testing.T) {
	tpl := stackTemplate(t)
	stage := tpl.only(t, "AWS::ApiGatewayV2::Stage").Properties
	if stage["StageName"] != "$default" || stage["AutoDeploy"] != true {
		t.Errorf("stage %v, deployed by itself: %v", stage["StageName"], stage["AutoDeploy"])
	}
	if cors := tpl.only(t, "AWS::ApiGatewayV2::Api").Properties["CorsConfiguration"]; cors != nil {
		t.Errorf("browsers are let in: %v", cors)
	}
}
