package message_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/message"
	"heroku-drains/lib/stack"
)

// The local system has no console to link to, but a command shows its lines.
func TestMailOfTheLocalSystemHasTheCommand(t *testing.T) {
	at := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	composer := message.Composer{Stack: stack.DefaultName, Region: "us-east-1", Account: stack.LocalAccountID}
	rule, _ := alert.Defaults().Rule("shop", "H12")
	written, err := message.Write(composer.Alert(message.Facts{Event: alert.Firing, ID: "a-firing", Time: at, App: "shop", Rule: rule, Since: at, Last: at, Lines: 5}))
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal([]byte(written.Body), &texts); err != nil {
		t.Fatal(err)
	}
	const want = "\nShow the lines\n  heroku-drains-cli --local logs -a shop --since 2026-11-27T12:00:00Z --until 2026-11-27T12:01:00Z\n\n"
	if !strings.Contains(texts["default"], want) {
		t.Errorf("the mail lacks %q:\n%s", want, texts["default"])
	}
}

func TestCommandsNameTheAddressesOfTheLocalSystem(t *testing.T) {
	rule, _ := alert.Defaults().Rule("shop", "H12")
	facts := message.Facts{Event: alert.Firing, ID: "a-firing", App: "shop", Rule: rule}
	for addresses, want := range map[[2]string]string{
		{"http://127.0.0.1:8080", "http://127.0.0.1:4566"}: "heroku-drains-cli --local logs -a shop ",
		{"http://127.0.0.1:9080", "http://127.0.0.1:4566"}: "heroku-drains-cli --local --local-api-url http://127.0.0.1:9080 logs -a shop ",
		{"http://[::1]:8080", "http://127.0.0.1:9566"}:     "heroku-drains-cli --local --local-api-url http://[::1]:8080 --local-aws-url http://127.0.0.1:9566 logs -a shop ",
	} {
		composer := message.Composer{Account: stack.LocalAccountID, Program: "heroku-drains-cli " + stack.LocalFlags(addresses[0], addresses[1])}
		if got := composer.Alert(facts).Command; !strings.HasPrefix(got, want) {
			t.Errorf("%v: the command is %q", addresses, got)
		}
	}
}
