package console_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// The note about dead letters of unknown apps is right for one, and for several.
func TestDrainsNoteDeadLettersOfUnknownApps(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	queues := sqs.NewFromConfig(s.system.AWS.Config())
	for _, want := range []string{"The app of 1 dead letter is unknown.", "The app of 2 dead letters is unknown."} {
		_, err := queues.SendMessage(t.Context(), &sqs.SendMessageInput{
			QueueUrl: aws.String(s.system.AWS.AWSURL() + "/000000000000/" + stack.LocalDeadLetterQueue), MessageBody: aws.String("not an envelope"),
		})
		localtest.Must(t, err)
		var got struct{ Note string }
		localtest.Eventually(t, want, func() bool {
			s.get("/api/drains", &got)
			return got.Note == want
		})
	}
}
