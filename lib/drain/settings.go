package drain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// The values of Settings.Format and Settings.ANSI.
const (
	FormatText = "text" // as `heroku logs` prints lines
	FormatJSON = "json" // one object a line
	ANSIKeep   = "keep"
	ANSIStrip  = "strip" // colour codes are taken out of the lines
)

// Lambda's limits of a mapping from a standard queue.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
const (
	maxBatchSize       = 10_000
	windowlessBatch    = 10 // a larger batch needs a window
	maxBatchWindow     = 300
	minConcurrency     = 2
	maxConcurrency     = 1_000
	noConcurrencyLimit = 0
)

// Settings are what can be chosen per drain. A nil field is one that was not given: Put leaves it as it is.
type Settings struct {
	Format             *string `json:"format,omitempty"`               // text or json
	ANSI               *string `json:"ansi,omitempty"`                 // keep or strip
	BatchSize          *int    `json:"batch_size,omitempty"`           // messages an invocation, 1 to 10,000
	BatchWindowSeconds *int    `json:"batch_window_seconds,omitempty"` // 0 to 300; at least 1 when BatchSize exceeds 10
	MaximumConcurrency *int    `json:"maximum_concurrency,omitempty"`  // invocations at a time, 2 to 1,000; 0: no limit
}

// ParseSettings reads a JSON object. No body at all is no settings. Its errors are *Error with the code InvalidSettings and name the field.
func ParseSettings(body []byte) (Settings, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return Settings{}, nil
	}
	var s Settings
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return Settings{}, unreadable(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Settings{}, invalid("the body must be one JSON object, and something follows it")
	}
	return s, s.Validate()
}

// unreadable says in the API's words what encoding/json says in Go's.
func unreadable(err error) *Error {
	const fields = "format, ansi, batch_size, batch_window_seconds and maximum_concurrency"
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		if wrong.Field == "" {
			return invalid("the body must be a JSON object, and is a JSON %s", wrong.Value)
		}
		kind := "a whole number"
		if wrong.Type.Kind() == reflect.String {
			kind = "a string"
		}
		return invalid("%s must be %s, and is a JSON %s", wrong.Field, kind, wrong.Value)
	}
	if field, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return invalid("there is no setting %s: give some of %s", field, fields)
	}
	return invalid("the body must be a JSON object with some of %s, and cannot be read: %s", fields, err)
}

// Validate reports the first setting that AWS or a drain cannot have, as an *Error with the code InvalidSettings.
func (s Settings) Validate() error {
	switch {
	case s.Format != nil && *s.Format != FormatText && *s.Format != FormatJSON:
		return invalid("format must be text or json, and is %q", *s.Format)
	case s.ANSI != nil && *s.ANSI != ANSIKeep && *s.ANSI != ANSIStrip:
		return invalid("ansi must be keep or strip, and is %q", *s.ANSI)
	case s.BatchSize != nil && (*s.BatchSize < 1 || *s.BatchSize > maxBatchSize):
		return invalid("batch_size must be 1 to %d, and is %d", maxBatchSize, *s.BatchSize)
	case s.BatchWindowSeconds != nil && (*s.BatchWindowSeconds < 0 || *s.BatchWindowSeconds > maxBatchWindow):
		return invalid("batch_window_seconds must be 0 to %d, and is %d", maxBatchWindow, *s.BatchWindowSeconds)
	case s.BatchSize != nil && s.BatchWindowSeconds != nil && *s.BatchSize > windowlessBatch && *s.BatchWindowSeconds < 1:
		return invalid("batch_size %d needs batch_window_seconds of at least 1: give both, or a batch_size of at most %d", *s.BatchSize, windowlessBatch)
	case s.MaximumConcurrency != nil && *s.MaximumConcurrency != noConcurrencyLimit &&
		(*s.MaximumConcurrency < minConcurrency || *s.MaximumConcurrency > maxConcurrency):
		return invalid("maximum_concurrency must be %d to %d, or 0 for no limit, and is %d", minConcurrency, maxConcurrency, *s.MaximumConcurrency)
	}
	return nil
}

// With is s where other gives nothing, and other where it does.
func (s Settings) With(other Settings) Settings {
	return Settings{
		Format:             either(other.Format, s.Format),
		ANSI:               either(other.ANSI, s.ANSI),
		BatchSize:          either(other.BatchSize, s.BatchSize),
		BatchWindowSeconds: either(other.BatchWindowSeconds, s.BatchWindowSeconds),
		MaximumConcurrency: either(other.MaximumConcurrency, s.MaximumConcurrency),
	}
}

func either[T any](first, second *T) *T {
	if first != nil {
		return first
	}
	return second
}

func invalid(format string, args ...any) *Error {
	return &Error{Code: InvalidSettings, Message: fmt.Sprintf(format, args...)}
}
