package e2e_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// parts are the three parts of a drain on AWS, each with a function that deletes it without the API.
var parts = []struct {
	name   string
	remove func(*system, drain.Drain)
}{
	{"stream", func(s *system, d drain.Drain) {
		_, err := s.logs.DeleteLogStream(s.t.Context(), &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: &d.LogGroup, LogStreamName: &d.LogStream})
		localtest.Must(s.t, err)
	}},
	{"queue", func(s *system, d drain.Drain) {
		_, err := s.sqs.DeleteQueue(s.t.Context(), &sqs.DeleteQueueInput{QueueUrl: &d.Queue.URL})
		localtest.Must(s.t, err)
		s.AWS.Advance(time.Minute) // the name is blocked until then
	}},
	{"mapping", func(s *system, d drain.Drain) {
		_, err := s.esm.DeleteEventSourceMapping(s.t.Context(), &lambda.DeleteEventSourceMappingInput{UUID: &d.EventSource.UUID})
		localtest.Must(s.t, err)
		localtest.Eventually(s.t, "the mapping is deleted", func() bool {
			out, err := s.esm.ListEventSourceMappings(s.t.Context(), &lambda.ListEventSourceMappingsInput{EventSourceArn: aws.String(d.Queue.ARN)})
			return err == nil && len(out.EventSourceMappings) == 0
		})
	}},
}

// eachPartial runs the test for every set of one, two or three missing parts.
func eachPartial(t *testing.T, test func(t *testing.T, s *system, app string, missing []string)) {
	s := start(t)
	for set := 1; set < 1<<len(parts); set++ {
		var missing []string
		for i, part := range parts {
			if set&(1<<i) != 0 {
				missing = append(missing, part.name)
			}
		}
		t.Run("without "+strings.Join(missing, " and "), func(t *testing.T) {
			s := s.with(t)
			app := "partial-" + strings.Join(missing, "-")
			s.put(app, drain.Patch{})
			d, err := s.api.Get(t.Context(), app)
			localtest.Must(s.t, err)
			for i, part := range parts {
				if set&(1<<i) != 0 {
					part.remove(s, d)
				}
			}
			test(t, s, app, missing)
		})
	}
}

func TestPutRepairsPartialDrains(t *testing.T) {
	t.Parallel() // most of its time is spent waiting for AWS, which is as slow as the real one
	eachPartial(t, func(t *testing.T, s *system, app string, missing []string) {
		if got, err := s.api.Get(t.Context(), app); len(missing) == len(parts) {
			if code(err) != "NotFound" {
				t.Errorf("GET: %v, want NotFound", err)
			}
		} else if err != nil || got.State != drain.Partial {
			t.Errorf("GET: state %q, %v, want partial", got.State, err)
		}
		url := s.put(app, drain.Patch{}).DrainURL
		s.AWS.Advance(time.Minute) // a mapping whose queue was deleted retries only now and then
		if status, _ := s.post(url, body("repaired")); status != 200 {
			t.Errorf("POST: %d", status)
		}
		if diff := cmp.Diff([]string{"app[web.1]: repaired"}, localtest.Texts(s.stored(app, 1))); diff != "" {
			t.Errorf("stream (-want +got):\n%s", diff)
		}
	})
}

func TestDeleteClearsPartialDrains(t *testing.T) {
	t.Parallel() // most of its time is spent waiting for AWS, which is as slow as the real one
	eachPartial(t, func(t *testing.T, s *system, app string, missing []string) {
		_, err := s.api.Delete(t.Context(), app, drain.DeleteOptions{})
		if all := len(missing) == len(parts); all != (code(err) == "NotFound") || !all && err != nil {
			t.Errorf("DELETE: %v", err)
		}
		localtest.Eventually(s.t, app+" is deleted", func() bool {
			_, err := s.api.Get(t.Context(), app)
			return code(err) == "NotFound"
		})
		s.AWS.Advance(awslocal.LagOfAWS().QueueDeletion)
		queues, err := s.sqs.ListQueues(t.Context(), &sqs.ListQueuesInput{QueueNamePrefix: aws.String("APP_" + app)})
		localtest.Must(s.t, err)
		streams, err := s.logs.DescribeLogStreams(t.Context(), &cloudwatchlogs.DescribeLogStreamsInput{
			LogGroupName: aws.String("/heroku/apps"), LogStreamNamePrefix: aws.String("[APP]" + app),
		})
		localtest.Must(s.t, err)
		if len(queues.QueueUrls)+len(streams.LogStreams) > 0 {
			t.Errorf("left: queues %v, %d streams", queues.QueueUrls, len(streams.LogStreams))
		}
	})
}
