package local

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// Faults returns the faults with names that a System can have: those of the embedded AWS, and three that name a part of this system. Functions that
// run in process cannot be frozen, so the fault that does so is not among them.
func Faults() []awslocal.NamedFault {
	presets := slices.DeleteFunc(awslocal.Presets(), func(n awslocal.NamedFault) bool { return n.Fault.Kill == awslocal.Freeze })
	return append([]awslocal.NamedFault{
		{Name: "storage", Effect: "the storage function fails", Fault: awslocal.Fault{
			Service: "lambda", Operation: "Invoke", Function: stack.LocalStorageFunction,
			Status: http.StatusInternalServerError, Code: "ServiceException", Message: "the storage function fails (--fail storage)",
		}},
		{Name: "sqs", Effect: "SQS takes no messages", Fault: awslocal.Fault{
			Service: "sqs", Operation: "SendMessage", Refuse: awslocal.RefuseUnavailable, Message: "SQS takes no messages (--fail sqs)",
		}},
		{Name: "logs", Effect: "CloudWatch Logs takes no lines", Fault: awslocal.Fault{
			Service: "logs", Operation: "PutLogEvents", Refuse: awslocal.RefuseUnavailable, Message: "CloudWatch Logs takes no lines (--fail logs)",
		}},
	}, presets...)
}

// faultServices are the services that a fault can be narrowed to. The gateway has the name that people know.
func faultServices() map[string]string {
	return map[string]string{
		"sqs": "sqs", "logs": "logs", "lambda": "lambda", "dynamodb": "dynamodb", "sns": "sns", "secretsmanager": "secretsmanager",
		"cloudwatch": "monitoring", "api": "execute-api",
	}
}

// UnknownFaultError is the error of ParseFault for a name that is not among Faults.
type UnknownFaultError struct {
	Name  string
	Known []string // the names of Faults
}

// Error implements error.
func (e *UnknownFaultError) Error() string {
	return fmt.Sprintf("unknown fault %q: choose one of %s", e.Name, strings.Join(e.Known, ", "))
}

// ParseFault reads NAME[:SERVICE][:APP][:TIME]: a name of Faults, narrowed to the calls of a service, to those that name an app, and to a time from
// when it is injected on, such as 30s. The Effect says which service and app.
func ParseFault(text string) (awslocal.NamedFault, error) {
	parts := strings.Split(text, ":")
	known := Faults()
	i := slices.IndexFunc(known, func(n awslocal.NamedFault) bool { return n.Name == parts[0] })
	if i < 0 {
		var names []string
		for _, n := range known {
			names = append(names, n.Name)
		}
		return awslocal.NamedFault{}, &UnknownFaultError{Name: parts[0], Known: names}
	}
	chosen := known[i]
	for _, part := range parts[1:] {
		if err := narrow(&chosen, part); err != nil {
			return awslocal.NamedFault{}, err
		}
	}
	chosen.Effect += only(known[i].Fault, chosen.Fault)
	return chosen, nil
}

// only says in parentheses which service and app a fault is narrowed to, or nothing if to neither.
func only(named, narrowed awslocal.Fault) string {
	var to []string
	if narrowed.Service != named.Service {
		for name, service := range faultServices() {
			if service == narrowed.Service {
				to = append(to, "calls to "+name)
			}
		}
	}
	if app, _, _ := strings.Cut(narrowed.Resource, ","); app != "" { // narrow writes the app first
		to = append(to, "for "+app)
	}
	if len(to) == 0 {
		return ""
	}
	return " (only " + strings.Join(to, " ") + ")"
}

// narrow narrows a fault to a service, a time or an app. Their forms do not overlap: an app's name does not begin with a digit.
func narrow(n *awslocal.NamedFault, part string) error {
	f := &n.Fault
	service, isService := faultServices()[part]
	duration, noDuration := time.ParseDuration(part)
	switch {
	case isService && f.Service == "":
		f.Service = service
	case isService:
		return fmt.Errorf("the fault %s is one of %s already: leave out %q", n.Name, f.Service, part)
	case noDuration == nil && duration > 0 && f.For == 0:
		f.For = duration
	case drain.ValidateApp(part) == nil && f.Operation == "Invoke":
		return fmt.Errorf("the fault %s is of all apps: leave out %q", n.Name, part)
	case drain.ValidateApp(part) == nil && f.Resource == "":
		f.Resource = strings.Join([]string{part, stack.DefaultQueuePrefix + part, stack.DefaultStreamPrefix + part}, ",")
	default:
		return fmt.Errorf("%q is not a service, an app or a time: give one such as sqs, shop or 30s", part)
	}
	return nil
}
