package awslocal_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"
)

// topicLimit is a call for a new topic, which must succeed, or be rejected with a code and a message.
type topicLimit struct {
	name, code, message, notMoto string
	try                          func(t *testing.T, tt testTopic) error
}

func tryTopic(t *testing.T, limits []topicLimit) {
	t.Helper()
	var checks []check
	for _, l := range limits {
		checks = append(checks, check{name: l.name, notMoto: l.notMoto, run: func(t *testing.T, b backend) {
			err := l.try(t, newTopic(t, b))
			if l.code == "" {
				if err != nil {
					t.Errorf("rejected: %v", err)
				}
				return
			}
			wantCode(t, err, l.code)
			if rejected, ok := errors.AsType[smithy.APIError](err); ok && rejected.ErrorMessage() != l.message {
				t.Errorf("message %q, want %q", rejected.ErrorMessage(), l.message)
			}
		}})
	}
	conform(t, checks)
}

func TestSNSPublishLimits(t *testing.T) {
	const bad, badValue = "InvalidParameter", "ParameterValueInvalid"
	publish := func(in sns.PublishInput) func(*testing.T, testTopic) error {
		return func(t *testing.T, tt testTopic) error {
			in := in // for each backend
			if in.TopicArn == nil {
				in.TopicArn = tt.arn
			}
			if in.Message == nil {
				in.Message = aws.String("x")
			}
			_, err := tt.Publish(t.Context(), &in)
			return err
		}
	}
	message := func(text string) func(*testing.T, testTopic) error { return publish(sns.PublishInput{Message: &text}) }
	subject := func(text string) func(*testing.T, testTopic) error { return publish(sns.PublishInput{Subject: &text}) }
	structured := func(text string) func(*testing.T, testTopic) error {
		return publish(sns.PublishInput{Message: &text, MessageStructure: aws.String("json")})
	}
	attribute := func(name string, value types.MessageAttributeValue) func(*testing.T, testTopic) error {
		return publish(sns.PublishInput{MessageAttributes: map[string]types.MessageAttributeValue{name: value}})
	}
	typed := func(dataType, value string) func(*testing.T, testTopic) error {
		return attribute("a", types.MessageAttributeValue{DataType: &dataType, StringValue: &value})
	}
	const kb256 = 262_144
	const unparsed = "Invalid parameter: Message Structure - JSON message body failed to parse"
	const noDefault = "Invalid parameter: Message Structure - No default entry in JSON message body"
	tryTopic(t, []topicLimit{
		{"a message of 256 KB", "", "", "", message(strings.Repeat("x", kb256))},
		{"a message of 256 KB and 1 byte", bad, "Invalid parameter: Message too long", "its message differs", message(strings.Repeat("x", kb256+1))},
		{"a message is measured in bytes", bad, "Invalid parameter: Message too long", "it counts characters", message(strings.Repeat("é", kb256/2) + "x")},
		{"a message of 256 KB and its attributes", bad, "Invalid parameter: Message too long", "it does not count them", publish(sns.PublishInput{
			Message:           aws.String(strings.Repeat("x", kb256-len("aStringv")+1)),
			MessageAttributes: map[string]types.MessageAttributeValue{"a": {DataType: aws.String("String"), StringValue: aws.String("v")}},
		})},
		{"an empty message", bad, "Invalid parameter: Empty message", "it accepts it", message("")},
		{"a message with an escape, as in ANSI colors", bad, "Invalid parameter: Message Reason: it has a character that is not allowed", "it accepts it", message("\x1b[31m")},
		{"a message with lines and other scripts", "", "", "", message("a\tb\r\nc é 日本 😀")},
		{"a subject of 100 characters", "", "", "", subject(strings.Repeat("x", 100))},
		{"a subject of 101 characters", bad, "Invalid parameter: Subject", "its message differs", subject(strings.Repeat("x", 101))},
		{"an empty subject", bad, "Invalid parameter: Subject", "it accepts it", subject("")},
		{"a subject with a line break", bad, "Invalid parameter: Subject", "it accepts it", subject("a\nb")},
		{"a subject that is not ASCII", bad, "Invalid parameter: Subject", "it accepts it", subject("é")},
		{"a subject that begins with a space", bad, "Invalid parameter: Subject", "it accepts it", subject(" a")},
		{"a subject with punctuation", "", "", "", subject("[shop] H12: ~14% & more!")},
		{"texts by protocol", "", "", "", structured(`{"default":"x","email":"y","sqs":"","nonsense":1}`)},
		{"texts without a default", bad, noDefault, "it accepts it", structured(`{"email":"y"}`)},
		{"a default that is not text", bad, noDefault, "it accepts it", structured(`{"default":{"a":1}}`)},
		{"texts that are not JSON", bad, unparsed, "it accepts it", structured(`{"default":"x"`)},
		{"texts that are not an object", bad, unparsed, "it accepts it", structured(`["default"]`)},
		{"texts with a protocol twice", bad, unparsed, "it accepts it", structured(`{"default":"x","email":"a","email":"b"}`)},
		{"texts with something behind", bad, unparsed, "it accepts it", structured(`{"default":"x"}{}`)},
		{"an unknown structure", bad, "Invalid parameter: MessageStructure", "its message differs", publish(sns.PublishInput{MessageStructure: aws.String("xml")})},
		{"a topic that does not exist", "NotFound", "Topic does not exist", "its message differs", publish(sns.PublishInput{TopicArn: aws.String("arn:aws:sns:us-east-1:000000000000:absent")})},
		{"a topic that is not an ARN", bad, "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1", "its message differs",
			publish(sns.PublishInput{TopicArn: aws.String("alerts")})},
		{"a topic of another Region", bad, "Invalid parameter: TopicArn", "its code differs",
			publish(sns.PublishInput{TopicArn: aws.String("arn:aws:sns:eu-west-1:000000000000:alerts")})},
		{"no topic", bad, "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter", "it answers 500",
			func(t *testing.T, tt testTopic) error {
				_, err := tt.Publish(t.Context(), &sns.PublishInput{Message: aws.String("x")})
				return err
			}},
		{"a number as an attribute", "", "", "", typed("Number", "1.5")},
		{"an array as an attribute", "", "", "", typed("String.Array", `["a",1,true,null]`)},
		{"text as a number", badValue, "Could not cast message attribute 'a' value to number.", "its code differs", typed("Number", "one")},
		{"an attribute with an unknown type", badValue, "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
			"its code differs", typed("Text", "v")},
		{"an empty attribute", badValue, "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
			"its code differs", typed("String", "")},
		{"an attribute without a value", badValue, "The message attribute 'a' with type 'Binary' must use field 'Binary'.", "it accepts it",
			attribute("a", types.MessageAttributeValue{DataType: aws.String("Binary")})},
		{"an attribute with a wrong name", badValue, "The message attribute name 'a..b' is invalid.", "it accepts it",
			attribute("a..b", types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String("v")})},
	})
}

