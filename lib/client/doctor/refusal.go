package doctor

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// denied is how AWS says that a policy forbids something.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
var denied = regexp.MustCompile(`(?i)user: (\S+) is not authorized to perform: ([a-z0-9-]+:[A-Za-z*]+)(?: on (?:the )?resource: (\S+))?`)

// failed is a check's finding about something it did in vain: a policy, throttling, or whatever the error says.
func failed(check, doing string, err error, fix string) Finding {
	if f, is := Policy(err); is {
		return f
	}
	f := Finding{Severity: Error, Check: check, What: doing + ": " + err.Error(), Fix: fix}
	var unsent *smithyhttp.RequestSendError
	if errors.As(err, &unsent) {
		f.What = doing + ": " + unsent.Err.Error() // without the SDK's words around it
	}
	var refused smithy.APIError
	if !errors.As(err, &refused) {
		return f
	}
	f.What = fmt.Sprintf("%s: %s: %s", doing, refused.ErrorCode(), refused.ErrorMessage())
	if isThrottle(refused.ErrorCode()) {
		f.Severity, f.Check = Warning, "throttling"
		f.Fix = "try again in a minute; if it stays so, ask AWS for a higher quota (Service Quotas)"
	}
	return f
}

// Policy is the finding for an error with which AWS says that somebody may not do something: who, what, and where that is to be allowed.
// false: the error says something else.
func Policy(err error) (Finding, bool) {
	var refused smithy.APIError
	if errors.As(err, &refused) && isDenial(refused.ErrorCode()) {
		return denial(refused.ErrorMessage())
	}
	return Finding{}, false
}

// denial reads AWS's words, which stand in an error, or in a function's log.
func denial(text string) (Finding, bool) {
	f := Finding{Severity: Error, Check: "policy", What: text, Fix: "allow it in IAM"}
	words := denied.FindStringSubmatch(text)
	if words == nil {
		return f, text != ""
	}
	who, action, resource := words[1], words[2], strings.TrimRight(words[3], ".,")
	f.What = fmt.Sprintf("%s may not do %s", who, action)
	f.Fix = fmt.Sprintf("allow %s in a policy of %s", action, who)
	if resource != "" {
		f.What += " on " + resource
		f.Fix = fmt.Sprintf("allow %s on %s in a policy of %s", action, resource, who)
	}
	if strings.Contains(text, "explicit deny") {
		f.Fix = fmt.Sprintf("a policy denies %s to %s: find the statement, in a service control policy or a permissions boundary perhaps",
			action, who)
	}
	return f, true
}

// isDenial knows the codes of the services that are called here.
func isDenial(code string) bool {
	switch code {
	case "AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation":
		return true
	}
	return false
}

func isThrottle(code string) bool {
	return strings.HasPrefix(code, "Throttl") || code == "TooManyRequestsException" || code == "RequestThrottled"
}
