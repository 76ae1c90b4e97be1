package alertfile

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"heroku-drains/lib/alert"
)

// change reads what the file says of a rule.
func (r *reader) change(kind alert.Kind, rule entry) alert.Change {
	var change alert.Change
	where := string(kind) + "." + rule.key
	if rule.value.Kind == yaml.ScalarNode {
		switch strings.ToLower(rule.value.Value) {
		case "off", "false":
			change.Off = new(true)
		case "on", "true":
			change.Off = new(false)
		default:
			r.bad(rule.line, "%s must be off, on, or have fields in braces or indented below it", where)
		}
		return change
	}
	into, allowed := reflect.ValueOf(&change).Elem(), alert.Fields(kind)
	for field := range r.mapping(rule.value, where, "fields such as threshold: 5") {
		i := fieldIndex(into.Type(), field.key)
		if i < 0 || !slices.Contains(allowed, field.key) {
			r.bad(field.line, "%s: unknown field %s: rules of the section %s have %s", where, field.key, kind, strings.Join(allowed, ", "))
			continue
		}
		r.lines[place{kind: kind, rule: rule.key, field: field.key}] = field.value.Line
		if isNull(field.value) {
			r.bad(field.line, "%s.%s has no value", where, field.key)
			continue
		}
		if err := set(into.Field(i), field.value); err != nil {
			r.bad(field.value.Line, "%s.%s: %v", where, field.key, err)
		}
	}
	return change
}

// fieldIndex returns the index of the field with that name in JSON, or -1.
func fieldIndex(t reflect.Type, name string) int {
	for i := range t.NumField() {
		if tag, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); tag == name {
			return i
		}
	}
	return -1
}

// set sets a field of a change.
func set(field reflect.Value, node *yaml.Node) error {
	switch into := field.Addr().Interface().(type) {
	case *[]string:
		return setList(into, node)
	case **string:
		return setText(into, node)
	case **alert.Level:
		return setText(into, node)
	case **alert.Duration:
		*into = new(alert.Duration)
		if node.Kind != yaml.ScalarNode {
			return fmt.Errorf("give a duration such as 5m")
		}
		return (*into).UnmarshalText([]byte(node.Value))
	case **bool:
		if node.Tag != "!!bool" && node.Value != "on" && node.Value != "off" {
			return fmt.Errorf("%s is not true or false", shown(node))
		}
		*into = new(node.Value == "on" || strings.EqualFold(node.Value, "true"))
	case **int:
		n, err := strconv.Atoi(node.Value)
		if err != nil || node.Tag != "!!int" {
			return fmt.Errorf("%s is not a whole number", shown(node))
		}
		*into = &n
	case **float64:
		n, err := number(node)
		if err != nil {
			return err
		}
		*into = &n
	default:
		return fmt.Errorf("fields of type %s cannot be read", field.Type()) // a test reads each field
	}
	return nil
}

func setText[T ~string](into **T, node *yaml.Node) error {
	if node.Kind != yaml.ScalarNode {
		return fmt.Errorf("%s is not a text", shown(node))
	}
	*into = new(T(node.Value))
	return nil
}

func setList(into *[]string, node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*into = []string{node.Value}
		return nil
	}
	if node.Kind != yaml.SequenceNode {
		return fmt.Errorf("give a list such as [a, b]")
	}
	*into = []string{}
	for _, item := range node.Content {
		if item = resolve(item); item.Kind != yaml.ScalarNode {
			return fmt.Errorf("%s in line %d is not a text", shown(item), item.Line)
		}
		*into = append(*into, item.Value)
	}
	return nil
}

// number reads a number, or a percentage as a fraction.
func number(node *yaml.Node) (float64, error) {
	text, percent := strings.CutSuffix(node.Value, "%")
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || node.Kind != yaml.ScalarNode {
		return 0, fmt.Errorf("%s is not a number", shown(node))
	}
	if percent {
		n /= 100
	}
	return n, nil
}

// shown returns a value for an error.
func shown(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return strconv.Quote(node.Value)
}
