package cli

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"heroku-drains/lib/clock"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// failRetry is when a message that could not be stored is tried again, with --fail. On AWS, that is after stack.QueueVisibilityTimeout: someone
// who watches the queue should not wait for minutes.
const failRetry = 10 * time.Second

// failure is a value of --fail: what fails, and for how long; 0: as long as the system runs.
type failure struct {
	service  string
	duration time.Duration
}

// failing are the faults by the values of --fail.
func failing() map[string]awslocal.Fault {
	return map[string]awslocal.Fault{
		"storage": {
			Service: "lambda", Operation: "Invoke", Function: stack.LocalStorageFunction,
			Status: http.StatusInternalServerError, Code: "ServiceException", Message: "the storage function fails (--fail storage)",
		},
		"sqs": {
			Service: "sqs", Operation: "SendMessage",
			Status: http.StatusServiceUnavailable, Code: "ServiceUnavailable", Message: "SQS takes no messages (--fail sqs)",
		},
		"logs": {
			Service: "logs", Operation: "PutLogEvents",
			Status: http.StatusServiceUnavailable, Code: "ServiceUnavailableException", Message: "CloudWatch Logs takes no lines (--fail logs)",
		},
	}
}

// failureEffects say what the faults do, and where to see it.
func failureEffects(s *session) map[string]string {
	queues := "Lines wait in the queues: see WAITING in " + s.command("list") + ", and DEAD after five failures"
	return map[string]string{
		"storage": "The storage function fails. " + queues,
		"sqs":     "SQS takes no messages. Drains respond with 503, Heroku tries three times, and then the lines are lost",
		"logs":    "CloudWatch Logs takes no lines. " + queues,
	}
}

// UnmarshalText reads SERVICE or SERVICE:DURATION.
func (f *failure) UnmarshalText(text []byte) error {
	service, duration, limited := strings.Cut(string(text), ":")
	known := slices.Sorted(maps.Keys(failing()))
	if !slices.Contains(known, service) {
		return fmt.Errorf("%q cannot fail: choose one of %s, such as logs:30s", service, strings.Join(known, ", "))
	}
	f.service, f.duration = service, 0
	if !limited {
		return nil
	}
	d, err := time.ParseDuration(duration)
	if err != nil || d <= 0 {
		return fmt.Errorf("%q is not a duration: give one such as 30s or 5m", duration)
	}
	f.duration = d
	return nil
}

// retry returns when what could not be stored is tried again; 0: as on AWS.
func (c *localCmd) retry() time.Duration {
	if len(c.Fail) == 0 {
		return 0
	}
	return failRetry
}

// startFailures makes the system fail as --fail says. s has the flags of a verb that uses it. stop ends that and waits until it has ended.
func (c *localCmd) startFailures(ctx context.Context, s *session, system *local.System) (stop func()) {
	if len(c.Fail) == 0 {
		return func() {}
	}
	s.Note("What could not be stored is tried again after %s (on AWS: %s).", failRetry, stack.QueueVisibilityTimeout)
	ctx, end := context.WithCancel(ctx)
	var running sync.WaitGroup
	for _, f := range c.Fail {
		remove := system.AWS.Inject(failing()[f.service])
		s.Note("Fault%s: %s.", f.period(), failureEffects(s)[f.service])
		running.Go(func() {
			defer remove()
			if f.duration == 0 {
				<-ctx.Done()
			} else if clock.Sleep(ctx, f.duration) == nil {
				s.Note("The fault of %s is over. What waits will be stored within %s.", f.service, failRetry)
			}
		})
	}
	return func() {
		end()
		running.Wait()
	}
}

// period returns how long the failure lasts, for a note.
func (f failure) period() string {
	if f.duration == 0 {
		return ""
	}
	return " for " + f.duration.String()
}
