package matrix

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// resourceRows delete or disable under us what lines need, and repair it as people do.
func resourceRows() []Row {
	return []Row{
		{Name: "stream-deleted", Fault: "the log stream is deleted", Play: still(deleteStream)},
		{Name: "group-deleted", Fault: "the log group is deleted, and created again 10 minutes later", Play: still(deleteGroup)},
		{Name: "queue-deleted", Fault: "the queue is deleted, and `put` repairs the drain", Short: true, Drops: gone, Play: still(deleteQueue)},
		{Name: "mapping-disabled", Fault: "the event source mapping is disabled for an hour, and `put` repairs the drain", Play: disableMapping},
		{Name: "mapping-deleted", Fault: "the event source mapping is deleted for an hour, and `put` repairs the drain", Play: deleteMapping(0)},
		{Name: "mapping-late", Fault: "the event source mapping is deleted, and its successor begins 20 minutes after `put`", Play: deleteMapping(20 * time.Minute)},
		{Name: "alerts-table-deleted", Fault: "the table of the alerts is deleted", Play: deleteTable},
		{Name: "alerts-queue-deleted", Fault: "the queue of the alerts is deleted", Play: deleteAlertsQueue},
		{Name: "key-rotated", Fault: "the signing key is rotated, and cold functions know the old password only as the previous one", Play: then(rotateKey, still(cold(drains)))},
		{
			Name: "secrets-8s", Fault: "Secrets Manager is down for 8 s, and the functions are cold", Drops: threeTries, Duplicates: copyElsewhere,
			Play: then(still(cold(drains)), while(8*time.Second, awslocal.Fault{Service: "secretsmanager", Refuse: awslocal.RefuseUnavailable})),
		},
		{
			Name: "secrets-10min", Fault: "Secrets Manager is down for 10 minutes, and the functions are cold", Drops: threeTries, Duplicates: copyElsewhere,
			Play: then(still(cold(drains)), outage(14*time.Second, 10*time.Minute, awslocal.Fault{Service: "secretsmanager", Refuse: awslocal.RefuseUnavailable})),
		},
	}
}

// still plays while nothing is on its way, and what is stored is known: what a person deletes is not lost.
func still(play func(*World) error) func(*World) error {
	return func(w *World) error {
		w.Pause()
		defer w.Resume()
		for _, app := range w.Apps {
			if err := w.Until("the lines of "+app.Name+" are sent", func() (bool, error) {
				t := app.Ledger.Tally()
				return t.Waiting+t.Sent == 0, nil
			}); err != nil {
				return err
			}
		}
		if err := w.settle(); err != nil {
			return err
		}
		return play(w)
	}
}

// archived keeps what is stored of all apps, before it is deleted.
func (w *World) archived() error {
	for _, app := range w.Apps {
		stored, err := w.stored(app)
		if err != nil {
			return err
		}
		app.archive = append(app.archive, stored...)
	}
	return nil
}

func deleteStream(w *World) error {
	if err := w.archived(); err != nil {
		return err
	}
	for _, app := range w.Apps {
		if _, err := w.Logs.DeleteLogStream(w.Context, &cloudwatchlogs.DeleteLogStreamInput{
			LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: aws.String(app.Stream()),
		}); err != nil {
			return err
		}
	}
	return nil
}

func deleteGroup(w *World) error {
	if err := w.archived(); err != nil {
		return err
	}
	group := aws.String(stack.DefaultLogGroup)
	if _, err := w.Logs.DeleteLogGroup(w.Context, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: group}); err != nil {
		return err
	}
	w.Resume()
	if err := w.Acknowledged(lead); err != nil {
		return err
	}
	w.Pause()
	if err := w.Pass(10 * time.Minute); err != nil {
		return err
	}
	_, err := w.Logs.CreateLogGroup(w.Context, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group})
	return err
}

func deleteQueue(w *World) error {
	for _, app := range w.Apps {
		if _, err := w.SQS.DeleteQueue(w.Context, &sqs.DeleteQueueInput{QueueUrl: w.queueURL(app.Queue())}); err != nil {
			return err
		}
	}
	w.Resume()
	for _, app := range w.Apps {
		answered := app.Ledger.Tally().Acknowledged + lead
		if err := w.Until("POSTs for "+app.Name+" are answered", func() (bool, error) {
			t := app.Ledger.Tally()
			return t.Dropped > 0 || t.Acknowledged >= answered, nil
		}); err != nil {
			return err
		}
	}
	w.Pause()
	w.AWS.Advance(time.Minute) // SQS blocks the names so long
	return w.repair()
}

// repair puts the drains, as a person does, and returns when they are active.
func (w *World) repair() error {
	for _, app := range w.Apps {
		if _, _, err := w.API.Put(w.Context, app.Name, drain.Patch{}); err != nil {
			return fmt.Errorf("repair the drain of %s: %w", app.Name, err)
		}
	}
	return nil
}

func disableMapping(w *World) error {
	for _, app := range w.Apps {
		if _, err := w.Lambda.UpdateEventSourceMapping(w.Context, &lambda.UpdateEventSourceMappingInput{
			UUID: aws.String(app.Drain.EventSource.UUID), Enabled: aws.Bool(false),
		}); err != nil {
			return err
		}
	}
	if err := w.Acknowledged(lead); err != nil {
		return err
	}
	w.Pause()
	defer w.Resume()
	if err := w.skip(time.Hour); err != nil {
		return err
	}
	return w.repair()
}

// deleteMapping deletes the mappings. Those that follow begin to work some time after they were created.
func deleteMapping(late time.Duration) func(*World) error {
	return func(w *World) error {
		for _, app := range w.Apps {
			if _, err := w.Lambda.DeleteEventSourceMapping(w.Context, &lambda.DeleteEventSourceMappingInput{UUID: aws.String(app.Drain.EventSource.UUID)}); err != nil {
				return err
			}
		}
		if err := w.Acknowledged(lead); err != nil {
			return err
		}
		w.Pause()
		defer w.Resume()
		if late == 0 {
			if err := w.skip(time.Hour); err != nil {
				return err
			}
			return w.repair()
		}
		_, end := w.inject(awslocal.Fault{Service: "lambda", Operation: "CreateEventSourceMapping", Transition: late})
		defer end()
		if err := w.repair(); err != nil {
			return err
		}
		return w.skip(late)
	}
}

func deleteTable(w *World) error {
	_, err := w.Tables.DeleteTable(w.Context, &dynamodb.DeleteTableInput{TableName: aws.String(stack.LocalAlertsTable)})
	return err
}

func deleteAlertsQueue(w *World) error {
	_, err := w.SQS.DeleteQueue(w.Context, &sqs.DeleteQueueInput{QueueUrl: w.queueURL(stack.LocalAlertsQueue)})
	return err
}

func rotateKey(w *World) error {
	_, err := w.Secrets.PutSecretValue(w.Context, &secretsmanager.PutSecretValueInput{
		SecretId: aws.String(stack.LocalSigningKey), SecretString: aws.String("another signing key, of 43 characters or so!"),
	})
	return err
}
