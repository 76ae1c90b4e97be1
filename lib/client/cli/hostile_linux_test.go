package cli_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// hostileText has what a terminal would act on: a title, the clipboard (OSC 52), a hyperlink (OSC 8), a report, C1 controls, a carriage return,
// changes of direction, and characters that are not seen.
const hostileText = "\x1b]0;evil\a\x1b]52;c;ZXZpbA==\a\x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\\x1b[6n\x1b[2J\x1bP+q\x1b\\ \u009b2J\u009d0;evil\u009c \rover \u202etxt\u202c \u2066x\u2069 a\u200bb\ufeff \U000e0041"

// hostileLetters is what of it SQS takes. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
const hostileLetters = "\u009b2J\u009d0;evil\u009c \rover \u202etxt\u202c \u2066x\u2069 a\u200bb\ufeff \U000e0041"

// shown matches what may reach a terminal besides text: newlines of the terminal driver, colors, and what a spinner does to its line and the cursor.
var shown = regexp.MustCompile("\r|\x1b\\[K|\x1b\\[\\?25[hl]|\x1b\\[[0-9;:]*m")

// invisible matches what must not.
var invisible = regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{200b}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{feff}\x{e0000}-\x{e007f}]`)

// wantTame runs a command line on a terminal, and checks that the terminal gets nothing of what it was given but text.
func wantTame(t *testing.T, args ...string) string {
	t.Helper()
	_, printed := onTerminal(t, nil, args...)
	line := strings.Join(args[min(5, len(args)):], " ") // without the flags of the system
	if strings.Contains(printed, "\rover") {
		t.Errorf("%s: a carriage return in %.3000q", line, printed)
	}
	rest := shown.ReplaceAllString(printed, "")
	if bad := invisible.FindString(rest); bad != "" || !utf8.ValidString(rest) {
		t.Errorf("%s: %q, or bytes that are not UTF-8, in %.3000q", line, bad, printed)
	}
	return printed
}

// Whatever lines, dead letters and errors of AWS contain, no verb makes a terminal obey it.
func TestNoVerbMakesATerminalObey(t *testing.T) {
	skipWithRaceDetector(t)
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	s := newSystem(t)
	s.must("put", "-a", "shop")
	now := time.Now()
	const id = "8601b555-6a83-4c12-8269-97c8e32cdb22"
	s.store(now, "app[web.1]: "+hostileText)
	s.store(now, `app[web.1]: {"level":"error","msg":`+strconv.Quote("\u009b2J\u202e")+`,"`+"\u202e"+`":1}`)
	s.store(now, "app\u009b2J[web\u202e.1]: x [host \u009b2J]")
	s.store(now, `heroku[router]: at=error code=H12 desc="`+hostileText+`" method=GET path="/`+hostileText+`" host=x request_id=`+id+` fwd="1" dyno=web.1 connect=1ms service=1ms status=503 bytes=0 protocol=https`)
	s.store(now, "app[web.1]: request "+id+hostileText)

	s.addDeadLetter("docs", webLine(hostileText), "<999>1 \x1b[2J\u202e shield\u009b2J app\x1b[2J web\u202e.1 - - x\n", hostileText)
	s.addUnreadable(hostileLetters)
	s.addUnreadable(`{"version":1,"app":` + strconv.Quote("evil"+hostileLetters) + `,"frame_id":"` + "\u009b" + `","part":2,"parts":1}`)
	for _, header := range []envelope.Header{
		{App: "evil\x1b[2J\u202e", FrameID: hostileText, DrainToken: hostileText, RequestID: hostileText, ReceivedAt: now}, {App: "blog", ReceivedAt: now},
	} {
		messages, err := envelope.Seal(header, "83 <40>1 2012-11-30T06:45:29+00:00 host app web.3 - "+hostileText, false)
		localtest.Must(t, err)
		s.addUnreadable(messages[0])
	}
	lines := []string{
		"logs -a shop", "logs -a shop --json", "logs -a shop --output json", "logs -a shop --filter evil", "logs -a shop --level error", "trace -a shop " + id, "trace -a shop --output json " + id,
		"redrive --list", "redrive --list --output json", "redrive --save -", "redrive --dry-run", "redrive -a blog", "redrive --discard unreadable", "redrive --discard unreadable --dry-run",
		"get -a shop", "list", "doctor", "doctor -a shop", "alerts list", "sync --init", "ledger -a shop", "ledger -a shop --output json", "cost", "logs -a shop --duplicates",
		"get -a " + hostileText, "logs -a shop --filter " + "\u009b2J\u202e", "alerts check /no/" + hostileText, "alerts mute -a shop --rule " + hostileText, "sync /no/" + hostileText, hostileText,
	}
	for _, line := range lines {
		wantTame(t, s.local(fields(line)...)...)
	}
	if printed := wantTame(t, s.local("logs", "-a", "shop")...); !strings.Contains(printed, "␛]52;c;") || !strings.Contains(printed, "H12") {
		t.Errorf("logs shows %q", printed)
	}
	if printed := wantTame(t, s.local("redrive", "--list")...); !strings.Contains(printed, "␛]52;c;") {
		t.Errorf("redrive --list shows %q", printed)
	}

	for call, lines := range map[[2]string][]string{
		{"sqs", "ReceiveMessage"}:   {"redrive --list", "redrive -a blog"},
		{"logs", "FilterLogEvents"}: {"logs -a shop", "trace -a shop " + id, "logs -a shop --tail"},
		{"execute-api", ""}:         {"get -a shop", "list", "logs -a shop", "doctor", "alerts list", "alerts rules", "delete -a shop --yes"},
	} {
		remove := s.AWS.Inject(awslocal.Fault{Service: call[0], Operation: call[1], Status: http.StatusForbidden, Code: "Evil\u202e", Message: hostileText})
		for _, line := range lines {
			wantTame(t, s.local(strings.Fields(line)...)...)
		}
		remove()
	}
}

// fields is strings.Fields, except that hostileText remains one.
func fields(line string) []string {
	before, after, found := strings.Cut(line, hostileText)
	all := strings.Fields(before)
	if !found {
		return all
	}
	if strings.HasSuffix(before, " ") || before == "" {
		return append(all, hostileText+after)
	}
	all[len(all)-1] += hostileText + after
	return all
}

// Nor do the answers of an API that is not ours, or those of Heroku.
func TestNoAnswerMakesATerminalObey(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	evil := strconv.QuoteToASCII(strings.ReplaceAll(hostileText, "\U000e0041", ""))
	evil = strings.NewReplacer(`\a`, `\u0007`, `\x1b`, `\u001b`, `\x9b`, `\u009b`).Replace(evil)
	drain := fmt.Sprintf(`{"app":%[1]s,"state":%[1]s,"settings":{"format":%[1]s,"ansi":%[1]s},"log_group":%[1]s,"log_stream":%[1]s,
		"queue":{"name":%[1]s,"url":%[1]s,"arn":%[1]s},"event_source":{"uuid":%[1]s,"state":%[1]s},"drain_url":%[1]s}`, evil)
	alert := fmt.Sprintf(`{"data":[{"app":%[1]s,"rule":%[1]s,"title":%[1]s,"level":%[1]s,"state":%[1]s,"since":"2026-11-20T12:00:00Z"}]}`, evil)
	rules := fmt.Sprintf(`{"data":[{"kind":%[1]s,"name":%[1]s,"title":%[1]s,"level":%[1]s,"description":%[1]s,"off":%[1]s}]}`, evil)
	refusal := fmt.Sprintf(`{"error":{"code":%[1]s,"message":%[1]s,"request_id":%[1]s}}`, evil)
	one, several := `{"data":`+drain+`}`, `{"data":[`+drain+`]}`
	for body, lines := range map[string][]string{
		one:                        {"get -a shop", "put -a shop --no-verify --timeout 1ms"},
		several:                    {"list", "sync --init"},
		alert:                      {"alerts list"},
		rules:                      {"alerts rules"},
		hostileText:                {"get -a shop", "list"},
		`{"message":` + evil + `}`: {"get -a shop"},
	} {
		for _, line := range lines {
			api := newFakeAPI(t, answer{status: http.StatusOK, body: body})
			wantTame(t, api.local(strings.Fields(line)...)...)
			wantTame(t, api.local(append(strings.Fields(line), "--output", "json")...)...)
		}
	}
	for _, status := range []int{http.StatusNotFound, http.StatusBadRequest} {
		for _, line := range []string{"get -a shop", "list", "alerts list", "delete -a shop --yes", "put -a shop"} {
			wantTame(t, newFakeAPI(t, answer{status: status, body: refusal}).local(strings.Fields(line)...)...)
		}
	}
}

// Nor do the names and errors of Heroku.
func TestHerokuMakesNoTerminalObey(t *testing.T) {
	skipWithRaceDetector(t)
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	f := newFleet(t, "shop")
	f.heroku.AddApp(herokufake.App{Name: "evil" + hostileText, Team: "crew"})
	f.heroku.AddApp(herokufake.App{Name: "team-app", Team: "crew"})
	f.heroku.AddDrain("shop", herokufake.Drain{URL: "https://x/?" + hostileText, AddOn: hostileText, Token: hostileText})
	lines := []string{"list", "get -a shop", "doctor", "doctor -a shop", "sync --team crew --dry-run", "sync --team crew --dry-run --output json", "delete --all --dry-run", "put -a shop --dry-run", "rotate --dry-run"}
	for _, line := range lines {
		wantTame(t, f.local(strings.Fields(line)...)...)
	}
	for _, status := range []int{401, 403, 404, 422} {
		remove := f.heroku.Inject(herokufake.Fault{Status: status, ID: "evil" + hostileText, Message: hostileText})
		for _, line := range lines {
			wantTame(t, f.local(strings.Fields(line)...)...)
		}
		remove()
	}
}
