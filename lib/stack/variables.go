package stack

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
)

// load reads variables into the struct that e points to, and leaves fields alone whose variable is missing or empty. The error names every
// variable that is required and missing, or cannot be parsed.
func load[T any](e *T, variables map[string]string) error {
	err := env.ParseWithOptions(e, env.Options{Environment: variables})
	all, ok := errors.AsType[env.AggregateError](err)
	if !ok {
		return err
	}
	problems := make([]error, len(all.Errors))
	for i, problem := range all.Errors {
		problems[i] = named[T](problem)
	}
	return errors.Join(problems...)
}

// named replaces the field's name, which package env gives in its errors, with the variable's.
func named[T any](problem error) error {
	unreadable, ok := errors.AsType[env.ParseError](problem)
	if !ok {
		return problem
	}
	field, ok := reflect.TypeFor[T]().FieldByName(unreadable.Name)
	if !ok {
		return problem
	}
	return fmt.Errorf("%s: %w", variable(field), unreadable.Err)
}

// write returns the variables of an environment, all of them.
func write[T any](e T) map[string]string {
	variables := map[string]string{}
	value := reflect.ValueOf(e)
	for i := range value.NumField() {
		text := fmt.Sprint(value.Field(i))
		if pairs, ok := value.Field(i).Interface().(map[string]string); ok {
			text = joinPairs(pairs)
		}
		variables[variable(value.Type().Field(i))] = text
	}
	return variables
}

// variable returns the name of a field's variable.
func variable(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("env"), ",")
	return name
}

// joinPairs returns pairs as key=value,key=value, by key. AWS allows no comma in a tag.
func joinPairs(pairs map[string]string) string {
	texts := make([]string, 0, len(pairs))
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		texts = append(texts, key+"="+pairs[key])
	}
	return strings.Join(texts, ",")
}
