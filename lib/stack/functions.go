package stack

import "time"

// The packages of the functions, under functions/. In a stack with the default name, the functions have the same names.
const (
	DrainsSource  = "heroku-drains"
	StorageSource = "heroku-drains-storage"
	AlertsSource  = "heroku-drains-alerts"
)

// RulesFile is the name of the file with the alert rules in the folder of the storage and the alerts function: alerts.yaml, checked, as JSON.
// Without the file, the default rules apply.
const RulesFile = "alerts.json"

// The attributes of the alerts table that DynamoDB must know. The alerts function defines the others.
const (
	TableApp     = "app"     // text, the partition key
	TableKey     = "key"     // text, the sort key
	TableExpires = "expires" // Unix time in seconds, after which DynamoDB deletes the item within a few days
)

// The attributes of the table of the messages that are stored that DynamoDB must know. The storage function defines the others.
const (
	DedupKey     = "id"      // text, the partition key
	DedupExpires = "expires" // Unix time in seconds, after which DynamoDB deletes the item within a few days
)

// Bootstrap is the name of the executable that Lambda's OS-only runtimes start.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-provided.html
const Bootstrap = "bootstrap"

// BuildArguments returns the arguments of the go command that builds a function's package into the file output. The same source and the same Go
// give the same binary on any machine: it contains no paths, no build ID, and nothing about version control.
func BuildArguments(output, pkg string) []string {
	return []string{"build", "-trimpath", "-buildvcs=false", "-tags", BuildTags, "-ldflags", "-s -w -buildid=", "-o", output, pkg}
}

// BuildTags leave out of a function what it does not use, so that it starts sooner: Go's RPC, with which the retired go1.x runtime called functions, of
// 3 MB, and HTTP/2, of 0.3 MB. The Runtime API and all services that the functions call speak HTTP/1.1, with which a client keeps a connection for each
// call that is running. https://go.dev/src/net/http/omithttp2.go
const BuildTags = "lambda.norpc,nethttpomithttp2"

const (
	// DrainsTimeout is less than the 30 seconds after which API Gateway gives up: the function ends first, so that its own log says what
	// took so long. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
	DrainsTimeout = 29 * time.Second

	// DrainsMemoryMB is enough for two or three copies of the largest event, 6 MB. CPU is proportional to memory: at 128 MB, the TLS
	// handshakes of a cold start take a good part of the 5 seconds that Logplex waits.
	DrainsMemoryMB = 256

	// StorageTimeout is enough for a batch of 6 MB, which takes a few dozen PutLogEvents calls at most. The rest of the minute is for
	// throttling and retries.
	StorageTimeout = 60 * time.Second

	// StorageMemoryMB is far above the 48 MiB of heap that the largest batch takes. The rest is for the CPU that comes with it, to decompress
	// and sort the batch.
	StorageMemoryMB = 256

	// QueueVisibilityTimeout is six times the storage function's timeout, as AWS recommends: a batch must not become visible again while it is
	// being retried. The drains function adds each drain's batch window.
	// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
	QueueVisibilityTimeout = 6 * StorageTimeout

	// AlertsTimeout is enough for the reports of a batch, each with a few calls of DynamoDB and SNS, and for their retries.
	AlertsTimeout = 30 * time.Second

	// AlertsMemoryMB is for the CPU that comes with it, in the cold start before the first notification.
	AlertsMemoryMB = 256

	// AlertsVisibilityTimeout is six times the alerts function's timeout, as AWS recommends.
	AlertsVisibilityTimeout = 6 * AlertsTimeout

	// AlertsRetention is how long the alerts queue keeps messages. It has no dead-letter queue: a report that cannot be counted because the
	// table or the topic is unavailable must be counted when they are back, however often it was received.
	AlertsRetention = 14 * 24 * time.Hour

	// AlertsBatchSize and AlertsBatchWindow collect reports, so that those of one app and rule cost one write. The window delays a
	// notification.
	AlertsBatchSize   = 100
	AlertsBatchWindow = time.Second

	// AlertsConcurrency is the smallest maximum concurrency of an event source mapping. More invocations would only wait for each other.
	AlertsConcurrency = 2

	// AlertsCheckInterval is how often the alerts function looks for alerts whose Tick is lost.
	AlertsCheckInterval = time.Hour

	// DeadLetterRetention is how long the dead-letter queue keeps messages: the longest that SQS allows, so that there is time to fix the
	// cause and to send them back.
	DeadLetterRetention = 14 * 24 * time.Hour
)

