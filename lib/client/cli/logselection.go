package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/client/term"
	"heroku-drains/lib/drain"
)

// patternPage explains filter patterns.
const patternPage = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html"

// logSelection says which of a stream's lines are wanted. The zero value wants all.
type logSelection struct {
	pattern string // of CloudWatch Logs
	source  string // app, heroku; empty: any
	process string // web.1, or web for all of its dynos; empty: any
}

// query is what CloudWatch Logs is to search for. It need not be exact, because wants is; it only saves reading what is not wanted.
func (s logSelection) query() string {
	if s.pattern != "" {
		return s.pattern // it cannot be combined with more of any kind
	}
	var terms []string
	for _, name := range []string{s.source, s.process} {
		if name != "" && !strings.ContainsAny(name, `"\`) {
			terms = append(terms, `"`+name+`"`)
		}
	}
	return strings.Join(terms, " ")
}

// selective tells whether there may be lines that match the query and are not wanted.
func (s logSelection) selective() bool { return s.source != "" || s.process != "" }

// wants tells whether an event is from the source and the process.
func (s logSelection) wants(e types.FilteredLogEvent) bool {
	if !s.selective() {
		return true
	}
	l := lineOf(e)
	source, process := string(l.Source), string(l.Process)
	return (s.source == "" || source == s.source) &&
		(s.process == "" || process == s.process || strings.HasPrefix(process, s.process+"."))
}

// fields tells whether the pattern asks for the fields of JSON lines.
func (s logSelection) fields() bool { return strings.HasPrefix(strings.TrimSpace(s.pattern), "{") }

// refused is a failed search, in words for who wrote its pattern where that is to blame.
func (s logSelection) refused(err error) error {
	var invalid *types.InvalidParameterException
	if s.pattern == "" || !errors.As(err, &invalid) {
		return err
	}
	example := `what is more than letters and digits goes into double quotes, as in --filter '"code=H12"'`
	if s.fields() {
		example = "a condition looks like --filter '{ $.status >= 500 }'"
	}
	return usagef("CloudWatch Logs does not take the filter %s: %s; %s; see %s", s.pattern, invalid.ErrorMessage(), example, patternPage)
}

// warn says on stderr what makes a search of a drain's lines fruitless from the start.
func (s *session) warn(selection logSelection, d drain.Drain) {
	if selection.fields() && d.Settings.Format == drain.FormatText {
		s.Note("A filter in braces finds the fields of JSON lines only, and %s's lines are stored as text: "+
			"`%s put -a %s --format json` changes that for the lines to come.", d.App, program, d.App)
	}
}

// noLines says on a terminal that there was nothing to print, lest silence be taken for a failure.
func (s *session) noLines(c *logsCmd, app string) {
	if !term.IsTerminal(s.Stderr) || c.Num != nil && *c.Num == 0 {
		return
	}
	text := fmt.Sprintf("There are no lines of %s yet. `%s doctor -a %s` looks for the reason.", app, program, app)
	if c.selection() != (logSelection{}) || !c.Since.IsZero() || !c.Until.IsZero() {
		text = fmt.Sprintf("No line of %s is like that.", app)
	}
	if c.Tail {
		text += " New ones are shown as they come, until Ctrl-C."
	}
	s.Note("%s", text)
}
