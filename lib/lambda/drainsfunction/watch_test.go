package drainsfunction_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// measured returns the last value of a metric; it is false if there is none.
func (s *system) measured(t *testing.T, name string) (value float64, ok bool) {
	t.Helper()
	for line := range strings.Lines(s.metrics.String()) {
		var members map[string]any
		localtest.Must(t, json.Unmarshal([]byte(line), &members))
		if found, is := members[name].(float64); is {
			value, ok = found, true
		}
	}
	return value, ok
}

// A POST is answered with 200 although nothing empties the queue. The schedule notices that its lines are not stored.
func TestAQueueThatNothingEmptiesIsNoticed(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	d, _, err := s.Put(t.Context(), "shop", drain.Patch{})
	localtest.Must(t, err)
	client := lambda.NewFromConfig(s.server.Config())
	_, err = client.UpdateEventSourceMapping(t.Context(), &lambda.UpdateEventSourceMappingInput{UUID: &d.EventSource.UUID, Enabled: aws.Bool(false)})
	localtest.Must(t, err)
	localtest.Eventually(t, "the mapping is disabled", func() bool {
		now, err := s.Get(t.Context(), "shop")
		localtest.Must(t, err)
		return now.State == drain.Disabled
	})
	if status := post(t, d.DrainURL, body); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	s.server.Advance(stack.OldMessage + stack.QueueCheckInterval)
	payload, err := json.Marshal(map[string]string{"routeKey": stack.RouteCheckQueues})
	localtest.Must(t, err)
	out, err := client.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("heroku-drains"), Payload: payload})
	localtest.Must(t, err)
	if out.FunctionError != nil {
		t.Fatalf("the check failed: %s", out.Payload)
	}
	if age, _ := s.measured(t, stack.MetricOldestMessage); age < stack.OldMessage.Seconds() {
		t.Errorf("the oldest message is %.0f s old, too young for the alarm", age)
	}
}

func TestRefusedPostsOfAnAppWithADrainAreNoticed(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	d, _, err := s.Put(t.Context(), "shop", drain.Patch{})
	localtest.Must(t, err)
	stranger := strings.ReplaceAll(d.DrainURL, "shop", "stranger")
	if status := post(t, stranger, body); status != http.StatusUnauthorized {
		t.Fatalf("status %d", status)
	}
	if _, counted := s.measured(t, stack.MetricPostsRefused); counted {
		t.Error("a POST for an app without a drain was counted")
	}
	s.server.Advance(time.Minute)
	for _, url := range []string{strings.Replace(d.DrainURL, "shop:", "shop:not", 1), strings.Replace(d.DrainURL, "shop:", "blog:", 1)} {
		s.metrics.Reset()
		if status := post(t, url, body); status != http.StatusUnauthorized {
			t.Fatalf("status %d", status)
		}
		if n, counted := s.measured(t, stack.MetricPostsRefused); !counted || n != 1 {
			t.Errorf("counted %.0f", n)
		}
	}
	_, err = s.Delete(t.Context(), "shop", drain.DeleteOptions{})
	localtest.Must(t, err)
	s.metrics.Reset()
	if status := post(t, d.DrainURL, body); status != http.StatusNotFound {
		t.Fatalf("status %d", status)
	}
	if _, counted := s.measured(t, stack.MetricPostsRefused); !counted {
		t.Error("a POST for a deleted drain was not counted")
	}
}
