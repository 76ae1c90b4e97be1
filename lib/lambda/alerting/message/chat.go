package message

import (
	"strings"

	"heroku-drains/lib/alert"
)

// chat is a custom notification of Amazon Q in chat applications, which shows it in Slack or Teams.
// https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
//
// Amazon Q subscribes to a topic with HTTPS, like many webhooks, and SNS chooses the text by protocol. So this text must serve both. The page above
// does not say what Amazon Q does with members that its schema does not have, so there are none: what webhooks need is in additionalContext, whose
// keys are free and whose values are texts. Its member "notification" is the JSON of an alert.Notification.
type chat struct {
	Version  string       `json:"version"` // 1.0
	Source   string       `json:"source"`  // custom
	ID       string       `json:"id"`
	Content  chatContent  `json:"content"`
	Metadata chatMetadata `json:"metadata"`
}

type chatContent struct {
	TextType    string   `json:"textType"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	NextSteps   []string `json:"nextSteps,omitempty"`
	Keywords    []string `json:"keywords,omitempty"`
}

type chatMetadata struct {
	ThreadID          string            `json:"threadId"` // the same for the beginning and the end of an alert
	Summary           string            `json:"summary"`
	EventType         string            `json:"eventType"`
	RelatedResources  []string          `json:"relatedResources,omitempty"`
	AdditionalContext map[string]string `json:"additionalContext"`
}

// The length of texts. Slack shortens longer ones.
const (
	maxChatText  = 2500
	maxChatLines = 20 // alerts of a digest
)

// chatOf returns a notification for chat, with its JSON for webhooks.
func chatOf(n alert.Notification, notification string) chat {
	thread, _, _ := strings.Cut(n.ID, "-")
	c := chat{
		Version: "1.0", Source: "custom", ID: n.ID,
		Content: chatContent{
			TextType: "client-markdown", Title: symbol(n) + " " + n.Subject, Description: chatText(n), NextSteps: nextSteps(n),
		},
		Metadata: chatMetadata{
			ThreadID: thread, Summary: n.Subject, EventType: "heroku-drains-" + string(n.Event),
			AdditionalContext: map[string]string{"notification": notification},
		},
	}
	for _, word := range []string{n.App, n.Rule, string(n.Level)} {
		if word != "" {
			c.Content.Keywords = append(c.Content.Keywords, word)
		}
	}
	if n.App != "" {
		c.Metadata.RelatedResources = []string{n.App}
	}
	return c
}

// symbol shows at a glance what a notification says.
func symbol(n alert.Notification) string {
	switch {
	case n.Event == alert.Resolved:
		return "✅"
	case n.Event == alert.Test:
		return "🔔"
	case n.Level == alert.Warning:
		return "⚠️"
	}
	return "🚨"
}

// chatText is the description: the facts, and some lines as code.
func chatText(n alert.Notification) string {
	parts := []string{inert(facts(n))}
	if n.Event != alert.Resolved && n.Description != "" {
		parts = append(parts, inert(n.Description))
	}
	lines := sampleLines(n)
	if len(lines) == 0 {
		lines = digestLines(n)
		lines = lines[:min(len(lines), maxChatLines)]
	}
	if len(lines) > 0 {
		parts = append(parts, "```\n"+cut(inert(strings.Join(lines, "\n")), maxChatText)+"\n```")
	}
	if len(n.Affected) > 0 {
		parts = append(parts, "Most affected: "+inert(n.Affected[0].Name)+", "+plural(n.Affected[0].Lines, unit(n.Kind)))
	}
	if n.Release != nil {
		parts = append(parts, inert(releaseLine(n)))
	}
	return strings.Join(parts, "\n")
}

func nextSteps(n alert.Notification) []string {
	var steps []string
	if n.Event != alert.Resolved && n.Advice != "" {
		steps = append(steps, inert(n.Advice))
	}
	if n.LogsURL != "" {
		steps = append(steps, "Show the lines: "+n.LogsURL)
	}
	if n.Command != "" {
		steps = append(steps, "`"+n.Command+"`")
	}
	return steps
}

// inert returns a text that calls nobody and cannot end a block of code, in Slack and Teams: a line of a log may contain "<!channel>", "@here" or
// backquotes. The characters that have a meaning become others that look like them.
func inert(text string) string {
	return strings.NewReplacer("<", "‹", ">", "›", "`", "ʼ", "@", "@\u2060", "&", "＆").Replace(printableLines(text))
}

func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = printable(lines[i])
	}
	return strings.Join(lines, "\n")
}

// cut shortens a text to about limit bytes, between characters.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "") + "…"
}
