package alert

import "slices"

// DefaultRule is a rule that applies without an alerts.yaml.
type DefaultRule struct {
	Rule    Rule
	Example Line   // a line as Heroku or an app writes it, which matches the rule; its time is zero
	Why     string // why the rule is off
}

// Catalogue returns all default rules, also those that are off: a rule for each error code that Heroku documents or has documented, in the order
// of its list, and then the others, by kind.
// https://devcenter.heroku.com/articles/error-codes
func Catalogue() []*DefaultRule {
	return slices.Concat(routerCodes(), dynoCodes(), logCodes(), []*DefaultRule{unknownCode()}, requestRules(), sampleRules(), errorRules())
}

// code returns the rule of an error code: an alert begins when threshold lines come within window.
func code(name, title string, level Level, threshold int, window Duration) *DefaultRule {
	return &DefaultRule{Rule: Rule{
		Name: name, Kind: Codes, Code: name, Title: title, Level: level, Origin: Default,
		Threshold: threshold, Window: window, Cooldown: 10 * minute,
	}}
}

// says adds what the rule means and the first thing to look at.
func (d *DefaultRule) says(description, advice string) *DefaultRule {
	d.Rule.Description, d.Rule.Advice = description, advice
	return d
}

// off turns the rule off, for a reason.
func (d *DefaultRule) off(why string) *DefaultRule {
	d.Rule.Off, d.Why = true, why
	return d
}

// like sets the example.
func (d *DefaultRule) like(source, process, text string) *DefaultRule {
	d.Example = Line{Source: source, Process: process, Text: text}
	return d
}
