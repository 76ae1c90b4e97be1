package doctor

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/smithy-go"

	"heroku-drains/lib/client/installation"
)

// denied matches the error messages of AWS for actions that a policy forbids.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
var denied = regexp.MustCompile(`(?i)user: (\S+) is not authorized to perform: ([a-z0-9-]+:[A-Za-z*]+)(?: on (?:the )?resource: (\S+))?`)

// failed returns the finding f, with the severity Error, for an action that failed. If a policy or throttling is the cause, the finding and
// its fix say so.
func failed(f Finding, action string, err error) Finding {
	if policy, ok := Policy(err); ok {
		policy.App = f.App
		return policy
	}
	f.Severity, f.What = Error, action+": "+installation.Plain(err)
	refused, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return f
	}
	f.What = fmt.Sprintf("%s: %s (%s)", action, refused.ErrorMessage(), refused.ErrorCode())
	if installation.IsThrottling(refused.ErrorCode()) {
		f.Severity, f.Check = Warning, CheckThrottling
		f.Fix = "try again in a minute; if it persists, request a higher quota (Service Quotas)"
	}
	return f
}

// Policy returns the finding for an error that means that AWS denied an action: who may not do what, and on which resource. It returns false
// for other errors.
func Policy(err error) (Finding, bool) {
	if refused, ok := errors.AsType[smithy.APIError](err); ok && isDenial(refused.ErrorCode()) {
		return denial(refused.ErrorMessage())
	}
	return Finding{}, false
}

// denial returns the finding for AWS's text, from an error or from a function's log. It returns false for an empty text.
func denial(text string) (Finding, bool) {
	f := Finding{Severity: Error, Check: CheckPolicy, What: text, Fix: "allow it in IAM"}
	words := denied.FindStringSubmatch(text)
	if words == nil {
		return f, text != ""
	}
	who, action, resource := words[1], words[2], strings.TrimRight(words[3], ".,")
	f.What = fmt.Sprintf("%s is not authorized to perform %s", who, action)
	f.Fix = fmt.Sprintf("allow %s in a policy of %s", action, who)
	if resource != "" {
		f.What += " on " + resource
		f.Fix = fmt.Sprintf("allow %s on %s in a policy of %s", action, resource, who)
	}
	if strings.Contains(text, "explicit deny") {
		f.Fix = fmt.Sprintf("a policy explicitly denies %s to %s: find the statement, perhaps in a service control policy or a permissions boundary",
			action, who)
	}
	return f, true
}

// isDenial reports whether code is an error code with which one of the services called here denies access.
func isDenial(code string) bool {
	switch code {
	case "AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation":
		return true
	}
	return false
}
