package awslocal_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

const somePolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}]}`

func TestSQSPolicies(t *testing.T) {
	const unsupported = "AWS.SimpleQueueService.UnsupportedOperation"
	policy := func(statement string) queueCall {
		return set("Policy", `{"Version":"2012-10-17","Statement":`+statement+`}`)
	}
	tryLimits(t, []limit{
		{"a policy", "", "", set("Policy", somePolicy)},
		{"no policy", "", "", set("Policy", "")},
		{"a policy that is not JSON", "InvalidAttributeValue", "it accepts it", set("Policy", "{")},
		{"a policy without statements", "InvalidAttributeValue", "it accepts it", policy("[]")},
		{"a policy without an action", "InvalidAttributeValue", "it accepts it", policy(`[{"Effect":"Allow","Principal":"*","Resource":"*"}]`)},
		{"a policy of an unknown version", "InvalidAttributeValue", "it accepts it", set("Policy", strings.Replace(somePolicy, "2012", "2013", 1))},
		{"a policy that denies something", unsupported, "it accepts it", policy(`{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*"}`)},
		{"a policy with another condition", unsupported, "it accepts it",
			policy(`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`)},
		{"a policy with NotAction", unsupported, "it accepts it", policy(`{"Effect":"Allow","Principal":"*","NotAction":"sqs:*","Resource":"*"}`)},
	})
	conform(t, []check{{name: "reading a policy", run: func(t *testing.T, b backend) {
		q := newQueue(t, b, "q", "Policy", somePolicy)
		if got := q.attributes(t, "Policy")["Policy"]; compact(t, got) != somePolicy {
			t.Errorf("policy %q", got)
		}
		if err := q.set(t, "Policy", ""); err != nil {
			t.Fatal(err)
		}
		if got, ok := q.attributes(t, "All")["Policy"]; ok {
			t.Errorf("still there: %q", got)
		}
	}}})
}

// TestSQSPoliciesOfTopics checks which policies let a topic send to a queue.
func TestSQSPoliciesOfTopics(t *testing.T) {
	for _, c := range []struct {
		name, statement string
		allows          bool
	}{
		{"this topic", `{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"QUEUE",
			"Condition":{"ArnEquals":{"aws:SourceArn":"TOPIC"}}}`, true},
		{"one of several", `[{"Effect":"Allow","Principal":{"Service":["events.amazonaws.com"]},"Action":["sqs:SendMessage"],"Resource":"*"},
			{"Sid":"topics","Effect":"Allow","Principal":{"Service":["events.amazonaws.com","sns.amazonaws.com"]},"Action":["SQS:GetQueueUrl","SQS:Send*"],
			"Resource":["QUEUE"],"Condition":{"StringEquals":{"AWS:SourceArn":["other","TOPIC"]}}}]`, true},
		{"everyone", `{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*","Resource":"*"}`, true},
		{"topics by pattern", `{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:al?rts"}}}`, true},
		{"another topic", `{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"TOPICx"}}}`, false},
		{"a pattern where it is text", `{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceArn":"*"}}}`, false},
		{"two conditions", `{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*",
			"Condition":{"ArnLike":{"aws:SourceArn":"*"},"StringEquals":{"aws:SourceArn":"other"}}}`, false},
		{"another service", `{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"}`, false},
		{"another action", `{"Effect":"Allow","Principal":"*","Action":"sqs:ReceiveMessage","Resource":"*"}`, false},
		{"another queue", `{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"QUEUEx"}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := startBackend(t)
			tt, q := newTopic(t, b), newQueue(t, b, "q")
			tt.subscribe(t, "sqs", q.arn(t))
			statement := strings.NewReplacer("QUEUE", q.arn(t), "TOPIC", *tt.arn).Replace(c.statement)
			if err := q.set(t, "Policy", `{"Version":"2012-10-17","Statement":`+statement+`}`); err != nil {
				t.Fatal(err)
			}
			tt.publish(t, sns.PublishInput{Message: aws.String("x")})
			if got := len(q.receive(t)) == 1; got != c.allows {
				t.Errorf("delivered: %t, want %t", got, c.allows)
			}
		})
	}
}
