package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"heroku-drains/infra/internal/iamtest"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// Each function's role allows what its code does, and nothing else: every call of the real binaries is allowed, every grant is needed by one of
// them, and calls that differ from them in a character are not allowed.
func TestLeastPrivilege(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the functions' binaries")
	}
	tr := startTraffic(t)
	tr.run()
	asked := tr.requests()
	for _, function := range functionNames {
		t.Run(function, func(t *testing.T) {
			policy := synthesizedPolicy(t, function, tr.values())
			for _, r := range policy.Denied(asked[function]) {
				t.Errorf("the function does, but is not allowed to: %s", r)
			}
			for _, grant := range policy.Unused(asked[function]) {
				t.Errorf("the function is allowed to, but does not: %s", grant)
			}
			if loose := policy.Loose(asked[function]); len(loose) > 0 { // there may be one for each character of a request
				t.Errorf("the function is allowed to, but should not be: %s", loose[0])
			}

			// With a statement missing or widened, one of the checks above must fail.
			for _, mutant := range policy.Mutants() {
				if len(mutant.Policy.Denied(asked[function])) == 0 && len(mutant.Policy.Loose(asked[function])) == 0 {
					t.Errorf("no check fails if %s", mutant.Mistake)
				}
			}
		})
	}
}

// requests returns what AWS would ask IAM about the functions' calls, by function.
func (tr *traffic) requests() map[string][]iamtest.Request {
	tr.t.Helper()
	translator := iamtest.Translator{
		Region: tr.AWS.Config().Region, AccountID: "000000000000", QueuePrefix: "APP_", StreamPrefix: "[APP]",
		StackTag: "heroku-drains:stack",
	}
	asked := map[string][]iamtest.Request{
		stack.LocalDrainsFunction:  translator.Logging(stack.LocalDrainsFunction),
		stack.LocalStorageFunction: translator.Logging(stack.LocalStorageFunction),
		stack.LocalAlertsFunction: slices.Concat(translator.Logging(stack.LocalAlertsFunction),
			translator.Polling(stack.LocalAlertsFunction, stack.LocalAlertsQueue)), // the stack has the mapping
	}
	tr.mu.Lock()
	defer tr.mu.Unlock()
	for _, call := range tr.calls {
		if asked[call.AccessKeyID] == nil { // a call of the test itself
			continue
		}
		requests, err := translator.Requests(call)
		if err != nil {
			tr.t.Fatal(err)
		}
		for _, r := range requests {
			asked[r.Caller] = append(asked[r.Caller], r)
		}
	}
	return asked
}

// values returns the values of the template's references on the embedded AWS. In CloudFormation, a log group's ARN ends in :*.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html#aws-resource-logs-loggroup-return-values
func (tr *traffic) values() iamtest.Values {
	region := tr.AWS.Config().Region
	arn := func(service, resource string) string {
		return strings.Join([]string{"arn:aws", service, region, "000000000000", resource}, ":")
	}
	return iamtest.Values{
		"AWS::Partition": "aws", "AWS::Region": region, "AWS::AccountId": "000000000000",
		"LogGroupF5B46931":        stack.DefaultLogGroup,
		"LogGroupF5B46931.Arn":    arn("logs", "log-group:"+stack.DefaultLogGroup+":*"),
		"DrainsLogs152E0F28.Arn":  arn("logs", "log-group:/aws/lambda/"+stack.LocalDrainsFunction+":*"),
		"StorageLogs5B8326AB.Arn": arn("logs", "log-group:/aws/lambda/"+stack.LocalStorageFunction+":*"),
		"Storage07F31EBC.Arn":     arn("lambda", "function:"+stack.LocalStorageFunction),
		"SigningKeyEEFC2790":      tr.signingKey(),
		"DeadLettersBBF8BAAB.Arn": arn("sqs", stack.LocalDeadLetterQueue),
		"AlertsLogs90537CC2.Arn":  arn("logs", "log-group:/aws/lambda/"+stack.LocalAlertsFunction+":*"),
		"AlertsQueue4709902F.Arn": arn("sqs", stack.LocalAlertsQueue),
		"AlertsTable0BD1EA13.Arn": arn("dynamodb", "table/"+stack.LocalAlertsTable),
		"AlertsTopic3414BE91":     arn("sns", stack.LocalAlertsTopic),
	}
}

// signingKey returns the ARN of the secret, which ends in random characters.
func (tr *traffic) signingKey() string {
	tr.t.Helper()
	tr.mu.Lock()
	defer tr.mu.Unlock()
	for _, call := range tr.calls {
		if call.Operation == "GetSecretValue" {
			var input struct{ SecretId string }
			localtest.Must(tr.t, json.Unmarshal(call.Input, &input))
			return input.SecretId
		}
	}
	tr.t.Fatal("no function has read the signing key")
	return ""
}

// synthesizedPolicy returns what a function's role allows in the template.
func synthesizedPolicy(t *testing.T, function string, values iamtest.Values) iamtest.Policy {
	t.Helper()
	var whole iamtest.Policy
	for _, document := range policyDocuments(t, stackTemplate(t), function) {
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		policy, err := iamtest.Parse(text, values)
		if err != nil {
			t.Fatal(err)
		}
		whole = append(whole, policy...)
	}
	return whole
}
