package sns

import (
	"cmp"
	"slices"
	"time"

	"heroku-drains/lib/local/awslocal/internal/journal"
)

const (
	keyTopic        = "sns/topic/"        // and the ARN
	keySubscription = "sns/subscription/" // and the ARN
)

// topicRecord is a topic as the journal keeps it.
type topicRecord struct {
	Name, DisplayName    string
	DeletedSubscriptions int
}

// subscriptionRecord is a subscription as the journal keeps it.
type subscriptionRecord struct {
	Number                               int
	Topic, Protocol, Endpoint, Principal string
	Confirmed, Raw                       bool
	Created                              time.Time
}

// Key implements journal.Entity.
func (t *topic) Key() string { return keyTopic + t.arn }

// Record implements journal.Entity.
func (t *topic) Record() any {
	return topicRecord{Name: t.name, DisplayName: t.displayName, DeletedSubscriptions: t.deletedSubscriptions}
}

// Key implements journal.Entity.
func (sub *subscription) Key() string { return keySubscription + sub.arn }

// Record implements journal.Entity.
func (sub *subscription) Record() any {
	return subscriptionRecord{
		Number: sub.number, Topic: sub.topic, Protocol: sub.protocol, Endpoint: sub.endpoint, Principal: sub.principal,
		Confirmed: sub.confirmed, Raw: sub.raw, Created: sub.created,
	}
}

// restore reads the topics and their subscriptions from the journal.
func (s *Service) restore() error {
	err := journal.Each(s.config.Journal, keyTopic, func(arn string, r *topicRecord) error {
		s.topics[arn] = &topic{name: r.Name, arn: arn, displayName: r.DisplayName, deletedSubscriptions: r.DeletedSubscriptions}
		return nil
	})
	if err != nil {
		return err
	}
	err = journal.Each(s.config.Journal, keySubscription, func(arn string, r *subscriptionRecord) error {
		s.subscriptions = append(s.subscriptions, &subscription{
			number: r.Number, arn: arn, topic: r.Topic, protocol: r.Protocol, endpoint: r.Endpoint, principal: r.Principal,
			confirmed: r.Confirmed, raw: r.Raw, created: r.Created,
		})
		return nil
	})
	slices.SortStableFunc(s.subscriptions, func(a, b *subscription) int { return cmp.Compare(a.number, b.number) })
	if n := len(s.subscriptions); n > 0 {
		s.numbered = s.subscriptions[n-1].number
	}
	return err
}

// Entities is a journal.Source.
func (s *Service) Entities(save func(journal.Entity)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropUnconfirmed()
	for _, t := range s.topics {
		save(t)
	}
	for _, sub := range s.subscriptions {
		save(sub)
	}
}
