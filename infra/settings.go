package main

import (
	"errors"
	"fmt"
	"maps"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
)

// settings are what a user may choose about the stack, in CDK context: `-c retentionDays=30`, or under "context" in
// cdk.json.
type settings struct {
	stackName          string
	logGroupName       string
	retentionDays      int // 0: for ever
	logClass           awslogs.LogGroupClass
	streamPrefix       string
	queuePrefix        string
	batchSize          int
	batchWindowSeconds int
	maximumConcurrency int // 0: no limit of the mapping's own
	maxReceiveCount    int
	accessLog          bool
	alertEmail         string // empty: nobody is written to
	dashboard          bool
	tags               map[string]string
	removalPolicy      awscdk.RemovalPolicy
}

func defaultSettings() settings {
	return settings{
		stackName:     defaultStackName,
		logGroupName:  "/heroku/apps",
		retentionDays: 7,
		logClass:      awslogs.LogGroupClass_STANDARD,
		streamPrefix:  "[APP]",
		queuePrefix:   "APP_",
		batchSize:     10,
		// With any window at all, Lambda may wait 20 s on a quiet queue; without one, lines arrive at once.
		batchWindowSeconds: 0,
		// AWS advises at least 5: a mapping that scales past its function's concurrency counts throttles as receives.
		// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
		maxReceiveCount: 5,
		accessLog:       true, // see addAccessLog for its price
		// The account's first three cost nothing, each further one $3 a month. https://aws.amazon.com/cloudwatch/pricing/
		dashboard:     false,
		removalPolicy: retain,
	}
}

const defaultStackName = "HerokuDrains"

// retain keeps what holds state, but for what a first deployment has made before it failed: nothing is in that, and the log group's name
// would be in the next one's way.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
const retain = awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE

var (
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-console-create-stack-parameters.html
	stackNamePattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,127}$`)
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
	logGroupNamePattern = regexp.MustCompile(`^[A-Za-z0-9_/.#-]{1,512}$`)
	// Stream names may hold anything but ':' and '*'; this leaves out what IAM would read as a wildcard or a variable.
	streamPrefixPattern = regexp.MustCompile(`^[A-Za-z0-9_/.#@=+()\[\]-]{1,64}$`)
	// SQS names have 80 characters, and an app's name takes up to 30 of them.
	queuePrefixPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,50}$`)
	// CDK's own keys all hold a '@', ':', '/' or '-'; a plain word can only be meant for this stack.
	ownKeyPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
)

// field is one setting: where its value goes, and what is allowed, in the words of the error message.
type field struct {
	allowed string
	set     func(value any) bool // false: not allowed
}

// fields are the settings by their context keys.
func (s *settings) fields() map[string]field {
	return map[string]field{
		"stackName":    {"a letter, then letters, digits and hyphens, 128 at most", matching(&s.stackName, stackNamePattern)},
		"logGroupName": {"1 to 512 of A-Z a-z 0-9 _ / . # -", matching(&s.logGroupName, logGroupNamePattern)},
		"retentionDays": {"one of " + joinInts(slices.Sorted(maps.Keys(retentions))) + ", where 0 keeps lines for ever",
			number(&s.retentionDays, func(n int) bool { return retentions[n] != "" })},
		"logClass": {"standard or infrequent-access", oneOf(&s.logClass, map[string]awslogs.LogGroupClass{
			"standard":          awslogs.LogGroupClass_STANDARD,
			"infrequent-access": awslogs.LogGroupClass_INFREQUENT_ACCESS,
		})},
		"streamPrefix":       {"1 to 64 of A-Z a-z 0-9 _ / . # @ = + ( ) [ ] -", matching(&s.streamPrefix, streamPrefixPattern)},
		"queuePrefix":        {"1 to 50 of A-Z a-z 0-9 _ -", matching(&s.queuePrefix, queuePrefixPattern)},
		"batchSize":          {"1 to 10000", number(&s.batchSize, between(1, 10_000))},
		"batchWindowSeconds": {"0 to 300", number(&s.batchWindowSeconds, between(0, 300))},
		"maximumConcurrency": {"2 to 1000, or 0 for no limit",
			number(&s.maximumConcurrency, func(n int) bool { return n == 0 || between(2, 1000)(n) })},
		"maxReceiveCount": {"1 to 1000", number(&s.maxReceiveCount, between(1, 1000))},
		"accessLog":       {"true or false", flag(&s.accessLog)},
		"alertEmail":      {"an e-mail address such as ops@example.com", email(&s.alertEmail)},
		"dashboard":       {"true or false", flag(&s.dashboard)},
		"tags":            {tagsAllowed, tagList(&s.tags)},
		"removalPolicy": {"retain or destroy", oneOf(&s.removalPolicy, map[string]awscdk.RemovalPolicy{
			"retain":  retain,
			"destroy": awscdk.RemovalPolicy_DESTROY,
		})},
	}
}

// parseSettings reads the settings from CDK context, and reports every wrong or unknown one, a line each.
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
			problems = append(problems, fmt.Errorf("unknown setting %s in the CDK context: allowed are %s",
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

// contradictions are the settings that are allowed one by one, but not together.
func (s *settings) contradictions() []error {
	var problems []error
	// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
	if s.batchSize > 10 && s.batchWindowSeconds == 0 {
		problems = append(problems, fmt.Errorf("setting batchSize=%d is not allowed with batchWindowSeconds=0: "+
			"above 10, AWS asks for a window of at least 1 second", s.batchSize))
	}
	// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
	if name := s.storageFunctionName(); len(name) > 64 {
		problems = append(problems, fmt.Errorf("setting stackName=%s is not allowed: it is too long for the function's name made of it, %s, "+
			"which has %d characters of at most 64", s.stackName, name, len(name)))
	}
	// CloudFormation names the dead-letter queue by the stack.
	if begin := s.stackName + "-" + deadLettersID; strings.HasPrefix(begin, s.queuePrefix) {
		problems = append(problems, fmt.Errorf("setting queuePrefix=%s is not allowed with stackName=%s: "+
			"the dead-letter queue, whose name begins with %s, would be taken for an app's", s.queuePrefix, s.stackName, begin))
	}
	return problems
}

// matching takes text of a pattern.
func matching(into *string, pattern *regexp.Regexp) func(any) bool {
	return func(value any) bool {
		text, ok := value.(string)
		*into = text
		return ok && pattern.MatchString(text)
	}
}

// number takes whole numbers, as text from `-c` and as such from cdk.json.
func number(into *int, allowed func(int) bool) func(any) bool {
	return func(value any) bool {
		if f, ok := value.(float64); ok {
			value = strconv.FormatFloat(f, 'f', -1, 64)
		}
		text, _ := value.(string)
		n, err := strconv.Atoi(text)
		*into = n
		return err == nil && allowed(n)
	}
}

// flag takes true and false, as text from `-c` and as such from cdk.json.
func flag(into *bool) func(any) bool {
	return func(value any) bool {
		*into = value == true || value == "true"
		return *into || value == false || value == "false"
	}
}

// email takes an address without a name.
func email(into *string) func(any) bool {
	return func(value any) bool {
		text, _ := value.(string)
		address, err := mail.ParseAddress(text)
		*into = text
		return err == nil && address.Address == text
	}
}

func oneOf[T any](into *T, values map[string]T) func(any) bool {
	return func(value any) bool {
		text, _ := value.(string)
		chosen, ok := values[text]
		*into = chosen
		return ok
	}
}

func between(low, high int) func(int) bool {
	return func(n int) bool { return low <= n && n <= high }
}

func joinInts(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ", ")
}
