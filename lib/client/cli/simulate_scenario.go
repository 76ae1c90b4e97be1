package cli

import (
	"fmt"
	"strings"

	"heroku-drains/lib/client/simulate"
)

// scenario is a scenario of simulate, given by its name.
type scenario struct{ simulate.Scenario }

// UnmarshalText finds the scenario with a name.
func (sc *scenario) UnmarshalText(text []byte) error {
	for _, known := range simulate.Scenarios() {
		if known.Name == string(text) {
			sc.Scenario = known
			return nil
		}
	}
	return fmt.Errorf("%q is not a scenario: choose one of %s", text, strings.Join(scenarioNames(), ", "))
}

func scenarioNames() []string {
	var names []string
	for _, sc := range simulate.Scenarios() {
		names = append(names, sc.Name)
	}
	return names
}

// scenarioTexts returns a line of help for each scenario.
func scenarioTexts() string {
	var text strings.Builder
	for _, sc := range simulate.Scenarios() {
		fmt.Fprintf(&text, "    %-14s %s\n", sc.Name, sc.Summary)
	}
	return text.String()
}
