package cli_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/stack"
)

func TestRedriveListOnATerminal(t *testing.T) {
	t.Setenv("TERM", "xterm")
	s := newSystem(t)
	s.addDeadLetter("blog", webLine("hi \x1b[2J"))
	for _, noColor := range []string{"", "1"} {
		t.Setenv("NO_COLOR", noColor)
		code, printed := onTerminal(t, nil, s.local("redrive", "--list")...)
		if code != 0 || !strings.Contains(printed, " hi ␛[2J") || strings.Contains(printed, "\x1b[36m") != (noColor == "") {
			t.Errorf("exit code %d, NO_COLOR=%q, printed %q", code, noColor, printed)
		}
	}
}

// The heading is from elsewhere, too: a message can name any app, and any reason why it cannot be opened.
func TestRedriveListHeadingOnATerminal(t *testing.T) {
	t.Setenv("TERM", "xterm")
	s := newSystem(t)
	const evil = "\u202e\u009b2J"
	sealed, err := envelope.Seal(envelope.Header{App: "shop" + evil, ReceivedAt: time.Now()}, string(logplex.AppendFrame(nil, []byte(webLine("hi")))), false)
	if err != nil {
		t.Fatal(err)
	}
	url := s.AWS.AWSURL() + "/000000000000/" + stack.LocalDeadLetterQueue
	for _, message := range []string{sealed[0], strings.Replace(sealed[0], `"encoding":"base64"`, `"encoding":"`+evil+`"`, 1)} {
		if _, err := sqs.NewFromConfig(s.AWS.Config()).SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &message}); err != nil {
			t.Fatal(err)
		}
	}
	code, printed := onTerminal(t, nil, s.local("redrive", "--list")...)
	if code != 0 || strings.ContainsAny(printed, "\u202e\u009b") || !strings.Contains(printed, `"encoding":"��2J"`) {
		t.Errorf("exit code %d, printed %q", code, printed)
	}
}
