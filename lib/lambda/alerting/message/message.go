// Package message writes notifications for people and for programs: the subject and the text of a mail, the short text of an SMS, what Amazon Q in
// chat applications shows in Slack and Teams, and JSON.
package message

import (
	"encoding/json"
	"fmt"

	"heroku-drains/lib/alert"
)

// Message is a notification as SNS takes it.
type Message struct {
	Subject string
	// Body is the JSON of MessageStructure "json": a text for each protocol. Together they must not exceed 256 KB.
	// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
	Body string
	// Attributes are for the filter policies of subscriptions: event, app, rule and level, without those that are empty.
	// https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
	Attributes map[string]string
}

// Write writes a notification for all protocols. Mail gets text. What programs read, which is SQS, Lambda, Firehose and mail as JSON, gets the JSON
// of the notification. HTTP and HTTPS get the schema of Amazon Q in chat applications, which subscribes with HTTPS, with that JSON in it: see chat.
func Write(n alert.Notification) (Message, error) {
	forPrograms, err := json.Marshal(n)
	if err != nil {
		return Message{}, fmt.Errorf("write a notification as JSON: %w", err)
	}
	forChat, err := json.Marshal(chatOf(n, string(forPrograms)))
	if err != nil {
		return Message{}, fmt.Errorf("write a notification for chat: %w", err)
	}
	body, err := json.Marshal(map[string]string{
		"default":    mail(n),
		"sms":        n.Subject,
		"sqs":        string(forPrograms),
		"lambda":     string(forPrograms),
		"firehose":   string(forPrograms),
		"email-json": string(forPrograms),
		"http":       string(forChat),
		"https":      string(forChat),
	})
	if err != nil {
		return Message{}, fmt.Errorf("write a notification for SNS: %w", err)
	}
	m := Message{Subject: n.Subject, Body: string(body), Attributes: map[string]string{}}
	for name, value := range map[string]string{"event": string(n.Event), "app": n.App, "rule": n.Rule, "level": string(n.Level)} {
		if value != "" {
			m.Attributes[name] = value
		}
	}
	return m, nil
}
