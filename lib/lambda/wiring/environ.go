package wiring

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/caarlos0/env/v11"
)

// load reads a T from an environment. Its error names every variable that is missing or cannot be read.
func load[T any](environ map[string]string) (T, error) {
	cfg, err := env.ParseAsWithOptions[T](env.Options{
		Environment: environ,
		FuncMap:     map[reflect.Type]env.ParserFunc{reflect.TypeFor[arn.ARN](): func(v string) (any, error) { return arn.Parse(v) }},
	})
	if all, ok := errors.AsType[env.AggregateError](err); ok {
		problems := make([]error, len(all.Errors))
		for i, problem := range all.Errors {
			problems[i] = named[T](problem)
		}
		return cfg, errors.Join(problems...)
	}
	return cfg, err
}

// named says the variable's name, where package env says that of the field.
func named[T any](problem error) error {
	unreadable, ok := errors.AsType[env.ParseError](problem)
	if !ok {
		return problem
	}
	field, ok := reflect.TypeFor[T]().FieldByName(unreadable.Name)
	if !ok {
		return problem
	}
	variable, _, _ := strings.Cut(field.Tag.Get("env"), ",")
	return fmt.Errorf("%s: %w", variable, unreadable.Err)
}
