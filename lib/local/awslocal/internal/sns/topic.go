package sns

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/awsquery"
	"heroku-drains/lib/local/awslocal/internal/journal"
)

// topic is one topic. The Service's lock guards it.
type topic struct {
	name, arn, displayName string
	deletedSubscriptions   int
}

// topicName matches names: "only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters
// long". https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
var topicName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// maxDisplayName is the longest display name, in characters.
// https://docs.aws.amazon.com/sns/latest/dg/sns-create-topic.html
const maxDisplayName = 100

type topicARN struct{ TopicArn string }

// createTopic creates a topic, or returns the ARN of the one with that name.
func (s *Service) createTopic(_ context.Context, in *awsquery.Request) (any, error) {
	name, attributes := in.Get("Name"), in.Map("Attributes")
	if err := onlyKnown(in); err != nil {
		return nil, err
	}
	return s.addTopic(name, attributes)
}

// AddTopic does in this process what CreateTopic does without attributes, and returns the ARN.
func (s *Service) AddTopic(name string) (arn string, err error) {
	created, err := s.addTopic(name, nil)
	return created.TopicArn, err
}

func (s *Service) addTopic(name string, attributes map[string]string) (created topicARN, err error) {
	switch {
	case strings.HasSuffix(name, ".fifo"):
		return created, invalid("Topic Name Reason: the embedded AWS does not implement FIFO topics")
	case !topicName.MatchString(name):
		return created, invalid("Topic Name")
	}
	for attribute := range attributes {
		if attribute != "DisplayName" {
			return created, invalid("Attributes Reason: Unknown attribute %s", attribute)
		}
	}
	display, named := attributes["DisplayName"]
	if len([]rune(display)) > maxDisplayName {
		return created, invalid("DisplayName")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	arn := s.config.Account.ARN("sns", name)
	if existing := s.topics[arn]; existing != nil {
		if named && existing.displayName != display {
			return created, invalid("Attributes Reason: Topic already exists with different attributes")
		}
		return topicARN{TopicArn: arn}, nil
	}
	added := &topic{name: name, arn: arn, displayName: display}
	s.topics[arn] = added
	s.config.Journal.Save(added)
	return topicARN{TopicArn: arn}, nil
}

// checkARN rejects what is not an ARN of a topic of this Region.
func (s *Service) checkARN(parameter, arn string) error {
	parts := strings.Split(arn, ":")
	switch {
	case len(parts) < 6:
		return invalid("%s Reason: An ARN must have at least 6 elements, not %d", parameter, len(parts))
	case !awsapi.HasService(arn, "sns") || parts[3] != s.config.Account.Region:
		return invalid("%s", parameter)
	}
	return nil
}

// find returns the topic with an ARN. The Service must be locked.
func (s *Service) find(arn string) (*topic, error) {
	if err := s.checkARN("TopicArn", arn); err != nil {
		return nil, err
	}
	t := s.topics[arn]
	if t == nil {
		return nil, notFound("Topic does not exist")
	}
	return t, nil
}

// deleteTopic deletes a topic and its subscriptions. "This action is idempotent, so deleting a topic that does not exist does not result in an error."
// https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html
func (s *Service) deleteTopic(_ context.Context, in *awsquery.Request) (any, error) {
	arn := in.Get("TopicArn")
	if err := onlyKnown(in); err != nil {
		return nil, err
	}
	if err := s.checkARN("TopicArn", arn); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.topics, arn)
	s.drop(func(sub *subscription) bool { return sub.topic == arn }, journal.Gone(keyTopic+arn))
	return nil, nil
}

// entry is an entry of a map in a response.
type entry struct {
	Key   string `xml:"key"`
	Value string `xml:"value"`
}

type attributes struct {
	Attributes []entry `xml:"Attributes>entry"`
}

func (a *attributes) add(key, value string) {
	a.Attributes = append(a.Attributes, entry{Key: key, Value: value})
}

// getTopicAttributes returns what is known of a topic.
// https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
func (s *Service) getTopicAttributes(_ context.Context, in *awsquery.Request) (any, error) {
	arn := in.Get("TopicArn")
	if err := onlyKnown(in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.find(arn)
	if err != nil {
		return nil, err
	}
	pending, confirmed := 0, 0
	for _, sub := range s.of(arn) {
		if sub.confirmed {
			confirmed++
		} else {
			pending++
		}
	}
	policy, err := s.defaultPolicy(arn)
	if err != nil {
		return nil, err
	}
	a := &attributes{}
	a.add("TopicArn", arn)
	a.add("Owner", s.config.Account.ID)
	a.add("DisplayName", t.displayName)
	a.add("Policy", policy)
	a.add("SubscriptionsPending", strconv.Itoa(pending))
	a.add("SubscriptionsConfirmed", strconv.Itoa(confirmed))
	a.add("SubscriptionsDeleted", strconv.Itoa(t.deletedSubscriptions))
	return a, nil
}

// defaultPolicy returns the policy that a topic has at first: its own account may do everything.
// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
func (s *Service) defaultPolicy(arn string) (string, error) {
	var actions []string
	for _, action := range []string{"GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic", "Subscribe",
		"ListSubscriptionsByTopic", "Publish"} {
		actions = append(actions, "SNS:"+action)
	}
	policy, err := json.Marshal(map[string]any{
		"Version": "2008-10-17", "Id": "__default_policy_ID",
		"Statement": []map[string]any{{
			"Sid": "__default_statement_ID", "Effect": "Allow", "Principal": map[string]string{"AWS": "*"}, "Action": actions, "Resource": arn,
			"Condition": map[string]any{"StringEquals": map[string]string{"AWS:SourceOwner": s.config.Account.ID}},
		}},
	})
	if err != nil {
		return "", fmt.Errorf("write the policy of %s: %w", arn, err)
	}
	return string(policy), nil
}
