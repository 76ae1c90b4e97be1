package sns

import (
	"context"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/awsquery"
	"heroku-drains/lib/local/awslocal/internal/journal"
)

// subscription is one subscription of a topic. The Service's lock guards it.
type subscription struct {
	number                         int // in the order in which they were made
	arn, topic, protocol, endpoint string
	principal                      string // ARN of the user who has subscribed
	confirmed                      bool
	raw                            bool // the queue gets the message without an envelope
	created                        time.Time
}

// confirmationTime is how long a subscription waits to be confirmed: "Confirmation tokens are valid for two days."
// https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
const confirmationTime = 48 * time.Hour

type subscribeResult struct{ SubscriptionArn string }

// subscribe subscribes a queue, or an e-mail address, whose owner has to confirm that. A subscription that exists is returned.
// https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
func (s *Service) subscribe(ctx context.Context, in *awsquery.Request) (any, error) {
	sub := &subscription{
		topic: in.Get("TopicArn"), protocol: in.Get("Protocol"), endpoint: in.Get("Endpoint"),
		principal: s.config.Account.UserARN(awsapi.Caller(ctx)), created: s.config.Clock.Now(),
	}
	wantARN := in.Get("ReturnSubscriptionArn") == "true"
	given := in.Map("Attributes")
	if err := onlyKnown(in); err != nil {
		return nil, err
	}
	if err := s.checkARN("TopicArn", sub.topic); err != nil {
		return nil, err
	}
	if err := sub.check(); err != nil {
		return nil, err
	}
	if err := sub.set(given); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.find(sub.topic); err != nil {
		return nil, err
	}
	for _, existing := range s.of(sub.topic) {
		if existing.protocol != sub.protocol || existing.endpoint != sub.endpoint {
			continue
		}
		if len(given) > 0 && existing.raw != sub.raw {
			return nil, invalid("Attributes Reason: Subscription already exists with different attributes")
		}
		return subscribeResult{SubscriptionArn: existing.shownARN(wantARN)}, nil
	}
	sub.arn = sub.topic + ":" + awsapi.NewID()
	sub.confirmed = sub.protocol == "sqs" // the queue's owner is the topic's
	s.numbered++
	sub.number = s.numbered
	s.subscriptions = append(s.subscriptions, sub)
	s.config.Journal.Save(sub)
	return subscribeResult{SubscriptionArn: sub.shownARN(wantARN)}, nil
}

// shownARN returns what Subscribe returns: the ARN, if the subscription is confirmed or always is wanted.
func (sub *subscription) shownARN(always bool) string {
	if !sub.confirmed && !always {
		return "pending confirmation"
	}
	return sub.arn
}

func (sub *subscription) check() error {
	switch sub.protocol {
	case "email":
		address, err := mail.ParseAddress(sub.endpoint)
		if err != nil || address.Address != sub.endpoint {
			return invalid("Email address")
		}
	case "sqs":
		parts := strings.Split(sub.endpoint, ":")
		switch {
		case !awsapi.HasService(sub.endpoint, "sqs") || len(parts) != 6:
			return invalid("SQS endpoint ARN")
		case strings.HasSuffix(sub.endpoint, ".fifo"):
			return invalid("Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics")
		}
	case "http", "https", "email-json", "sms", "application", "lambda", "firehose":
		return invalid("Protocol Reason: the embedded AWS does not implement the protocol %s", sub.protocol)
	default:
		return invalid("Amazon SNS does not support this protocol string: %s", sub.protocol)
	}
	return nil
}

// set sets the attributes of a new subscription.
func (sub *subscription) set(given map[string]string) error {
	for name, value := range given {
		switch lower := strings.ToLower(value); {
		case name != "RawMessageDelivery":
			return invalid("Attributes Reason: AttributeName")
		case lower != "true" && lower != "false":
			return invalid("Attributes Reason: RawMessageDelivery: Invalid value [%s]. Must be true or false.", value)
		case sub.protocol != "sqs":
			return invalid("Attributes Reason: RawMessageDelivery: Delivery protocol [%s] does not support raw message delivery.", sub.protocol)
		default:
			sub.raw = lower == "true"
		}
	}
	return nil
}

