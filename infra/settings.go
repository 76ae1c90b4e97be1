package main

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// settings are the stack's settings, which users set in the CDK context: `-c retentionDays=30`, or under "context" in cdk.json.
type settings struct {
	stackName          stack.Name
	logGroupName       string
	retentionDays      int // 0: forever
	logClass           awslogs.LogGroupClass
	streamPrefix       string
	queuePrefix        string
	batchSize          int
	batchWindowSeconds int
	maximumConcurrency int // of each mapping; 0: no limit
	maxReceiveCount    int
	accessLog          bool
	alertEmail         string // empty: no subscription
	alertTopicARN      string // empty: the stack creates a topic for alerts
	alertRules         string // path; empty: see readRules
	dashboard          bool
	appMetrics         stack.AppMetrics
	dedup              stack.Dedup
	tags               map[string]string
	removalPolicy      awscdk.RemovalPolicy
}

func defaultSettings() settings {
	return settings{
		stackName:          stack.DefaultName,
		logGroupName:       stack.DefaultLogGroup,
		retentionDays:      stack.DefaultRetentionDays,
		logClass:           awslogs.LogGroupClass_STANDARD,
		streamPrefix:       stack.DefaultStreamPrefix,
		queuePrefix:        stack.DefaultQueuePrefix,
		batchSize:          drain.DefaultBatchSize,
		batchWindowSeconds: drain.DefaultBatchWindowSeconds,
		maximumConcurrency: drain.DefaultMaximumConcurrency,
		maxReceiveCount:    stack.DefaultMaxReceiveCount,
		accessLog:          true, // see addAccessLog for its price
		// Two dashboards. An account's first three are free; each further one costs $3 a month. https://aws.amazon.com/cloudwatch/pricing/
		dashboard:     true,
		appMetrics:    stack.AppMetricsNone,
		dedup:         stack.DedupWarm,
		removalPolicy: retain,
	}
}

// retain keeps resources that hold state, except those that a failed first deployment created: they are empty, and the log group would make
// the next deployment fail because its name would be taken.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
const retain = awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE

var (
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-console-create-stack-parameters.html
	stackNamePattern = regexp.MustCompile(fmt.Sprintf(`^[A-Za-z][A-Za-z0-9-]{0,%d}$`, stack.MaxName-1))
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
	logGroupNamePattern = regexp.MustCompile(fmt.Sprintf(`^[A-Za-z0-9_/.#-]{1,%d}$`, stack.MaxLogGroup))
	// CloudWatch Logs allows anything but : and * in a stream's name. This also excludes what IAM would interpret as a wildcard or a variable.
	// The last character is one that no app's name has: otherwise an app's name could continue one prefix to another one, as staging-shop does
	// APP_ to APP_staging-.
	streamPrefixPattern = regexp.MustCompile(fmt.Sprintf(`^[A-Za-z0-9_/.#@=+()\[\]-]{0,%d}[A-Z_/.#@=+()\[\]]$`, stack.MaxStreamPrefix-1))
	// The same holds for queues, of which an account has only one set. The underscore is the last character and appears nowhere else, so that no
	// prefix begins with another one: IAM tells the stacks' queues apart by it.
	queuePrefixPattern = regexp.MustCompile(fmt.Sprintf(`^[A-Za-z0-9-]{0,%d}_$`, stack.MaxQueuePrefix-1))
	// https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html. A FIFO topic, whose name ends in .fifo, can only send to queues.
	topicARNPattern = regexp.MustCompile(`^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$`)
	somePattern     = regexp.MustCompile(`.`)
	// All of the CDK's own context keys contain @, :, / or -, so a plain word must be a setting of this stack.
	ownKeyPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
)

// maxFunctionName is the length of the longest function name that Lambda allows, in characters.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
const maxFunctionName = 64

