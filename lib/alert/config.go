package alert

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// Config is the content of alerts.yaml: by kind and name, what it changes of the default rules, and the rules that it adds. Without any content,
// the default rules apply unchanged. As JSON, it is the file that the functions read.
type Config map[Kind]map[string]Change

// Change is what alerts.yaml says of a rule. A field that is nil keeps the default. The fields are those of Rule, which describes them; Fields
// says which of them a kind has.
type Change struct {
	Off         *bool     `json:"off,omitzero"`
	Title       *string   `json:"title,omitzero"`
	Description *string   `json:"description,omitzero"`
	Advice      *string   `json:"advice,omitzero"`
	Level       *Level    `json:"level,omitzero"`
	Threshold   *int      `json:"threshold,omitzero"`
	Window      *Duration `json:"window,omitzero"`
	Cooldown    *Duration `json:"cooldown,omitzero"`
	IncludeApps []string  `json:"include_apps,omitzero"`
	ExcludeApps []string  `json:"exclude_apps,omitzero"`

	Over         *float64  `json:"over,omitzero"`
	Under        *float64  `json:"under,omitzero"`
	Metric       *string   `json:"metric,omitzero"`
	Interval     *Duration `json:"interval,omitzero"`
	Status       *string   `json:"status,omitzero"`
	ExcludePaths []string  `json:"exclude_paths,omitzero"`
	Path         *string   `json:"path,omitzero"`
	Method       *string   `json:"method,omitzero"`
	Pattern      *string   `json:"pattern,omitzero"`
	Field        *string   `json:"field,omitzero"`
	Source       *string   `json:"source,omitzero"`
	Process      *string   `json:"process,omitzero"`
	Severity     *string   `json:"severity,omitzero"`
	After        *Duration `json:"after,omitzero"`
	Keep         *float64  `json:"keep,omitzero"`
}

// ReadConfig reads the JSON of a Config. It rejects names that it does not know.
func ReadConfig(data []byte) (Config, error) {
	var c Config
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return nil, fmt.Errorf("read the alert rules: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("read the alert rules: text after the end of the JSON")
	}
	return c, nil
}

// Kinds returns all kinds, in the order in which rules are listed.
func Kinds() []Kind {
	return []Kind{Codes, Slow, Status, Samples, Errors, Regexps, Silence, Drop}
}

// Fields returns the fields that alerts.yaml can give to the rules of a kind, by their names there; nil for an unknown kind.
func Fields(k Kind) []string {
	common := []string{"off", "title", "description", "include_apps", "exclude_apps"}
	alerting := append(common, "advice", "level")
	counting := append(alerting, "threshold", "window", "cooldown")
	switch k {
	case Codes:
		return counting
	case Slow:
		return append(counting, "over", "path", "exclude_paths")
	case Status:
		return append(counting, "status", "path", "exclude_paths")
	case Samples:
		return append(alerting, "threshold", "cooldown", "metric", "over", "under", "interval", "process")
	case Errors, Regexps:
		return append(counting, "pattern", "field", "source", "process")
	case Silence:
		return append(alerting, "after")
	case Drop:
		return append(common, "path", "method", "status", "source", "process", "severity", "pattern", "field", "keep")
	}
	return nil
}
