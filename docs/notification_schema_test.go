package docs_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
)

// schema is a JSON schema, with only what notification.schema.json uses.
type schema struct {
	Schema      string            `json:"$schema"`
	Title       string            `json:"title"`
	Ref         string            `json:"$ref"`
	Defs        map[string]schema `json:"$defs"`
	Type        string            `json:"type"`
	Format      string            `json:"format"`
	Description string            `json:"description"`
	Required    []string          `json:"required"`
	Properties  map[string]schema `json:"properties"`
	Items       *schema           `json:"items"`
	Enum        []string          `json:"enum"`
	Const       int               `json:"const"`
	MaxLength   int               `json:"maxLength"`
}

const schemaPage = "notification.schema.json"

func notificationSchema(t *testing.T) schema {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(read(t, schemaPage)))
	decoder.DisallowUnknownFields()
	var s schema
	if err := decoder.Decode(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

// The schema says what programs can rely on: it must describe what is sent.
func TestNotificationSchemaIsThatOfTheCode(t *testing.T) {
	root := notificationSchema(t)
	described := map[string]reflect.Type{}
	describe(t, root, root, reflect.TypeFor[alert.Notification](), "notification", described)
	for name := range root.Defs {
		if described[name] == nil {
			t.Errorf("the schema defines %s, which nothing refers to", name)
		}
	}
	events := []string{string(alert.Firing), string(alert.Resolved), string(alert.Digest), string(alert.Test)}
	properties := root.Defs["notification"].Properties
	if diff := cmp.Diff(events, properties["event"].Enum); diff != "" {
		t.Errorf("events (-code +schema):\n%s", diff)
	}
	if diff := cmp.Diff([]string{string(alert.Critical), string(alert.Warning)}, properties["level"].Enum); diff != "" {
		t.Errorf("levels (-code +schema):\n%s", diff)
	}
	var kinds []string
	for _, kind := range []alert.Kind{alert.Codes, alert.Slow, alert.Status, alert.Samples, alert.Errors, alert.Regexps, alert.Silence} {
		kinds = append(kinds, string(kind))
	}
	if diff := cmp.Diff(kinds, properties["kind"].Enum); diff != "" {
		t.Errorf("kinds (-code +schema):\n%s", diff)
	}
	if got := properties["version"].Const; got != alert.NotificationVersion {
		t.Errorf("the schema is that of version %d, and the code sends version %d", got, alert.NotificationVersion)
	}
}

// describe compares a part of the schema with the Go type whose JSON it describes.
func describe(t *testing.T, root, s schema, of reflect.Type, where string, described map[string]reflect.Type) {
	t.Helper()
	if name, refers := strings.CutPrefix(s.Ref, "#/$defs/"); refers {
		for of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		if described[name] == of {
			return
		}
		described[name] = of
		s = root.Defs[name]
	}
	switch {
	case of == reflect.TypeFor[time.Time]():
		check(t, where, s.Type+" "+s.Format, "string date-time")
	case of.Kind() == reflect.String:
		check(t, where, s.Type, "string")
	case of.Kind() == reflect.Int, of.Kind() == reflect.Int64:
		check(t, where, s.Type, "integer")
	case of.Kind() == reflect.Bool:
		check(t, where, s.Type, "boolean")
	case of.Kind() == reflect.Slice:
		check(t, where, s.Type, "array")
		if s.Items == nil {
			t.Errorf("%s has no items", where)
			return
		}
		describe(t, root, *s.Items, of.Elem(), where+"[]", described)
	case of.Kind() == reflect.Struct:
		check(t, where, s.Type, "object")
		var names, required []string
		for i := range of.NumField() {
			name, options, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			names = append(names, name)
			if options == "" {
				required = append(required, name)
			}
			property, known := s.Properties[name]
			if !known || property.Description == "" {
				t.Errorf("the schema does not describe %s.%s", where, name)
				continue
			}
			describe(t, root, property, of.Field(i).Type, where+"."+name, described)
		}
		for name := range s.Properties {
			if !slices.Contains(names, name) {
				t.Errorf("the schema describes %s.%s, which is never sent", where, name)
			}
		}
		if diff := cmp.Diff(required, s.Required); diff != "" {
			t.Errorf("%s: fields that are always there (-code +schema):\n%s", where, diff)
		}
	default:
		t.Errorf("%s is a %s, which this test does not know", where, of)
	}
}

func check(t *testing.T, where, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: the schema says %q, and the code sends %q", where, got, want)
	}
}

// fieldsOfNotifications returns a table of the fields, in the order of the code.
func fieldsOfNotifications(t *testing.T) string {
	root := notificationSchema(t)
	rows := [][]string{{"field", "type", "what it says"}}
	add := func(prefix, def string, of reflect.Type) {
		for i := range of.NumField() {
			name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			property := root.Defs[def].Properties[name]
			kind := property.Type
			if property.Format == "date-time" {
				kind = "time, RFC 3339"
			}
			if strings.HasPrefix(property.Ref, "#") {
				kind = "object"
			}
			rows = append(rows, []string{"`" + prefix + name + "`", kind, property.Description})
		}
	}
	add("", "notification", reflect.TypeFor[alert.Notification]())
	add("per_minute[].", "count", reflect.TypeFor[alert.Count]())
	add("samples[].", "line", reflect.TypeFor[alert.Line]())
	add("affected[].", "affected", reflect.TypeFor[alert.Affected]())
	add("release.", "release", reflect.TypeFor[alert.Release]())
	return markdown(rows)
}

// The page's example is a notification, with fields of the schema alone.
func TestExampleOfANotification(t *testing.T) {
	blocks := jsonBlock.FindAllStringSubmatch(read(t, alertsPage), -1)
	if len(blocks) != 1 {
		t.Fatalf("%s has %d JSON examples, want 1", alertsPage, len(blocks))
	}
	decoder := json.NewDecoder(strings.NewReader(blocks[0][1]))
	decoder.DisallowUnknownFields()
	var n alert.Notification
	if err := decoder.Decode(&n); err != nil {
		t.Fatal(err)
	}
	if n.Version != alert.NotificationVersion || n.Event != alert.Firing || len(n.Subject) > 100 {
		t.Errorf("the example has the version %d, the event %s and the subject %q", n.Version, n.Event, n.Subject)
	}
}
