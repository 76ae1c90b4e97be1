package alertfile

import (
	"bytes"
	"encoding/json"
	"fmt"

	"heroku-drains/lib/alert"
)

// SchemaName is the name of the schema's file, beside the file.
const SchemaName = "alerts.schema.json"

// object is an object of a JSON schema. Its members are written in the order of their names.
type object map[string]any

// Schema returns the JSON schema of the file, which completes and checks it in editors. It cannot check everything that Read does, such as regular
// expressions. https://json-schema.org/draft-07/json-schema-validation
func Schema() ([]byte, error) {
	sections, definitions := object{}, object{
		"duration": object{
			"type": "string", "minLength": 2, "pattern": "^([0-9]+d|([0-9]+h)?([0-9]+m)?([0-9]+s)?)$",
			"description": "whole seconds, minutes, hours or days, such as 90s, 5m, 1h30m or 2d",
		},
		"texts": object{"anyOf": []object{{"type": "string"}, {"type": "array", "items": object{"type": "string"}}}},
	}
	for _, kind := range alert.Kinds() {
		definitions[string(kind)] = ruleSchema(kind)
		sections[string(kind)] = sectionSchema(kind)
	}
	schema := object{
		"$schema": "http://json-schema.org/draft-07/schema#", "title": "The alert rules of heroku-drains",
		"description": "Changes the default rules, and adds others. docs/alerts.md describes them.",
		"type":        []string{"object", "null"}, "properties": sections, "additionalProperties": false, "definitions": definitions,
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(schema); err != nil {
		return nil, fmt.Errorf("encode the schema: %w", err)
	}
	return text.Bytes(), nil
}

// sectionSchema returns the schema of a section: the default rules by name, and others unless they are codes.
func sectionSchema(kind alert.Kind) object {
	rule := object{"$ref": "#/definitions/" + string(kind)}
	rules := object{}
	for _, d := range alert.Catalogue() {
		if d.Rule.Kind == kind {
			rules[d.Rule.Name] = object{"title": d.Rule.Title, "description": d.Rule.Description, "allOf": []object{rule}}
		}
	}
	section := object{"type": []string{"object", "null"}, "description": sectionTexts[kind], "properties": rules, "additionalProperties": false}
	if kind != alert.Codes {
		own := object{"allOf": []any{rule, object{"if": object{"type": "object"}, "then": object{"required": required[kind]}}}}
		section["additionalProperties"] = own
		section["propertyNames"] = object{"pattern": alert.RuleNamePattern}
	}
	return section
}

// ruleSchema returns the schema of a rule: on, off, or fields.
func ruleSchema(kind alert.Kind) object {
	fields := object{}
	for _, name := range alert.Fields(kind) {
		f := fieldSchemas[name]
		fields[name] = object{"description": f.text, "allOf": []object{f.schema}}
	}
	return object{"anyOf": []object{
		{"enum": []string{"on", "off"}},
		{"type": "object", "properties": fields, "additionalProperties": false},
	}}
}

var sectionTexts = map[alert.Kind]string{
	alert.Codes:   "Heroku's error codes",
	alert.Slow:    "requests that take too long",
	alert.Status:  "responses with a status",
	alert.Samples: "figures of dynos and data stores over or under a limit",
	alert.Errors:  "common errors of languages and frameworks",
	alert.Regexps: "your own patterns",
	alert.Silence: "no line of an app for too long",
	alert.Drop:    "lines that are counted but not stored",
}

// required are the fields that a rule must have which is not a default.
var required = map[alert.Kind][]string{
	alert.Slow: {"over"}, alert.Status: {"status"}, alert.Samples: {"metric"}, alert.Errors: {"pattern"}, alert.Regexps: {"pattern"},
	alert.Silence: {"after"}, alert.Drop: {},
}

var (
	textSchema     = object{"type": "string"}
	textsSchema    = object{"$ref": "#/definitions/texts"}
	durationSchema = object{"$ref": "#/definitions/duration"}
	numberSchema   = object{"type": "number"}
)

// fieldSchemas are the fields of all kinds.
var fieldSchemas = map[string]struct {
	text   string
	schema object
}{
	"off":           {"true: the rule is not in force", object{"type": "boolean"}},
	"title":         {"a few words for the notification's subject", textSchema},
	"description":   {"what the alert means", textSchema},
	"advice":        {"the first thing to look at, such as a page of your runbook", textSchema},
	"level":         {"critical: users are affected; warning: they may be soon", object{"enum": []alert.Level{alert.Critical, alert.Warning}}},
	"include_apps":  {"the apps that the rule is for, in which * stands for any characters; default: all", textsSchema},
	"exclude_apps":  {"the apps that the rule is not for, in which * stands for any characters", textsSchema},
	"threshold":     {"the number of lines within the window at which an alert begins; of samples: the number in a row", object{"type": "integer", "minimum": 1}},
	"window":        {"the time in which the lines must come, at most 24h", durationSchema},
	"cooldown":      {"how long there must be no more lines until the alert is over, at most 24h", durationSchema},
	"over":          {"slow: the milliseconds that a request may take; samples: the limit that a figure exceeds", numberSchema},
	"under":         {"the limit that a figure falls below", numberSchema},
	"metric":        {"a figure's name without sample#, or two with a slash between them: memory_total / memory_quota", textSchema},
	"interval":      {"the time between two samples, at most 1h", durationSchema},
	"status":        {"a status such as 429, or a class such as 5xx", object{"type": []string{"string", "integer"}}},
	"path":          {"a regular expression (RE2) that the path of the request matches, without its query", textSchema},
	"exclude_paths": {"regular expressions (RE2) of paths that do not count", textsSchema},
	"method":        {"the method of the request", textSchema},
	"pattern":       {"a regular expression (RE2) that the line matches, or the field", textSchema},
	"field":         {"the field of a JSON line that the pattern applies to; those of objects in it have dots: error.code", textSchema},
	"source":        {"app: the lines of dynos and add-ons; heroku: those of the platform", object{"enum": []string{"app", "heroku"}}},
	"process":       {"the process, in which * stands for any characters: web.*, router, heroku-postgres", textSchema},
	"severity":      {"the level of the line: of its JSON's level or severity, or else of the syslog line", textSchema},
	"after":         {"how long an app writes no line before it alerts, 1m to 7d", durationSchema},
	"keep":          {"the share of lines that are stored nevertheless: 0.01 or 1%", object{"anyOf": []object{{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": "^[0-9.]+ ?%?$"}}}},
}
