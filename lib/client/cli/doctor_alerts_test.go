package cli_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

func TestDoctorChecksAlerts(t *testing.T) {
	c := newCloud(t)
	c.alerts = stack.LocalOutputs(c.AWS.APIURL(), c.AWS.AWSURL())
	client := sns.NewFromConfig(c.AWS.Config())
	// alerts returns what doctor finds about alerts.
	alerts := func() []string {
		var found []string
		for _, f := range shortFindings(t, command(t, nil, "doctor", "--no-heroku", "--output", "json").stdout) {
			if strings.Contains(f, "|alerts|") {
				found = append(found, f)
			}
		}
		return found
	}
	want := func(step string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, alerts()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step, diff)
		}
	}
	want("nobody is subscribed", "warning|alerts||alerts reach nobody: the alerts topic has no subscription")
	_, err := client.Subscribe(t.Context(), &sns.SubscribeInput{
		TopicArn: &c.alerts.AlertsTopic, Protocol: aws.String("email"), Endpoint: aws.String("me@example.com"),
	})
	localtest.Must(t, err)
	want("not confirmed", "warning|alerts||alerts reach nobody: the subscription of me@example.com to the alerts topic is not confirmed")
	c.AWS.ConfirmEmail("me@example.com")
	want("confirmed")

	functions := lambda.NewFromConfig(c.AWS.Config())
	mappings, err := functions.ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{FunctionName: &c.alerts.AlertsFunction})
	localtest.Must(t, err)
	uuid := mappings.EventSourceMappings[0].UUID
	_, err = functions.UpdateEventSourceMapping(t.Context(), &lambda.UpdateEventSourceMappingInput{UUID: uuid, Enabled: aws.Bool(false)})
	localtest.Must(t, err)
	want("disabled", "error|alerts||the event source mapping of the alerts queue is disabled: no alert is published, and what lines match is lost after 14 days")
	if local := c.findings(1); len(local) != 1 || !strings.HasPrefix(local[0], "error|alerts||the event source mapping of the alerts queue is disabled") {
		t.Errorf("of the local system: %q", local)
	}
	_, err = functions.DeleteEventSourceMapping(t.Context(), &lambda.DeleteEventSourceMappingInput{UUID: uuid})
	localtest.Must(t, err)
	want("deleted", "error|alerts||the alerts queue has no event source mapping: no alert is published, and what lines match is lost after 14 days")
	remove := c.AWS.Inject(awslocal.Fault{Service: "dynamodb", Operation: "Scan", Status: http.StatusBadRequest, Code: "ResourceNotFoundException", Message: "no table"})
	if found := strings.Join(alerts(), "\n"); !strings.Contains(found, "error|alerts||list the alerts: internal error") {
		t.Errorf("without a table: %s", found)
	}
	remove()
}

func TestATestSaysWhyTheTopicRefuses(t *testing.T) {
	s := newSystem(t)
	s.AWS.Inject(awslocal.Fault{
		Service: "sns", Operation: "Publish", Status: http.StatusForbidden, Code: "AuthorizationError",
		Message: "User: arn:aws:sts::1:assumed-role/alerts is not authorized to perform: SNS:Publish on resource: arn:topic",
	})
	got := command(t, nil, s.local("alerts", "send-test")...)
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "error: publish a test notification: SNS does not accept notifications: User: arn:aws:sts::1:assumed-role/alerts "+
		"is not authorized to perform: SNS:Publish on resource: arn:topic (AuthorizationError)")
}
