package main

import (
	"encoding/json"
	"strings"
	"testing"

	"heroku-drains/infra/internal/iamtest"
	"heroku-drains/lib/stack"
)

// Each function's role allows all that its code does, and nothing else: every call of the real binaries is allowed, every
// grant is taken by one of them, and what differs from them in a character is refused.
func TestLeastPrivilege(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the functions' binaries")
	}
	tr := startTraffic(t)
	tr.run()
	asked := tr.requests()
	for _, function := range []string{stack.LocalDrainsFunction, stack.LocalStorageFunction} {
		t.Run(function, func(t *testing.T) {
			policy := synthesizedPolicy(t, function, tr.values())
			for _, r := range policy.Denied(asked[function]) {
				t.Errorf("the function may not, but does: %s", r)
			}
			for _, grant := range policy.Unused(asked[function]) {
				t.Errorf("the function may, but does not: %s", grant)
			}
			if loose := policy.Loose(asked[function]); len(loose) > 0 { // as many as a request has characters
				t.Errorf("the function may, and should not: %s", loose[0])
			}

			// These checks find any mistake: with a statement less, or one that is wider, one of them fails.
			for _, mutant := range policy.Mutants() {
				if len(mutant.Policy.Denied(asked[function])) == 0 && len(mutant.Policy.Loose(asked[function])) == 0 {
					t.Errorf("nobody would notice that %s", mutant.Mistake)
				}
			}
		})
	}
}

// requests are what IAM would be asked about the functions' calls, by function.
func (tr *traffic) requests() map[string][]iamtest.Request {
	tr.t.Helper()
	translator := iamtest.Translator{
		Region: tr.AWS.Config().Region, AccountID: "000000000000", QueuePrefix: "APP_", StreamPrefix: "[APP]",
	}
	asked := map[string][]iamtest.Request{
		stack.LocalDrainsFunction:  translator.Logging(stack.LocalDrainsFunction),
		stack.LocalStorageFunction: translator.Logging(stack.LocalStorageFunction),
	}
	tr.mu.Lock()
	defer tr.mu.Unlock()
	for _, call := range tr.calls {
		if asked[call.AccessKeyID] == nil { // this test's own
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

// values are what the template's references are on the embedded AWS. A log group's ARN ends in :* as CloudFormation has it.
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
	}
}

// signingKey is the ARN of the secret, of which AWS makes up the end.
func (tr *traffic) signingKey() string {
	tr.t.Helper()
	tr.mu.Lock()
	defer tr.mu.Unlock()
	for _, call := range tr.calls {
		if call.Operation == "GetSecretValue" {
			var input struct{ SecretId string }
			tr.must(json.Unmarshal(call.Input, &input))
			return input.SecretId
		}
	}
	tr.t.Fatal("no function has asked for the signing key")
	return ""
}

// synthesizedPolicy is what a function's role allows in the template.
func synthesizedPolicy(t *testing.T, function string, values iamtest.Values) iamtest.Policy {
	t.Helper()
	var whole iamtest.Policy
	for _, document := range policyDocuments(t, function) {
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
