package alerts

import (
	"encoding/json"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/logformat"
)

// Untried says which drop rules could not be tried on all lines.
type Untried struct {
	Rules []string `json:"rules"` // that look at the severity
	Lines int      `json:"lines"` // of which the severity is unknown
}

// UntriedOn returns which rules could not be tried on which lines, or nil. The form of `heroku logs` and the text format of drains do not have
// the syslog severity of a line, so it is unknown unless the line is JSON that has a level itself.
func UntriedOn(rules []alert.Rule, lines []logformat.Line) *Untried {
	var u Untried
	for _, r := range rules {
		if r.Kind == alert.Drop && r.Severity != "" && !r.Off {
			u.Rules = append(u.Rules, r.Name)
		}
	}
	if len(u.Rules) == 0 {
		return nil
	}
	for _, l := range lines {
		if l.Severity == "" && !hasLevel(l.Message) {
			u.Lines++
		}
	}
	if u.Lines == 0 {
		return nil
	}
	return &u
}

// hasLevel reports whether a text is a JSON object with a level of its own, as drop rules read it.
func hasLevel(text []byte) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(text, &fields) != nil {
		return false
	}
	return fields["level"] != nil || fields["severity"] != nil
}