const (
	// QueueCheckInterval is how often the drains function looks for old messages. An app's check costs less than a cent a month.
	QueueCheckInterval = time.Hour

	// OldMessage is the age of a message that should have been stored: more than the longest batch window and the default number of tries
	// take together, 35 minutes. SQS deletes it after 14 days.
	OldMessage = time.Hour
)

// The metrics that the functions write.
const (
	MetricNamespace = "HerokuDrains"
	MetricDimension = "FunctionName" // the function's name: the metrics of several stacks in an account stay apart

	// The drains function's.
	MetricPostsRefused  = "PostsRefused"  // count: POSTs that Heroku will not retry, for an app that has a drain, or with a valid password
	MetricOldestMessage = "OldestMessage" // seconds: the age of the oldest message in the drains' queues; written once per check

	// The storage function's, for each invocation.
	MetricLinesMalformed = "LinesMalformed" // count: stored pieces of bodies that are not log lines, and events stored escaped because CloudWatch Logs refused them
	MetricLinesLost      = "LinesLost"      // count: lines that CloudWatch Logs rejected for their time, and those that Heroku says it lost on their way to this drain: L10, L12, L13
	MetricLinesMoved     = "LinesMoved"     // count: lines stored at another time, because CloudWatch Logs would have rejected theirs
	MetricAlertsNotSent  = "AlertsNotSent"  // count: batches whose matches could not be sent to the alerts queue; their lines are stored

	// Likewise, in the namespace of BatchNamespace and without a dimension: metric filters make them of the function's log.
	MetricLinesStored = "LinesStored" // count: lines
	MetricLag         = "Lag"         // milliseconds from a line's own time until it was stored, the maximum of a batch; never negative

	// The storage function's for an app, with its name as another dimension, if AppMetrics says so: AppMetricsErrors writes the first two. They
	// count what is stored.
	MetricAppDimension = "App"
	MetricResponses5xx = "Responses5xx" // count: requests that the router answered with a status of 500 to 599
	MetricHerokuErrors = "HerokuErrors" // count: lines in which Heroku reports an error code; one that says why a request failed is both
	MetricAppLines     = "Lines"        // count: events
	MetricAppBytes     = "Bytes"        // bytes of the events, as CloudWatch Logs charges for them
	MetricAppRequests  = "Requests"     // count: router lines
	MetricAppService   = "ServiceTime"  // milliseconds that each request took in a dyno

	// The alerts function's. It writes them only if something failed, so they cost nothing as long as all is well.
	// AlertsFailed is the only sign of messages that fail again and again: the queue's own metric of the oldest message leaves out those that
	// were received three times. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
	MetricAlertsFailed        = "AlertsFailed"        // count: messages of the alerts queue that were not handled, whatever failed; SQS delivers them again
	MetricNotificationsFailed = "NotificationsFailed" // count: notifications that the topic did not accept; they are tried again until it does
	MetricAlertsUnreadable    = "AlertsUnreadable"    // count: messages of the alerts queue that could not be read, and were deleted
)

// BatchNamespace returns the namespace of the metrics that metric filters make of a function's log. It contains the function's name: a metric filter
// can take a dimension only from the log lines, each of which would have to contain it.
func BatchNamespace(function string) string { return MetricNamespace + "/" + function }
