package awslocal_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// TestFaultsOfDynamoDBAndSNS checks that faults reach the clients in the protocols of these services, and that a call whose answer is lost has been made.
func TestFaultsOfDynamoDBAndSNS(t *testing.T) {
	t.Parallel()
	type calls struct {
		call func(context.Context) error
		done func(*testing.T) bool // whether the call has been made
	}
	services := []struct {
		name, operation string
		start           func(t *testing.T, b backend, once aws.Config) calls
	}{
		{"dynamodb", "PutItem", func(t *testing.T, b backend, once aws.Config) calls {
			tt, client := newTable(t, b), dynamodb.NewFromConfig(once)
			return calls{
				call: func(ctx context.Context) error {
					_, err := client.PutItem(ctx, &dynamodb.PutItemInput{TableName: tt.name, Item: key("shop", "k")})
					return err
				},
				done: func(t *testing.T) bool { return tt.get(t, key("shop", "k")) != nil },
			}
		}},
		{"sns", "Publish", func(t *testing.T, b backend, once aws.Config) calls {
			tt, client := newTopic(t, b), sns.NewFromConfig(once)
			var published atomic.Bool
			b.server.OnPublish(func(awslocal.Publication) { published.Store(true) })
			return calls{
				call: func(ctx context.Context) error {
					_, err := client.Publish(ctx, &sns.PublishInput{TopicArn: tt.arn, Message: aws.String("x")})
					return err
				},
				done: func(*testing.T) bool { return published.Load() },
			}
		}},
	}
	faults := []struct {
		name  string
		fault awslocal.Fault
		code  string // empty: the client gets no answer
		done  bool
	}{
		{"throttled", awslocal.Fault{Status: http.StatusBadRequest, Code: "ThrottlingException", Message: "Rate exceeded"}, "ThrottlingException", false},
		{"unavailable", awslocal.Fault{Status: http.StatusServiceUnavailable, Code: "ServiceUnavailable"}, "ServiceUnavailable", false},
		{"dropped before the work", awslocal.Fault{Drop: awslocal.DropBefore}, "", false},
		{"dropped after the work", awslocal.Fault{Drop: awslocal.DropAfter}, "", true},
	}
	for _, s := range services {
		for _, f := range faults {
			t.Run(s.name+" "+f.name, func(t *testing.T) {
				t.Parallel()
				b := startBackend(t)
				once := b.config
				once.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
				c := s.start(t, b, once)
				f.fault.Service, f.fault.Operation = s.name, s.operation
				remove := b.server.Inject(f.fault)
				switch err := c.call(t.Context()); {
				case f.code != "":
					wantCode(t, err, f.code)
				case err == nil:
					t.Error("the call succeeded")
				}
				if done := c.done(t); done != f.done {
					t.Errorf("done: %t, want %t", done, f.done)
				}
				remove()
				localtest.Must(t, c.call(t.Context()))
			})
		}
	}
}
