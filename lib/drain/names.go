package drain

import "strings"

// Names are the names that a stack gives to the resources of its drains.
type Names struct {
	LogGroup     string // holds the log streams of all apps
	StreamPrefix string
	QueuePrefix  string // at most 50 characters: SQS allows 80 for a queue's name, Heroku 30 for an app's
}

// Stream returns the name of an app's log stream.
func (n Names) Stream(app string) string { return n.StreamPrefix + app }

// Queue returns the name of an app's queue.
func (n Names) Queue(app string) string { return n.QueuePrefix + app }

// AppOfStream returns the app that a log stream belongs to. It returns false for names that Stream does not return, because other streams may
// share the prefix.
func (n Names) AppOfStream(stream string) (app string, ok bool) {
	return cutApp(stream, n.StreamPrefix)
}

// AppOfQueue returns the app that a queue belongs to. It returns false for names that Queue does not return, because other queues may share
// the prefix.
func (n Names) AppOfQueue(queue string) (app string, ok bool) { return cutApp(queue, n.QueuePrefix) }

// AppOfQueueARN is AppOfQueue for a queue's ARN.
func (n Names) AppOfQueueARN(arn string) (app string, ok bool) { return n.AppOfQueue(QueueName(arn)) }

// QueueName returns the name in an SQS queue's ARN, or "" if arn is not the ARN of a queue.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html#amazonsqs-resources-for-iam-policies
func QueueName(arn string) string {
	// arn:partition:sqs:region:account:name
	parts := strings.Split(arn, ":")
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "sqs" {
		return ""
	}
	return parts[5]
}

func cutApp(name, prefix string) (app string, ok bool) {
	app, ok = strings.CutPrefix(name, prefix)
	if !ok || ValidateApp(app) != nil {
		return "", false
	}
	return app, true
}