// of returns the subscriptions of a topic, oldest first. The Service must be locked.
func (s *Service) of(topicARN string) []*subscription {
	s.dropUnconfirmed()
	return slices.DeleteFunc(slices.Clone(s.subscriptions), func(sub *subscription) bool { return sub.topic != topicARN })
}

// dropUnconfirmed removes the subscriptions that nobody has confirmed in time. The Service must be locked.
func (s *Service) dropUnconfirmed() {
	limit := s.config.Clock.Now().Add(-confirmationTime)
	s.drop(func(sub *subscription) bool { return !sub.confirmed && !sub.created.After(limit) })
}

// drop removes subscriptions, and saves what else changes with that. The Service must be locked.
func (s *Service) drop(which func(*subscription) bool, also ...journal.Entity) {
	s.subscriptions = slices.DeleteFunc(s.subscriptions, func(sub *subscription) bool {
		if !which(sub) {
			return false
		}
		also = append(also, journal.Gone(sub.Key()))
		return true
	})
	s.config.Journal.Save(also...)
}

// unsubscribe removes a subscription. It succeeds if there is none.
// https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html
func (s *Service) unsubscribe(_ context.Context, in *awsquery.Request) (any, error) {
	arn := in.Get("SubscriptionArn")
	if err := onlyKnown(in); err != nil {
		return nil, err
	}
	if err := s.checkSubscriptionARN(arn); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.subscriptions, func(sub *subscription) bool { return sub.arn == arn })
	if i >= 0 {
		t := s.topics[s.subscriptions[i].topic]
		t.deletedSubscriptions++
		s.drop(func(sub *subscription) bool { return sub.arn == arn }, t)
	}
	return nil, nil
}

func (s *Service) checkSubscriptionARN(arn string) error {
	if err := s.checkARN("SubscriptionArn", arn); err != nil {
		return err
	}
	if strings.Count(arn, ":") != 6 {
		return invalid("SubscriptionId")
	}
	return nil
}

// getSubscriptionAttributes returns what is known of a subscription.
// https://docs.aws.amazon.com/sns/latest/api/API_GetSubscriptionAttributes.html
func (s *Service) getSubscriptionAttributes(_ context.Context, in *awsquery.Request) (any, error) {
	arn := in.Get("SubscriptionArn")
	if err := onlyKnown(in); err != nil {
		return nil, err
	}
	if err := s.checkSubscriptionARN(arn); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sub := range s.of(arn[:strings.LastIndexByte(arn, ':')]) {
		if sub.arn != arn {
			continue
		}
		a := &attributes{}
		a.add("SubscriptionArn", arn)
		a.add("TopicArn", sub.topic)
		a.add("Protocol", sub.protocol)
		a.add("Endpoint", sub.endpoint)
		a.add("Owner", s.config.Account.ID)
		a.add("SubscriptionPrincipal", sub.principal)
		a.add("PendingConfirmation", strconv.FormatBool(!sub.confirmed))
		a.add("ConfirmationWasAuthenticated", strconv.FormatBool(sub.protocol == "sqs"))
		a.add("RawMessageDelivery", strconv.FormatBool(sub.raw))
		return a, nil
	}
	return nil, notFound("Subscription does not exist")
}

// Confirm confirms the subscriptions of an e-mail address, as its owner does with the link in the message, and returns how many.
func (s *Service) Confirm(address string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropUnconfirmed()
	confirmed := 0
	for _, sub := range s.subscriptions {
		if sub.protocol == "email" && sub.endpoint == address && !sub.confirmed {
			sub.confirmed = true
			s.config.Journal.Save(sub)
			confirmed++
		}
	}
	return confirmed
}
