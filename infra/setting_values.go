package main

import (
	"fmt"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
)

// field is one setting.
type field struct {
	allowed string               // the allowed values, for the error message
	set     func(value any) bool // stores the value; returns false if it is not allowed
}

// matching accepts text that matches a pattern.
func matching[T ~string](into *T, pattern *regexp.Regexp) func(any) bool {
	return func(value any) bool {
		text, ok := value.(string)
		*into = T(text)
		return ok && pattern.MatchString(text)
	}
}

// number accepts whole numbers: as text from `-c`, as numbers from cdk.json.
func number(into *int, allowed func(int) bool) func(any) bool {
	return func(value any) bool {
		if f, ok := value.(float64); ok {
			value = strconv.FormatFloat(f, 'f', -1, 64)
		}
		text, _ := value.(string)
		n, err := strconv.Atoi(text)
		*into = n
		return err == nil && allowed(n)
	}
}

// flag accepts true and false: as text from `-c`, as booleans from cdk.json.
func flag(into *bool) func(any) bool {
	return func(value any) bool {
		*into = value == true || value == "true"
		return *into || value == false || value == "false"
	}
}

// email accepts an email address without a display name.
func email(into *string) func(any) bool {
	return func(value any) bool {
		text, _ := value.(string)
		address, err := mail.ParseAddress(text)
		*into = text
		return err == nil && address.Address == text
	}
}

// oneOf accepts the keys of values.
func oneOf[T any](into *T, values map[string]T) func(any) bool {
	return func(value any) bool {
		text, _ := value.(string)
		chosen, ok := values[text]
		*into = chosen
		return ok
	}
}

// inRange returns a setting that accepts whole numbers from low to high.
func inRange(into *int, low, high int) field {
	return field{
		allowed: fmt.Sprintf("%d to %d", low, high),
		set:     number(into, func(n int) bool { return low <= n && n <= high }),
	}
}

// joinInts returns numbers separated by commas.
func joinInts(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ", ")
}
