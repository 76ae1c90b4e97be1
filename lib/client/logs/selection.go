package logs

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/logformat"
)

// Selection chooses lines. The zero value chooses all.
type Selection struct {
	Pattern    string        // a CloudWatch Logs filter pattern
	Source     string        // app or heroku; empty: any
	Process    string        // web.1, or web for all of its dynos; empty: any
	RequestID  string        // only lines that contain it; empty: any. See ParseRequestID
	Status     Statuses      // only router lines of these; empty: any line
	SlowerThan time.Duration // only router lines of requests whose service took this long or longer; 0: any line
	Level      Level         // only lines of this level or a more urgent one; 0: any
}

// IsZero reports whether all lines are selected.
func (s Selection) IsZero() bool {
	return s.Pattern == "" && s.RequestID == "" && !s.byOrigin() && !s.OfRequests() && s.Level == 0
}

// OfRequests reports whether only router lines are selected.
func (s Selection) OfRequests() bool { return len(s.Status) > 0 || s.SlowerThan > 0 }

// names returns the source and the process, as far as each line that is selected contains them in this form.
func (s Selection) names() []string {
	names := []string{s.Source, s.Process}
	if s.OfRequests() && s.Process == "" {
		names[1] = routerProcess
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "" || strings.ContainsAny(name, `"\`) })
}

// pageFor returns how many events to ask for if n are wanted.
func (s Selection) pageFor(n int) int {
	p, _ := s.pattern()
	if p.loose || s.byOrigin() || s.OfRequests() || s.Level != 0 || s.RequestID != "" {
		n = max(n, minPage)
	}
	return min(n, maxPage)
}

// byOrigin reports whether a line that matches the query may still not be selected because of who wrote it.
func (s Selection) byOrigin() bool { return s.Source != "" || s.Process != "" }

const (
	routerSource  = "heroku"
	routerProcess = "router"
)

// matches reports whether an event that matches the pattern is selected.
func (s Selection) matches(e Event) bool {
	if s.RequestID != "" && !strings.Contains(aws.ToString(e.Message), s.RequestID) {
		return false
	}
	if !s.byOrigin() && !s.OfRequests() && s.Level == 0 {
		return true
	}
	l := ReadLine(e)
	source, process := string(l.Source), string(l.Process)
	return (s.Source == "" || source == s.Source) &&
		(s.Process == "" || process == s.Process || strings.HasPrefix(process, s.Process+".")) &&
		(!s.OfRequests() || s.matchesRequest(&l)) &&
		(s.Level == 0 || LevelOf(&l) >= s.Level)
}

// matchesRequest reports whether a line is a router line of a request that is selected.
func (s Selection) matchesRequest(l *logformat.Line) bool {
	if l.Writer() != logformat.ByRouter {
		return false
	}
	r := logformat.ReadResponse(logformat.HerokuText(l.Message))
	if len(s.Status) > 0 && !s.Status.Has(string(r.Status)) {
		return false
	}
	if s.SlowerThan == 0 {
		return true
	}
	took, unit, ok := logformat.Number(r.Service)
	return ok && string(unit) == "ms" && took >= float64(s.SlowerThan)/float64(time.Millisecond)
}

// PatternError is the error of a selection whose pattern CloudWatch Logs rejected, or which a query cannot express.
type PatternError struct {
	Selection Selection
	Reason    string // as CloudWatch Logs puts it, or why a query cannot express it
	Err       error  // nil: it was not sent
}

func (e *PatternError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("the filter %s cannot be used: %s", e.Selection.Pattern, e.Reason)
	}
	return fmt.Sprintf("CloudWatch Logs rejected the filter %s: %s", e.Selection.Pattern, e.Reason)
}

// Unwrap returns the SDK's error.
func (e *PatternError) Unwrap() error { return e.Err }

// explain returns a failed search's error, as a *PatternError if the pattern is the cause.
func (s Selection) explain(err error) error {
	if malformed, ok := errors.AsType[*types.MalformedQueryException](err); ok && s.Pattern != "" {
		return &PatternError{Selection: s, Reason: malformed.ErrorMessage(), Err: err}
	}
	if invalid, ok := errors.AsType[*types.InvalidParameterException](err); ok && s.Pattern != "" {
		return &PatternError{Selection: s, Reason: invalid.ErrorMessage(), Err: err}
	}
	return err
}
