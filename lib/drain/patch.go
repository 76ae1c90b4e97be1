package drain

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Patch is a change of settings. A nil field leaves that setting unchanged. It is the body of PUT, and an entry in a fleet file.
type Patch struct {
	Format             *string `json:"format,omitempty" yaml:"format"`
	ANSI               *string `json:"ansi,omitempty" yaml:"ansi"`
	BatchSize          *int    `json:"batch_size,omitempty" yaml:"batch_size"`
	BatchWindowSeconds *int    `json:"batch_window_seconds,omitempty" yaml:"batch_window_seconds"`
	MaximumConcurrency *int    `json:"maximum_concurrency,omitempty" yaml:"maximum_concurrency"`
}

// SettingNames are the names of all settings in the API and in fleet files, for error messages.
const SettingNames = "format, ansi, batch_size, batch_window_seconds and maximum_concurrency"

// With returns both changes as one. Where both have a setting, next wins.
func (p Patch) With(next Patch) Patch {
	return Patch{
		Format:             cmp.Or(next.Format, p.Format),
		ANSI:               cmp.Or(next.ANSI, p.ANSI),
		BatchSize:          cmp.Or(next.BatchSize, p.BatchSize),
		BatchWindowSeconds: cmp.Or(next.BatchWindowSeconds, p.BatchWindowSeconds),
		MaximumConcurrency: cmp.Or(next.MaximumConcurrency, p.MaximumConcurrency),
	}
}

// ParsePatch reads a JSON object. An empty body is an empty patch. Its errors are *Error with the code InvalidSettings, and name the field.
func ParsePatch(body []byte) (Patch, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return Patch{}, nil
	}
	var p Patch
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return Patch{}, decodeError(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Patch{}, invalid("the body must be a single JSON object, but more data follows it")
	}
	if name, wrong := unknownName(body); wrong {
		return Patch{}, invalid("unknown setting %q: the settings are %s", name, SettingNames)
	}
	return p, p.Validate()
}

// unknownName returns a member of the object that is not exactly the name of a setting. encoding/json also takes "FORMAT" for "format", and
// of the two together the last.
func unknownName(body []byte) (name string, found bool) {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(body, &members) // the body is an object, or null
	for _, name := range slices.Sorted(maps.Keys(members)) {
		switch name {
		case "format", "ansi", "batch_size", "batch_window_seconds", "maximum_concurrency":
		default:
			return name, true
		}
	}
	return "", false
}

// decodeError translates an error of encoding/json from Go's terms to the API's.
func decodeError(err error) *Error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if wrong.Field == "" {
			return invalid("the body must be a JSON object, not a JSON %s", wrong.Value)
		}
		kind := "a whole number"
		if wrong.Type.Kind() == reflect.String {
			kind = "a string"
		}
		return invalid("%s must be %s, not a JSON %s", wrong.Field, kind, wrong.Value)
	}
	if field, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return invalid("unknown setting %s: the settings are %s", field, SettingNames)
	}
	return invalid("the body is not valid JSON: %s; send an object with some of %s", err, SettingNames)
}

// Validate returns an *Error with the code InvalidSettings for the first setting, or combination of settings, that is not allowed.
func (p Patch) Validate() error {
	switch {
	case p.Format != nil && *p.Format != FormatText && *p.Format != FormatJSON:
		return invalid("format must be text or json, not %q", *p.Format)
	case p.ANSI != nil && *p.ANSI != ANSIKeep && *p.ANSI != ANSIStrip:
		return invalid("ansi must be keep or strip, not %q", *p.ANSI)
	case p.BatchSize != nil && (*p.BatchSize < MinBatchSize || *p.BatchSize > MaxBatchSize):
		return invalid("batch_size must be %d to %d, not %d", MinBatchSize, MaxBatchSize, *p.BatchSize)
	case p.BatchWindowSeconds != nil && (*p.BatchWindowSeconds < 0 || *p.BatchWindowSeconds > MaxBatchWindowSeconds):
		return invalid("batch_window_seconds must be 0 to %d, not %d", MaxBatchWindowSeconds, *p.BatchWindowSeconds)
	case p.BatchSize != nil && p.BatchWindowSeconds != nil && *p.BatchSize > MaxBatchWithoutWindow && *p.BatchWindowSeconds < 1:
		return invalid("batch_size %d needs a batch_window_seconds of at least 1: set both, or use a batch_size of at most %d",
			*p.BatchSize, MaxBatchWithoutWindow)
	case p.MaximumConcurrency != nil && *p.MaximumConcurrency != UnlimitedConcurrency &&
		(*p.MaximumConcurrency < MinMaximumConcurrency || *p.MaximumConcurrency > MaxMaximumConcurrency):
		return invalid("maximum_concurrency must be %d to %d, or 0 for no limit, not %d",
			MinMaximumConcurrency, MaxMaximumConcurrency, *p.MaximumConcurrency)
	}
	return nil
}

func invalid(format string, args ...any) *Error {
	return &Error{Code: InvalidSettings, Message: fmt.Sprintf(format, args...)}
}
