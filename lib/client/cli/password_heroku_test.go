package cli_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// TestNothingPrintsWhatHerokuKnows runs the verbs that ask Heroku, well and badly, and looks in all they print for the API key and for the
// secrets in every drain URL that Heroku has: our drain's, an older one's, other people's.
func TestNothingPrintsWhatHerokuKnows(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every verb in many ways")
	}
	f := newFleet(t)
	api, err := url.Parse(f.AWS.APIURL())
	if err != nil {
		t.Fatal(err)
	}
	f.heroku.AddApp(herokufake.App{Name: "shop"})
	f.heroku.AddDrain("shop", herokufake.Drain{URL: "http://shop:an-older-password@" + api.Host + "/drains/shop"})
	f.heroku.AddDrain("shop", herokufake.Drain{URL: "syslog+tls://token-of-others:password-of-others@logs.example.com:6514"})
	f.heroku.AddDrain("shop", herokufake.Drain{URL: "https://logs.example.com/in?key=key-of-others", AddOn: "logs-flat-12345"})
	f.heroku.AddApp(herokufake.App{Name: "half"})
	f.heroku.AddDrain("half", herokufake.Drain{URL: "http://half:an-older-password@" + api.Host + "/drains/half"})
	secrets := []string{herokufake.DefaultKey, "an-older-password", "token-of-others", "password-of-others", "key-of-others"}
	for _, app := range []string{"shop", "half"} { // the password stays the same, whatever becomes of the drain
		_, rest, _ := strings.Cut(f.must("--no-heroku", "put", "-a", app).stdout, "http://"+app+":")
		password, _, found := strings.Cut(rest, "@")
		if !found || len(password) != 32 {
			t.Fatal("put --no-heroku shows no drain URL")
		}
		secrets = append(secrets, password)
	}
	f.must("delete", "-a", "half", "--no-heroku", "--yes")
	f.AWS.Advance(time.Minute)

	lines := []string{
		"get -a shop", "get -a shop --output json", "get -a half", "list", "list --output json",
		"put -a shop --dry-run", "put -a shop --dry-run --output json", "put -a shop", "put -a shop --output json", "put -a shop --no-verify",
		"put -a half --timeout 1ms", "put -a other", "get -a shop", "doctor -a shop", "redrive --list", "logs -a shop",
		"delete -a shop --dry-run", "delete -a shop", "delete --all --dry-run", "delete -a shop --yes --output json", "delete --all --yes",
		"get -a shop",
	}
	quoting := func(status int) herokufake.Fault { // what a careless API might say
		message := "refused: http://shop:" + secrets[5] + "@" + api.Host + "/drains/shop"
		return herokufake.Fault{Status: status, ID: "refused", RetryAfter: 3600, Message: message}
	}
	run := func(name string, fault herokufake.Fault) {
		remove := f.heroku.Inject(fault)
		defer remove()
		for _, line := range lines {
			got := command(t, nil, f.local(strings.Fields(line)...)...)
			wantNoSecrets(t, name+" "+fault.Route+": "+line, got, secrets)
			f.AWS.Advance(time.Minute)
		}
	}
	run("well", herokufake.Fault{Route: "GET /nothing"})
	routes := []string{"", "POST /apps/{app}/log-drains", "DELETE /apps/{app}/log-drains/{id}"}
	faults := map[string]herokufake.Fault{
		"401": quoting(401), "403": quoting(403), "404": quoting(404), "409": quoting(409), "422": quoting(422), "429": quoting(429),
		"503": quoting(503), "cut": {Drop: herokufake.DropBefore}, "halfway": {Drop: herokufake.DropHalfway},
	}
	if localtest.RaceDetector {
		routes, faults = routes[1:2], map[string]herokufake.Fault{"422": quoting(422), "halfway": {Drop: herokufake.DropHalfway}}
	}
	for name, fault := range faults {
		for _, fault.Route = range routes {
			run(name, fault)
		}
	}
	for _, status := range []int{401, 403, 503} { // of the drain's endpoint
		remove := f.AWS.Inject(awslocal.Fault{Service: "execute-api", Operation: "POST /drains/shop", Status: status})
		for _, line := range []string{"put -a shop", "get -a shop", "list", "delete -a shop --yes"} {
			wantNoSecrets(t, line, command(t, nil, f.local(strings.Fields(line)...)...), secrets)
			f.AWS.Advance(time.Minute)
		}
		remove()
	}
}

func wantNoSecrets(t *testing.T, what string, got outcome, secrets []string) {
	t.Helper()
	for _, secret := range secrets {
		if strings.Contains(got.stdout+got.stderr, secret) {
			t.Errorf("%s shows a secret:\n%s", what, strings.ReplaceAll(got.stdout+got.stderr, secret, "****SECRET****"))
		}
	}
}
