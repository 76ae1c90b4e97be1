package doctor

import (
	"errors"
	"fmt"

	"github.com/aws/smithy-go"

	"heroku-drains/lib/client/cause"
)

// failed returns the finding f, with the severity Error, for an action that failed. If the cause is known, the finding and its fix say so.
func (e examiner) failed(f Finding, action string, err error) Finding {
	if policy, ok := Policy(err); ok {
		policy.App = f.App
		return policy
	}
	f.Severity, f.What = Error, action+": "+cause.Plain(err)
	found := cause.Of(err)
	switch found.Kind {
	case cause.Other:
		if refused, ok := errors.AsType[smithy.APIError](err); ok {
			f.What = fmt.Sprintf("%s: %s (%s)", action, refused.ErrorMessage(), refused.ErrorCode())
		}
		return f
	case cause.Throttled:
		f.What = action + ": " + found.Text
		f.Severity, f.Check = Warning, CheckThrottling
	case cause.Clock:
		f.Check = CheckClock
	case cause.Expired, cause.Rejected, cause.SignedOut:
		f.Check = CheckCredentials
	case cause.Unreachable:
		if e.Local {
			return f
		}
	}
	f.Fix = found.Fix(e.Profile)
	return f
}

// Policy returns the finding for an error that means that AWS denied an action: who may not do what, and on which resource. It returns false
// for other errors.
func Policy(err error) (Finding, bool) {
	denial, ok := cause.FindDenial(err)
	return denied(denial), ok
}

func denied(d cause.Denial) Finding {
	return Finding{Severity: Error, Check: CheckPolicy, What: d.String(), Fix: d.Fix()}
}