func TestSNSTopicLimits(t *testing.T) {
	const bad = "InvalidParameter"
	named := func(name string, attributes ...string) func(*testing.T, testTopic) error {
		return func(t *testing.T, tt testTopic) error {
			_, err := tt.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: &name, Attributes: pairs(attributes...)})
			return err
		}
	}
	subscribe := func(protocol, endpoint string, attributes ...string) func(*testing.T, testTopic) error {
		return func(t *testing.T, tt testTopic) error {
			_, err := tt.Subscribe(t.Context(), &sns.SubscribeInput{
				TopicArn: tt.arn, Protocol: &protocol, Endpoint: &endpoint, Attributes: pairs(attributes...),
			})
			return err
		}
	}
	unsubscribe := func(arn string) func(*testing.T, testTopic) error {
		return func(t *testing.T, tt testTopic) error {
			_, err := tt.Unsubscribe(t.Context(), &sns.UnsubscribeInput{SubscriptionArn: aws.String(strings.ReplaceAll(arn, "TOPIC", *tt.arn))})
			return err
		}
	}
	queue := "arn:aws:sqs:us-east-1:000000000000:q"
	tryTopic(t, []topicLimit{
		{"a name of 256 characters", "", "", "", named(strings.Repeat("n", 256))},
		{"a name of 257 characters", bad, "Invalid parameter: Topic Name", "its message differs", named(strings.Repeat("n", 257))},
		{"a name with a dot", bad, "Invalid parameter: Topic Name", "its message differs", named("a.b")},
		{"an empty name", bad, "Invalid parameter: Topic Name", "its message differs", named("")},
		{"a topic with an unknown attribute", bad, "Invalid parameter: Attributes Reason: Unknown attribute Nonsense", "it accepts it", named("t", "Nonsense", "1")},
		{"a topic that exists with another name to show", bad, "Invalid parameter: Attributes Reason: Topic already exists with different attributes", "it accepts it",
			named("alerts", "DisplayName", "Alerts")},
		{"a FIFO topic", bad, "Invalid parameter: Topic Name Reason: the embedded AWS does not implement FIFO topics", "it has them", named("t.fifo", "FifoTopic", "true")},
		{"an e-mail address", "", "", "", subscribe("email", "a.b+c@example.org")},
		{"something else as an e-mail address", bad, "Invalid parameter: Email address", "it accepts it", subscribe("email", "example.org")},
		{"an e-mail address with a name", bad, "Invalid parameter: Email address", "it accepts it", subscribe("email", "A <a@example.org>")},
		{"a queue", "", "", "", subscribe("sqs", queue, "RawMessageDelivery", "True")},
		{"a queue by its URL", bad, "Invalid parameter: SQS endpoint ARN", "", subscribe("sqs", "https://sqs.us-east-1.amazonaws.com/000000000000/q")},
		{"a FIFO queue", bad, "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics", "it accepts it",
			subscribe("sqs", queue+".fifo")},
		{"an unknown protocol", bad, "Invalid parameter: Amazon SNS does not support this protocol string: smoke", "it accepts it", subscribe("smoke", "x")},
		{"a protocol that is not implemented", bad, "Invalid parameter: Protocol Reason: the embedded AWS does not implement the protocol https", "it has it",
			subscribe("https", "https://example.org")},
		{"a subscription with an unknown attribute", bad, "Invalid parameter: Attributes Reason: AttributeName", "its message differs", subscribe("sqs", queue, "Nonsense", "1")},
		{"raw delivery that is not a boolean", bad, "Invalid parameter: Attributes Reason: RawMessageDelivery: Invalid value [yes]. Must be true or false.", "it accepts it",
			subscribe("sqs", queue, "RawMessageDelivery", "yes")},
		{"raw delivery by e-mail", bad, "Invalid parameter: Attributes Reason: RawMessageDelivery: Delivery protocol [email] does not support raw message delivery.",
			"it accepts it", subscribe("email", "a@example.org", "RawMessageDelivery", "true")},
		{"ending a subscription that does not exist", "", "", "", unsubscribe("TOPIC:11111111-1111-4111-8111-111111111111")},
		{"ending what is not an ARN", bad, "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1", "it accepts it", unsubscribe("x")},
		{"ending a topic", bad, "Invalid parameter: SubscriptionId", "it accepts it", unsubscribe("TOPIC")},
		{"a parameter that is not implemented", bad, "Invalid parameter: PhoneNumber Reason: the embedded AWS does not implement this parameter", "it has it",
			func(t *testing.T, tt testTopic) error {
				_, err := tt.Publish(t.Context(), &sns.PublishInput{PhoneNumber: aws.String("+15555550100"), Message: aws.String("x")})
				return err
			}},
	})
}
