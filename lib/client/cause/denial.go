package cause

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/smithy-go"
)

// Denial is what AWS does not allow, and to whom. Its fields are empty if AWS does not say.
type Denial struct {
	Who, Action, Resource string
	Explicit              bool   // a policy denies it, so that allowing it does not help
	Text                  string // of AWS
}

// denied matches the error messages of AWS for actions that a policy forbids.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
var denied = regexp.MustCompile(`(?i)user: (\S+) is not authorized to perform: ([a-z0-9-]+:[A-Za-z*]+)(?: on (?:the )?resource: (\S+))?`)

// IsDenial reports whether code is an error code with which one of the services called here denies access.
func IsDenial(code string) bool {
	switch code {
	case "AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation":
		return true
	}
	return false
}

// FindDenial returns the Denial in an error of the AWS SDK. It returns false if err has another cause.
func FindDenial(err error) (Denial, bool) {
	if refused, ok := errors.AsType[smithy.APIError](err); ok && IsDenial(refused.ErrorCode()) {
		return ReadDenial(refused.ErrorMessage()), true
	}
	return Denial{}, false
}

// ReadDenial reads AWS's text, from an error or from a function's log.
func ReadDenial(text string) Denial {
	d := Denial{Text: text, Explicit: strings.Contains(text, "explicit deny")}
	if words := denied.FindStringSubmatch(text); words != nil {
		d.Who, d.Action, d.Resource = words[1], words[2], strings.TrimRight(words[3], ".,")
	}
	return d
}

// String says who may not do what.
func (d Denial) String() string {
	switch {
	case d.Action == "" && d.Text == "":
		return "access denied"
	case d.Action == "":
		return d.Text
	case d.Resource != "":
		return fmt.Sprintf("%s is not authorized to perform %s on %s", d.Who, d.Action, d.Resource)
	}
	return fmt.Sprintf("%s is not authorized to perform %s", d.Who, d.Action)
}

// Fix says what to allow, and which policy of docs/deploy.md does.
func (d Denial) Fix() string {
	switch {
	case d.Action == "":
		return "allow it in IAM; docs/deploy.md has the policies"
	case d.Explicit:
		return fmt.Sprintf("a policy explicitly denies %s to %s: find the statement, perhaps in a service control policy or a permissions boundary",
			d.Action, d.Who)
	}
	fix := "allow " + d.Action
	if d.Resource != "" {
		fix += " on " + d.Resource
	}
	fix += " in a policy of " + d.Who
	if file := Policy(d.Action); file != "" {
		fix += fmt.Sprintf(" (%s in docs/deploy.md)", file)
	}
	return fix
}

// Policy returns the file name of the policy in docs/deploy.md that allows an action, or "" if none does. If several do, it is the one that
// more verbs need.
func Policy(action string) string {
	switch action {
	case "cloudformation:DescribeStacks", "logs:FilterLogEvents", "logs:StartQuery", "logs:GetQueryResults", "logs:StopQuery", "cloudwatch:GetMetricData",
		"sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility":
		return readPolicy
	case "sqs:StartMessageMoveTask", "sqs:ListMessageMoveTasks", "sqs:DeleteMessage", "sqs:SendMessage":
		return "redrive-policy.json"
	case "sns:ListSubscriptionsByTopic", "sqs:ListDeadLetterSourceQueues", "sqs:ListQueueTags",
		"lambda:GetAccountSettings", "lambda:ListEventSourceMappings":
		return "doctor-policy.json"
	case "secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage":
		return "rotate-policy.json"
	}
	return ""
}

const readPolicy = "read-policy.json"

// RoutePolicy returns the file name of the policy in docs/deploy.md that allows a request to the drains API.
func RoutePolicy(method, path string) string {
	switch {
	case method == "GET":
		return readPolicy
	case strings.HasPrefix(path, "alerts/"):
		return "alerts-policy.json"
	}
	return "manage-policy.json"
}
