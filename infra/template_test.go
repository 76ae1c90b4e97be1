package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/stack"
)

// TestMain runs the program instead of the tests if RUN_AS_INFRA is set, for the tests of its exit.
func TestMain(m *testing.M) {
	if os.Getenv("RUN_AS_INFRA") != "" {
		main()
	}
	if err := checkNode(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}

// template is a CloudFormation template.
type template struct {
	Resources map[string]resource
	Outputs   map[string]struct{ Value any }
	Rules     map[string]struct{ Assertions []struct{ Assert any } }
}

type resource struct {
	Type                string
	Properties          map[string]any
	DependsOn           []string
	DeletionPolicy      string
	UpdateReplacePolicy string
}

// defaultTemplate synthesizes the stack with default settings, once for all tests: jsii takes seconds to start.
var defaultTemplate = sync.OnceValues(func() (template, error) { return synthesize(defaultSettings()) })

func stackTemplate(t *testing.T) template {
	t.Helper()
	tpl, err := defaultTemplate()
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

// everythingSettings returns settings that enable everything.
func everythingSettings() settings {
	s := defaultSettings()
	s.accessLog, s.alertEmail, s.dashboard, s.dedup = true, "ops@example.com", true, stack.DedupDurable
	s.tags = map[string]string{"team": "web", "application": "logs", "url": "https://example.com/a=b"}
	return s
}

var everythingTemplate = sync.OnceValues(func() (template, error) { return synthesize(everythingSettings()) })

func everything(t *testing.T) template {
	t.Helper()
	tpl, err := everythingTemplate()
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

// synthesize returns the template, with the feature flags of cdk.json, but without compiling the functions.
func synthesize(s settings) (template, error) {
	root, err := moduleRoot()
	if err != nil {
		return template{}, err
	}
	outdir, err := os.MkdirTemp("", "infra-test")
	if err != nil {
		return template{}, err
	}
	defer os.RemoveAll(outdir)
	return synthesizeIn(outdir, s, &builder{moduleRoot: root}, noBundling)
}

// noBundling is a context in which the CDK does not compile the functions.
var noBundling = map[string]any{"aws:cdk:bundling-stacks": []string{}}

func synthesizeIn(outdir string, s settings, b *builder, context map[string]any) (template, error) {
	config, err := os.ReadFile(filepath.Join(b.moduleRoot, "cdk.json"))
	if err != nil {
		return template{}, err
	}
	var cdk struct{ Context map[string]any }
	if err := json.Unmarshal(config, &cdk); err != nil {
		return template{}, err
	}
	maps.Copy(cdk.Context, context)
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(outdir), Context: &cdk.Context})
	if err := writeStack(app, s, b); err != nil {
		return template{}, err
	}

	text, err := os.ReadFile(filepath.Join(outdir, string(s.stackName)+".template.json"))
	if err != nil {
		return template{}, err
	}
	var tpl template
	err = json.Unmarshal(text, &tpl)
	return tpl, err
}

// only returns the only resource of a type.
func (tpl template) only(t *testing.T, resourceType string) resource {
	t.Helper()
	ids := tpl.ids(resourceType)
	if len(ids) != 1 {
		t.Fatalf("the template has %d of %s, want one: %v", len(ids), resourceType, ids)
	}
	return tpl.Resources[ids[0]]
}

// function returns the function of that name.
func (tpl template) function(t *testing.T, name string) resource {
	t.Helper()
	for _, id := range tpl.ids("AWS::Lambda::Function") {
		if tpl.Resources[id].Properties["FunctionName"] == name {
			return tpl.Resources[id]
		}
	}
	t.Fatalf("the template has no function %s", name)
	return resource{}
}

// ids returns the logical IDs of the resources of a type.
func (tpl template) ids(resourceType string) []string {
	var ids []string
	for id, r := range tpl.Resources {
		if r.Type == resourceType {
			ids = append(ids, id)
		}
	}
	return slices.Sorted(slices.Values(ids))
}

// render returns a value of the template in the notation of Fn::Sub, such as ${Queue.Arn}, so that tests can write expected values in one line.
func render(value any) string {
	call, ok := value.(map[string]any)
	if !ok {
		return fmt.Sprint(value)
	}
	if ref, ok := call["Ref"]; ok {
		return fmt.Sprintf("${%s}", ref)
	}
	if get, ok := call["Fn::GetAtt"].([]any); ok {
		return fmt.Sprintf("${%s.%s}", get[0], get[1])
	}
	if join, ok := call["Fn::Join"].([]any); ok {
		parts := join[1].([]any)
		texts := make([]string, len(parts))
		for i, part := range parts {
			texts[i] = render(part)
		}
		return strings.Join(texts, join[0].(string))
	}
	return fmt.Sprint(value)
}

// renderAll renders each value of a map.
func renderAll(values map[string]any) map[string]string {
	rendered := make(map[string]string, len(values))
	for key, value := range values {
		rendered[key] = render(value)
	}
	return rendered
}
