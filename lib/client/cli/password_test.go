package cli_test

import (
	"strings"
	"testing"
)

// TestNothingPrintsAPassword runs every verb, well and badly, and looks for the drain's password in all they print.
func TestNothingPrintsAPassword(t *testing.T) {
	s := newSystem(t)
	shown := s.must("--no-heroku", "put", "-a", "shop")
	_, rest, _ := strings.Cut(shown.stdout, "http://shop:")
	password, address, found := strings.Cut(rest, "@")
	if !found || len(password) != 32 {
		t.Fatalf("put --no-heroku shows no drain URL:\n%s", shown.stdout)
	}
	url := "http://shop:" + password + "@" + strings.Fields(address)[0]
	wrongURL := strings.Replace(url, "127.0.0.1", "127.0.0.1:1", 1)
	for _, line := range []string{
		"put -a shop", "put -a shop --output json", "put -a shop --dry-run", "put -a shop --batch-size 100",
		"get -a shop", "get -a shop --output json", "list", "list --output json", "logs -a shop --json",
		"redrive --list", "redrive", "doctor", "doctor -a shop", "doctor -a shop --output json", "version", "completion bash",
		"simulate -a shop --lines 5", "simulate -a shop --lines 5 --output json",
		"simulate -a shop --lines 5 --url " + url,
		"simulate -a shop --lines 5 --url " + url + "x",         // no such drain
		"simulate -a shop --lines 5 --url " + wrongURL,          // no URL
		"simulate -a shop --url " + url + " --bogus",            // no flag
		"simulate -a shop --lines x --url " + url,               // no number
		"simulate -a shop " + url,                               // no argument
		"simulate --url " + url,                                 // no app
		"simulate -a shop --lines 1 --duration 1s --url " + url, // not both
		"simulate -a shop --lines 5 --url http" + url,           // no scheme
		"simulate -a shop --lines 5 --url " + url + "%zz",       // no URL
		"simulate -a shop --scenario h12-storm", "alerts list", "alerts list --output json", "alerts rules", "alerts send-test -a shop",
		"alerts mute -a shop", "alerts unmute -a shop", "alerts test -a shop", "alerts check " + url,
		"delete -a shop --dry-run", "delete -a shop", "delete -a shop --yes --force",
		"simulate -a shop --lines 5 --url " + url, // the drain is gone
		"get -a shop",
	} {
		got := command(t, nil, s.local(strings.Fields(line)...)...)
		if strings.Contains(got.stdout+got.stderr, password) {
			t.Errorf("%s shows the password:\n%s%s", strings.ReplaceAll(line, password, "****"), got.stdout, got.stderr)
		}
	}
}
