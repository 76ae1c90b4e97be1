package sns

import (
	"context"
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/awsquery"
)

// pageSize: "Each call returns a limited list of topics, up to 100", and of subscriptions as well.
// https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html
const pageSize = 100

// page returns a page of elements, which are sorted by their IDs, and the token of the next one, "" if there is none.
func page[E any](all []E, id func(E) string, token string) (found []E, next string, err error) {
	from := 0
	if token != "" {
		last, err := base64.StdEncoding.DecodeString(token)
		if err != nil {
			return nil, "", invalid("NextToken")
		}
		from, _ = slices.BinarySearchFunc(all, string(last), func(e E, last string) int {
			if id(e) <= last {
				return -1
			}
			return 1
		})
	}
	found = all[from:]
	if len(found) > pageSize {
		found = found[:pageSize]
		next = base64.StdEncoding.EncodeToString([]byte(id(found[pageSize-1])))
	}
	return found, next, nil
}

type topicList struct {
	Topics    []topicARN `xml:"Topics>member"`
	NextToken string     `xml:",omitempty"`
}

func (s *Service) listTopics(_ context.Context, in *awsquery.Request) (any, error) {
	token := in.Get("NextToken")
	if err := onlyKnown(in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	arns, next, err := page(slices.Sorted(maps.Keys(s.topics)), func(arn string) string { return arn }, token)
	if err != nil {
		return nil, err
	}
	out := topicList{NextToken: next}
	for _, arn := range arns {
		out.Topics = append(out.Topics, topicARN{TopicArn: arn})
	}
	return out, nil
}

type subscriptionList struct {
	Subscriptions []listedSubscription `xml:"Subscriptions>member"`
	NextToken     string               `xml:",omitempty"`
}

type listedSubscription struct {
	TopicArn, Protocol, SubscriptionArn, Owner, Endpoint string
}

// listSubscriptionsByTopic returns the subscriptions of a topic. Those that nobody has confirmed have no ARN yet.
// https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
func (s *Service) listSubscriptionsByTopic(_ context.Context, in *awsquery.Request) (any, error) {
	arn, token := in.Get("TopicArn"), in.Get("NextToken")
	if err := onlyKnown(in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.find(arn); err != nil {
		return nil, err
	}
	all := s.of(arn)
	slices.SortStableFunc(all, func(a, b *subscription) int { return strings.Compare(a.arn, b.arn) })
	found, next, err := page(all, func(sub *subscription) string { return sub.arn }, token)
	if err != nil {
		return nil, err
	}
	out := subscriptionList{NextToken: next}
	for _, sub := range found {
		listed := listedSubscription{
			TopicArn: arn, Protocol: sub.protocol, SubscriptionArn: sub.arn, Owner: s.config.Account.ID, Endpoint: sub.endpoint,
		}
		if !sub.confirmed {
			listed.SubscriptionArn = "PendingConfirmation"
		}
		out.Subscriptions = append(out.Subscriptions, listed)
	}
	return out, nil
}
