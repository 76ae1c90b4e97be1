package alertfile_test

import (
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/alert/alertfile"
)

var update = flag.Bool("update", false, "write alerts.schema.json")

const schemaFile = "../../../" + alertfile.SchemaName

// The schema in the repository is that of the rules and fields in the code: go test ./lib/alert/alertfile -update writes it.
func TestTheSchemaIsUpToDate(t *testing.T) {
	want, err := alertfile.Schema()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(schemaFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(schemaFile)
	if diff := cmp.Diff(string(want), string(got)); err != nil || diff != "" {
		t.Errorf("%v (-code +file):\n%s", err, diff)
	}
}

// Each field of each section is described.
func TestTheSchemaDescribesEachField(t *testing.T) {
	text, err := alertfile.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties  map[string]struct{ Description string }
		Definitions map[string]struct {
			AnyOf []struct {
				Properties map[string]struct {
					Description string
					AllOf       []map[string]any
				}
			}
		}
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	for _, kind := range alert.Kinds() {
		if schema.Properties[string(kind)].Description == "" {
			t.Errorf("%s is not described", kind)
		}
		for _, field := range alert.Fields(kind) {
			f := schema.Definitions[string(kind)].AnyOf[1].Properties[field]
			if f.Description == "" || len(f.AllOf) != 1 || len(f.AllOf[0]) == 0 {
				t.Errorf("%s.%s: %+v", kind, field, f)
			}
		}
	}
}
