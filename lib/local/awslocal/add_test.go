package awslocal_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// What is added in this process is what the operations of AWS would have made of it.
func TestAddTable(t *testing.T) {
	t.Parallel()
	s := localtest.StartAWS(t, awslocal.Options{TransitionTime: time.Hour})
	s.Advance(time.Second) // test/moto replays recorded calls until then: it cannot know of the table
	client := dynamodb.NewFromConfig(s.Config())
	table := awslocal.Table{Name: "states", Keys: []string{"app", "rule"}, Expires: "expires"}
	item := map[string]types.AttributeValue{"app": &types.AttributeValueMemberS{Value: "shop"}, "rule": &types.AttributeValueMemberS{Value: "H12"}}
	for range 2 {
		localtest.Must(t, s.AddTable(table))
		found, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("states")})
		localtest.Must(t, err)
		d := found.Table
		if d.TableStatus != types.TableStatusActive || d.BillingModeSummary.BillingMode != types.BillingModePayPerRequest || len(d.KeySchema) != 2 ||
			*d.KeySchema[0].AttributeName != "app" || d.KeySchema[0].KeyType != types.KeyTypeHash || d.KeySchema[1].KeyType != types.KeyTypeRange {
			t.Errorf("%+v", d)
		}
		expiry, err := client.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: aws.String("states")})
		localtest.Must(t, err)
		if e := expiry.TimeToLiveDescription; e.TimeToLiveStatus != types.TimeToLiveStatusEnabled || *e.AttributeName != "expires" {
			t.Errorf("%+v", e)
		}
		_, err = client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("states"), Item: item})
		localtest.Must(t, err)
	}
	got, err := client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("states"), Key: item, ConsistentRead: aws.Bool(true)})
	localtest.Must(t, err)
	if len(got.Item) != 2 {
		t.Errorf("the item is %v", got.Item)
	}
	for _, wrong := range []awslocal.Table{{Name: "a", Keys: table.Keys}, {Name: "none"}, {Name: "three", Keys: []string{"a", "b", "c"}}, {Name: "twice", Keys: []string{"a", "a"}}} {
		if s.AddTable(wrong) == nil {
			t.Errorf("%+v was accepted", wrong)
		}
	}
}

func TestAddTopic(t *testing.T) {
	t.Parallel()
	s := localtest.StartAWS(t, awslocal.Options{})
	added, err := s.AddTopic("alerts")
	localtest.Must(t, err)
	created, err := sns.NewFromConfig(s.Config()).CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String("alerts")})
	localtest.Must(t, err)
	if added != *created.TopicArn {
		t.Errorf("%s and %s", added, *created.TopicArn)
	}
	if _, err := s.AddTopic("no name"); err == nil {
		t.Error("a name with a space was accepted")
	}
}
