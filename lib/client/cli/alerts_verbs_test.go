package cli_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/local/localtest"
)

const someAlerts = `{"data":[
	{"app":"shop","rule":"H12","title":"Request timeout","level":"critical","state":"firing","since":"2026-11-27T10:00:00Z",
		"last_line":"2026-11-27T10:05:09Z","lines":45,"told":"2026-11-27T10:00:20Z"},
	{"app":"blog","rule":"R14","title":"Memory quota exceeded","level":"warning","state":"resolved","since":"2026-11-26T08:00:00Z",
		"until":"2026-11-26T09:00:00Z","last_line":"2026-11-26T08:50:00Z","lines":9},
	{"app":"blog","rule":"*","state":"quiet","muted_until":"2026-11-27T12:00:00Z"}]}`

func TestAlertsList(t *testing.T) {
	for name, tt := range map[string]struct {
		args, body, stdout, stderr string
	}{
		"all": {
			body: someAlerts,
			stdout: "" +
				"APP   RULE  STATE     LINES  SINCE                 LAST LINE             TITLE                  MUTED UNTIL\n" +
				"shop  H12   firing    45     2026-11-27T10:00:00Z  2026-11-27T10:05:09Z  Request timeout        -\n" +
				"blog  R14   resolved  9      2026-11-26T08:00:00Z  2026-11-26T08:50:00Z  Memory quota exceeded  -\n" +
				"blog  all   no alert  -      -                     -                     -                      2026-11-27T12:00:00Z\n",
		},
		"of an app": {
			args: "-a shop", body: someAlerts,
			stdout: "" +
				"APP   RULE  STATE   LINES  SINCE                 LAST LINE             TITLE\n" +
				"shop  H12   firing  45     2026-11-27T10:00:00Z  2026-11-27T10:05:09Z  Request timeout\n",
		},
		"none": {
			body:   `{"data":[]}`,
			stderr: "No alert fired in the last 14 days, and none is muted.\n",
		},
		"none of an app": {
			args: "-a news", body: someAlerts,
			stderr: "No alert of news fired in the last 14 days, and none is muted.\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			api := newFakeAPI(t, answer{status: http.StatusOK, body: tt.body})
			got := command(t, nil, append(api.local("alerts", "list"), strings.Fields(tt.args)...)...)
			if diff := cmp.Diff(outcome{0, tt.stdout, tt.stderr}, got, cmp.AllowUnexported(outcome{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	api := newFakeAPI(t, answer{status: http.StatusOK, body: someAlerts})
	got := command(t, nil, api.local("alerts", "list", "-a", "blog", "--output", "json")...)
	var printed alert.Alerts
	localtest.Must(t, json.Unmarshal([]byte(got.stdout), &printed))
	if len(printed.Data) != 2 || printed.Data[0].Rule != "R14" || printed.Data[1].Rule != alert.AnyRule {
		t.Errorf("JSON: %s", got.stdout)
	}
}

func TestAlertsRules(t *testing.T) {
	api := newFakeAPI(t, answer{status: http.StatusOK, body: `{"data":[
		{"name":"H12","kind":"codes","title":"Request timeout","level":"critical","origin":"default","threshold":10,"window":"5m","cooldown":"10m","code":"H12"},
		{"name":"H27","kind":"codes","title":"Client Request Interrupted","level":"warning","off":true,"origin":"default","code":"H27"},
		{"name":"assets","kind":"drop","title":"assets","origin":"alerts.yaml","include_apps":["shop"],"path":"^/assets/","keep":0.01}]}`})
	got := command(t, nil, api.local("alerts", "rules")...)
	want := outcome{0, "" +
		"RULE    KIND   LEVEL     ALERT      APPS  ORIGIN       TITLE                       LINES\n" +
		"H12     codes  critical  10 in 5m   all   default      Request timeout             code H12\n" +
		"H27     codes  warning   off        all   default      Client Request Interrupted  code H27\n" +
		"assets  drop   -         1% stored  shop  alerts.yaml  assets                      path ^/assets/\n", ""}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(outcome{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	ofBlog := command(t, nil, api.local("alerts", "rules", "-a", "blog")...)
	if strings.Contains(ofBlog.stdout, "H27") || strings.Contains(ofBlog.stdout, "assets") || !strings.Contains(ofBlog.stdout, "\nH12 ") {
		t.Errorf("in force for blog:\n%s", ofBlog.stdout)
	}
}

func TestAlertsMute(t *testing.T) {
	const muted = `{"data":{"app":"shop","rule":"H12","title":"Request timeout","state":"firing","since":"2026-11-27T10:00:00Z","lines":45,` +
		`"muted_until":"2026-11-27T12:00:00Z"}}`
	api := newFakeAPI(t, answer{status: http.StatusOK, body: muted})
	before := time.Now()
	got := command(t, nil, api.local("alerts", "mute", "-a", "shop", "--rule", "H12", "--for", "2h")...)
	wantCode(t, got, 0)
	if got.stdout != "" {
		t.Errorf("stdout %q", got.stdout)
	}
	wantIn(t, "stderr", got.stderr, "Muted H12 for shop until 2026-11-27T12:00:00Z; it has been firing since 2026-11-27T10:00:00Z.\n", "To end the mute: `heroku-drains-cli --local", " alerts unmute -a shop --rule H12`\n")
	path, body, _ := strings.Cut(api.requests()[1], " {")
	var request alert.Mute
	localtest.Must(t, json.Unmarshal([]byte("{"+body), &request))
	if left := request.Until.Sub(before); path != "PUT /alerts/shop/H12/mute" || left > 2*time.Hour+time.Minute || left < 119*time.Minute {
		t.Errorf("request %s, until in %s", path, left)
	}

	for line, want := range map[string]string{
		"alerts mute -a shop":             "PUT /alerts/shop/%2A/mute ",
		"alerts unmute -a shop":           "DELETE /alerts/shop/%2A/mute",
		"alerts unmute -a shop --rule R1": "DELETE /alerts/shop/R1/mute",
	} {
		api := newFakeAPI(t, answer{status: http.StatusOK, body: `{"data":{"app":"shop","rule":"*","state":"quiet"}}`})
		got := command(t, nil, api.local(strings.Fields(line)...)...)
		if got.code != 0 || !strings.HasPrefix(api.requests()[1], want) {
			t.Errorf("%s: exit code %d, request %s, stderr %s", line, got.code, api.requests(), got.stderr)
		}
		wantIn(t, "stderr", got.stderr, " for shop")
	}
}

func TestAlertsSendTest(t *testing.T) {
	api := newFakeAPI(t, answer{status: http.StatusOK, body: `{"data":{"id":"m-1","subject":"[shop] Test"}}`})
	got := command(t, nil, api.local("alerts", "send-test", "-a", "shop")...)
	wantCode(t, got, 0)
	wantIn(t, "stderr", got.stderr, "Published \"[shop] Test\", message ID m-1.\n", "If it does not arrive: `heroku-drains-cli --local")
	if diff := cmp.Diff([]string{"GET /drains/shop", `POST /alerts/test {"app":"shop"}`}, api.requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestAlertsRefusals(t *testing.T) {
	awsAt(t, "http://127.0.0.1:1")
	for name, tt := range map[string]struct {
		answer answer
		verb   string
		want   string
	}{
		"an older stack": {
			answer{status: http.StatusNotFound, body: `{"message":"Not Found"}`}, "list",
			"error: list the alerts: the API has no alerts: an older version of heroku-drains is deployed, or it is not a drains API. " +
				"Deploy this version with `npx aws-cdk deploy`, or check --api-url\n",
		},
		"no such rule": {
			answer{status: http.StatusNotFound, body: `{"error":{"code":"NoSuchRule","message":"there is no rule H77x"}}`}, "mute --rule H77x",
			"error: mute H77x for shop: there is no rule H77x. The rules: `heroku-drains-cli --api-url URL alerts rules -a shop`\n",
		},
		"a failure": {
			answer{status: http.StatusNotImplemented, body: `{"error":{"code":"InternalError","message":"failed","request_id":"r1"}}`}, "rules",
			"error: read the rules of the stack: failed (request ID r1). Try again; if it persists, see the log of the alerts function in CloudWatch Logs\n",
		},
		"not allowed": {
			answer{status: http.StatusForbidden, body: `{"message":"Forbidden"}`}, "send-test",
			"error: publish a test notification: HTTP 403: Forbidden. Allow execute-api:Invoke on POST /alerts/test of this API (alerts-policy.json in docs/deploy.md)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			api := newFakeAPI(t, tt.answer)
			got := command(t, nil, append([]string{"alerts"}, append(strings.Fields(tt.verb), "-a", "shop", "--api-url", api.URL)...)...)
			wantCode(t, got, 1)
			wantIn(t, "stderr", got.stderr, strings.ReplaceAll(tt.want, "URL", api.URL))
		})
	}
}

// A notification of the local system names the program as it was called.
func TestNotificationsOfTheLocalSystemHaveTheCommand(t *testing.T) {
	t.Parallel()
	line := time.Now().UTC().Format(time.RFC3339) + ` heroku[router]: at=error code=H12 desc="Request timeout" method=GET path="/" service=30000ms status=503` + "\n"
	var stdout, stderr bytes.Buffer
	code := cli.Main(t.Context(), []string{"./heroku-drains-cli", "--local", "--local-api-url", "http://127.0.0.1:9080", "alerts", "test", "-a", "shop"},
		strings.NewReader(strings.Repeat(line, 5)), &stdout, &stderr)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	wantIn(t, "stdout", stdout.String(), "\n│   ./heroku-drains-cli --local --local-api-url http://127.0.0.1:9080 logs -a shop --since ")
}

// On call, an unmute of the wrong rule must not look like success.
func TestAlertsUnmuteSaysIfNothingWasMuted(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	s.must("put", "-a", "once")
	s.must("alerts", "mute", "shop", "--rule", "H12")
	got := s.must("alerts", "unmute", "shop", "--rule", "H10", "--output", "json")
	wantIn(t, "stdout", got.stdout, `"was_muted": false`)
	wantIn(t, "another rule", got.stderr, "Nothing was changed: there was no mute of H10 for shop. Muted: H12 for shop until ", " (to end it: `", " alerts unmute -a shop --rule H12`).\n")
	wantIn(t, "all rules", s.must("alerts", "unmute", "shop").stderr, "there was no mute of all rules for shop. Muted: H12 for shop until ")
	wantIn(t, "another app", s.must("alerts", "unmute", "once").stderr, "there was no mute of all rules for once. Nothing is muted for once.\n")
	s.must("alerts", "mute", "shop")
	for _, args := range [][]string{{"--rule", "H12"}, {}} {
		unmute := append([]string{"alerts", "unmute", "shop"}, args...)
		wantIn(t, "first", s.must(unmute...).stderr, "Ended the mute of ")
		wantIn(t, "again", s.must(unmute...).stderr, "Nothing was changed: there was no mute of ")
	}
}