// fields returns the settings by their context keys.
func (s *settings) fields() map[string]field {
	return map[string]field{
		"stackName": {
			allowed: fmt.Sprintf("a letter, then letters, digits and hyphens, at most %d characters", stack.MaxName),
			set:     matching(&s.stackName, stackNamePattern),
		},
		"logGroupName": {
			allowed: fmt.Sprintf("1 to %d of A-Z a-z 0-9 _ / . # -", stack.MaxLogGroup),
			set:     matching(&s.logGroupName, logGroupNamePattern),
		},
		"retentionDays": {
			allowed: "one of " + joinInts(slices.Sorted(maps.Keys(retentions))) + ", where 0 keeps lines forever",
			set:     number(&s.retentionDays, func(n int) bool { return retentions[n] != "" }),
		},
		"logClass": {
			allowed: "standard or infrequent-access",
			set: oneOf(&s.logClass, map[string]awslogs.LogGroupClass{
				"standard":          awslogs.LogGroupClass_STANDARD,
				"infrequent-access": awslogs.LogGroupClass_INFREQUENT_ACCESS,
			}),
		},
		"streamPrefix": {
			allowed: fmt.Sprintf("1 to %d of A-Z a-z 0-9 _ / . # @ = + ( ) [ ] -; the last must not be a character of app names (a-z 0-9 -)", stack.MaxStreamPrefix),
			set:     matching(&s.streamPrefix, streamPrefixPattern),
		},
		"queuePrefix": {
			allowed: fmt.Sprintf("up to %d of A-Z a-z 0-9 -, and then _, as in APP_: no app's name may continue it to another stack's prefix",
				stack.MaxQueuePrefix-1),
			set: matching(&s.queuePrefix, queuePrefixPattern),
		},
		"batchSize":          inRange(&s.batchSize, drain.MinBatchSize, drain.MaxBatchSize),
		"batchWindowSeconds": inRange(&s.batchWindowSeconds, 0, drain.MaxBatchWindowSeconds),
		"maximumConcurrency": {
			allowed: fmt.Sprintf("%d to %d, or %d for no limit",
				drain.MinMaximumConcurrency, drain.MaxMaximumConcurrency, drain.UnlimitedConcurrency),
			set: number(&s.maximumConcurrency, func(n int) bool {
				return n == drain.UnlimitedConcurrency || drain.MinMaximumConcurrency <= n && n <= drain.MaxMaximumConcurrency
			}),
		},
		"maxReceiveCount": inRange(&s.maxReceiveCount, stack.MinReceiveCount, stack.MaxReceiveCount),
		"accessLog":       {allowed: "true or false", set: flag(&s.accessLog)},
		"alertEmail":      {allowed: "an email address such as ops@example.com", set: email(&s.alertEmail)},
		"alertTopicArn": {
			allowed: "the ARN of a standard SNS topic, such as arn:aws:sns:eu-west-1:111122223333:alerts",
			set:     matching(&s.alertTopicARN, topicARNPattern),
		},
		"alertRules": {
			allowed: "the path of a YAML file with alert rules, relative to cdk.json",
			set:     matching(&s.alertRules, somePattern),
		},
		"dashboard": {allowed: "true or false", set: flag(&s.dashboard)},
		"appMetrics": {
			allowed: "none, errors or all",
			set: oneOf(&s.appMetrics, map[string]stack.AppMetrics{
				"none": stack.AppMetricsNone, "errors": stack.AppMetricsErrors, "all": stack.AppMetricsAll,
			}),
		},
		"dedup": {
			allowed: "warm or durable",
			set:     oneOf(&s.dedup, map[string]stack.Dedup{"warm": stack.DedupWarm, "durable": stack.DedupDurable}),
		},
		"tags": {allowed: tagsAllowed, set: tagList(&s.tags)},
		"removalPolicy": {
			allowed: "retain or destroy",
			set: oneOf(&s.removalPolicy, map[string]awscdk.RemovalPolicy{
				"retain":  retain,
				"destroy": awscdk.RemovalPolicy_DESTROY,
			}),
		},
	}
}

// parseSettings reads the settings from the CDK context. Its error has a line for each setting that is unknown or not allowed.
func parseSettings(context map[string]any) (settings, error) {
	s := defaultSettings()
	fields := s.fields()
	var problems []error
	for _, key := range slices.Sorted(maps.Keys(context)) {
		if !ownKeyPattern.MatchString(key) {
			continue
		}
		field, known := fields[key]
		if !known {
			problems = append(problems, fmt.Errorf("unknown setting %s in the CDK context; the settings are %s",
				key, strings.Join(slices.Sorted(maps.Keys(fields)), ", ")))
			continue
		}
		if !field.set(context[key]) {
			problems = append(problems, fmt.Errorf("setting %s=%v is not allowed: it must be %s", key, context[key], field.allowed))
		}
	}
	if len(problems) == 0 {
		problems = s.contradictions()
	}
	return s, errors.Join(problems...)
}

// contradictions returns an error for each combination of settings that is not allowed, although each setting by itself is.
func (s *settings) contradictions() []error {
	var problems []error
	// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
	if s.batchSize > drain.MaxBatchWithoutWindow && s.batchWindowSeconds == 0 {
		problems = append(problems, fmt.Errorf("setting batchSize=%d is not allowed with batchWindowSeconds=0: "+
			"above %d, AWS requires a window of at least 1 second", s.batchSize, drain.MaxBatchWithoutWindow))
	}
	if name := s.stackName.StorageFunction(); len(name) > maxFunctionName {
		problems = append(problems, fmt.Errorf("setting stackName=%s is not allowed: the function name %s, which derives from it, "+
			"would have %d characters; Lambda allows %d", s.stackName, name, len(name), maxFunctionName))
	}
	return problems
}
