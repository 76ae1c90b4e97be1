package cli

import (
	"encoding/json"

	"github.com/fatih/color"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/local/awslocal"
)

// showNotification writes what an email subscriber of the local system's alerts topic would get to stderr.
func (s *session) showNotification(p awslocal.Publication) {
	var n alert.Notification
	_ = json.Unmarshal([]byte(p.MessageFor("sqs")), &n) // something else that was published has no event
	s.NoteFrame(eventColor(n.Event), p.Subject, p.MessageFor("email"))
}

// eventColor returns the color of a notification.
func eventColor(event alert.Event) color.Attribute {
	switch event {
	case alert.Firing, alert.Digest:
		return color.FgRed
	case alert.Resolved:
		return color.FgGreen
	}
	return color.FgCyan
}
