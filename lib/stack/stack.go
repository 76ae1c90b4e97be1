// Package stack defines what the CDK app in infra and everything that uses a deployed stack must agree on: the names of the stack and of its
// resources, its outputs, the environments and limits of its functions, the routes and throttles of its API, and its metrics. infra writes
// these; the functions, the CLI and the local system read them. It depends on neither the AWS SDK nor the CDK.
package stack

import (
	"regexp"
	"strings"
	"sync"
)

// Defaults of the stack's settings. Those of event source mappings are in package drain.
const (
	DefaultName          = "HerokuDrains"
	DefaultLogGroup      = "/heroku/apps"
	DefaultRetentionDays = 7
	DefaultStreamPrefix  = "[APP]"
	DefaultQueuePrefix   = "APP_"

	// AWS recommends at least 5: a mapping that scales past its function's concurrency counts throttles as receives.
	// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
	DefaultMaxReceiveCount = 5
)

// Limits of the stack's settings. Those of event source mappings are in package drain.
const (
	MaxName         = 128 // characters
	MaxLogGroup     = 512 // characters
	MaxStreamPrefix = 64  // characters
	MaxQueuePrefix  = 50  // characters: SQS allows 80 for a queue's name, Heroku 30 for an app's

	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
	MinReceiveCount             = 1
	MaxReceiveCount             = 1_000
	MaxVisibilityTimeoutSeconds = 43_200 // 12 hours
)

// Name is the name of a CloudFormation stack. The names of the stack's resources derive from it, so that an account can have several stacks.
type Name string

// wordStart matches the beginning of a word in a CamelCase name.
var wordStart = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`([a-z0-9])([A-Z])`) })

// Resource returns the name in the usual form of AWS resource names: heroku-drains for HerokuDrains. It is the name of the API, and the names
// of functions and alarms begin with it.
func (n Name) Resource() string {
	return strings.ToLower(wordStart().ReplaceAllString(string(n), "$1-$2"))
}

// DrainsFunction returns the name of the function that manages drains and receives what Heroku sends.
func (n Name) DrainsFunction() string { return n.Resource() }

// StorageFunction returns the name of the function that stores lines in CloudWatch Logs.
func (n Name) StorageFunction() string { return n.Resource() + "-storage" }

// AlertsFunction returns the name of the function that tells people what lines matched the alert rules.
func (n Name) AlertsFunction() string { return n.Resource() + "-alerts" }

// Alarm returns the name of one of the stack's alarms.
func (n Name) Alarm(name string) string { return n.Resource() + "-" + name }

// AccessLogGroup returns the name of the log group with the API's access log. AWS writes to groups with this prefix without an entry of
// their own in the account's resource policy for logs, which has room for few.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
func (n Name) AccessLogGroup() string { return "/aws/vendedlogs/" + n.Resource() }

// FunctionLogDays is how many days the functions' logs are kept: as long as the dead letters that they explain.
const FunctionLogDays = 14

// FunctionLogGroup returns the name of the log group that a function writes its own log to.
func FunctionLogGroup(function string) string { return "/aws/lambda/" + function }

// Retentions returns the numbers of days for which CloudWatch Logs can keep events, the least first.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
func Retentions() []int {
	return []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
}
