// Package message writes notifications for people and for programs: the subject and the text of a mail, the short text of an SMS, what Amazon Q in
// chat applications shows in Slack and Teams, and JSON.
package message

import (
	"encoding/json"
	"fmt"
	"strings"

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

// maxBody is the size of a body, in bytes: SNS takes 256 KB with the attributes.
const maxBody = 255 * 1024

// Write writes a notification for all protocols. Mail gets text. What programs read, which is SQS, Lambda, Firehose, HTTP and mail as JSON, gets the
// JSON of the notification. HTTPS gets the schema of Amazon Q in chat applications, which subscribes with HTTPS, with that JSON in it: see chat.
//
// A usual notification has about 20 KB. If one is too large, which takes texts that consist of quotes, it is written with fewer details.
func Write(n alert.Notification) (Message, error) {
	body, err := bodyOf(n)
	for err == nil && len(body) > maxBody && lighten(&n) {
		body, err = bodyOf(n)
	}
	if err != nil {
		return Message{}, fmt.Errorf("write a notification for SNS: %w", err)
	}
	m := Message{Subject: n.Subject, Body: body, Attributes: map[string]string{}}
	for name, value := range map[string]string{"event": string(n.Event), "app": n.App, "rule": n.Rule, "level": string(n.Level)} {
		if value != "" {
			m.Attributes[name] = value
		}
	}
	return m, nil
}

// bodyOf returns the body of a notification.
func bodyOf(n alert.Notification) (string, error) {
	forPrograms, err := compact(n)
	if err != nil {
		return "", err
	}
	forChat, err := compact(chatOf(n, forPrograms))
	if err != nil {
		return "", err
	}
	return compact(map[string]string{
		"default":    mail(n),
		"sms":        n.Subject,
		"sqs":        forPrograms,
		"lambda":     forPrograms,
		"firehose":   forPrograms,
		"email-json": forPrograms,
		"http":       forPrograms,
		"https":      forChat,
	})
}

// shortText is the length, in bytes, of texts of a rule that are too long.
const shortText = 500

// lighten removes details from a notification. It returns false if there are none.
func lighten(n *alert.Notification) bool {
	switch {
	case len(n.Alerts) > 1:
		n.Alerts = n.Alerts[:len(n.Alerts)/2]
	case len(n.Samples) > 1:
		n.Samples = n.Samples[:len(n.Samples)/2]
	case len(n.Affected) > 1:
		n.Affected = n.Affected[:len(n.Affected)/2]
	case len(n.Description)+len(n.Advice)+len(n.Title) > 3*shortText:
		n.Description, n.Advice, n.Title = cut(n.Description, shortText), cut(n.Advice, shortText), cut(n.Title, shortText)
	default:
		return false
	}
	return true
}

// compact returns the JSON of v, in which <, > and & are not escaped: JSON in JSON in JSON becomes long.
func compact(v any) (string, error) {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}
