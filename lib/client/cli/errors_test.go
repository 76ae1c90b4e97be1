package cli_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

func TestWrongUsage(t *testing.T) {
	skipWithRaceDetector(t)
	for line, want := range map[string]string{
		"get":                                "no app given: add its name, or -a NAME",
		"put":                                "no app given",
		"delete":                             "no app given",
		"logs":                               "no app given",
		"simulate":                           "no app given",
		"alerts":                             "no verb given: list, rules, check, test, mute, unmute, send-test; see `heroku-drains-cli alerts --help`",
		"alerts mute --rule H12":             "no app given: add its name, or -a NAME",
		"alerts unmute":                      "no app given",
		"alerts list -a Shop":                `"Shop" is not a valid Heroku app name`,
		"alerts check":                       "there is no alerts.yaml in this folder, so there is nothing to check (the default rules apply): go to the folder of cdk.json, or give the file's name",
		"alerts check /":                     "read the alert rules: read /: is a directory",
		"local --alert-rules none.yaml":      "none.yaml does not exist: check the path, or leave it out to use alerts.yaml, or the default rules",
		"alerts rules --file none.yaml":      "none.yaml does not exist",
		"alerts test":                        "no app given: add its name, or -a NAME",
		"alerts test -a shop --file no.yaml": "no.yaml does not exist",
		"alerts mute -a shop --for soon":     `"soon" is not a duration`,
		"alerts mute -a shop --for -2h":      `--for: "-2h" must be a positive duration, such as 90s, 5m, 1h30m or 2d`,
		"alerts mute -a shop --for=0s":       `--for: "0s" must be a positive duration`,
		"alerts check -a shop":               "the whole file is checked, for all apps: leave out -a\n",
		"alerts check a.yaml -f b.yaml":      "two files given, a.yaml and b.yaml: check one at a time",
		"alerts check --file none.yaml":      "none.yaml does not exist: check the path",
		"logs -a shop --since -1h":           `"-1h" is not an age (`,
		"alerts mute -a shop --bogus":        "unknown flag --bogus; see `heroku-drains-cli alerts mute --help`",
		"get -a Shop":                        `"Shop" is not a valid Heroku app name`,
		"get -a shop --bogus":                "unknown flag --bogus; see `heroku-drains-cli get --help`",
		"nonsense":                           "unknown verb nonsense",
		"-a shop":                            "see `heroku-drains-cli --help`",
		"-a shop --get --put":                "unknown flag --put",
		"list --output yaml":                 `--output must be table or json, not "yaml"`,
		"put -a shop --format x":             `format must be text or json, not "x"`,
		"put -a shop --batch-size 0":         "batch_size must be 1 to 10000",
		"put -a shop --timeout soon":         "soon",
		"logs -a shop --tail --until 1m":     "--tail and --until cannot be used together",
		"logs -a shop -n -1":                 "-n",
		"logs -a shop --since sometime":      `"sometime" is not an age (`,
		"logs -a shop --since=-1h":           `"-1h" is not an age (`,
		"logs -a shop --since 1d2":           `"1d2" is not an age (`,
		"logs -a shop --since 1h --until 2h": "--until is before --since",
		"list --local --api-url http://h":    "--local and --api-url (or the variables HEROKU_DRAINS_LOCAL and HEROKU_DRAINS_API_URL) cannot be used together",
		"simulate -a shop":                   "no drain URL given: add --url",
		"simulate -a shop --url https://example.com/drains/shop":         "the drain URL has no password",
		"simulate -a shop --url https://a:b@c/ --size 102401":            "--size must be at most 102400",
		"simulate -a shop --url https://a:b@c/ --lines=-1":               "--lines must be 1 or more",
		"simulate -a shop --url https://a:b@c/ --lines 0":                "--lines must be 1 or more",
		"simulate -a shop --url https://a:b@c/ --rate=-1":                "must not be negative",
		"simulate -a shop --url https://a:b@c/ --scenario storm":         `"storm" is not a scenario: choose one of h12-storm, r14, `,
		"simulate -a shop --url https://a:b@c/ --scenario r14 --size 9":  "--rate and --size cannot be used with --scenario",
		"simulate -a shop --url https://a:b@c/ --scenario r14 --lines 1": "--lines and --scenario cannot be used together",
		"simulate -a shop --url https://a:b@c/ --lines 1 --duration 1s":  "--lines and --duration cannot be used together",
	} {
		t.Run(line, func(t *testing.T) {
			got := command(t, nil, strings.Fields(line)...)
			if got.code != 2 || got.stdout != "" || !strings.HasPrefix(got.stderr, "error: ") || strings.Count(got.stderr, "\n") != 1 {
				t.Errorf("exit code %d, stdout %q, stderr %q", got.code, got.stdout, got.stderr)
			}
			wantIn(t, "stderr", got.stderr, want)
		})
	}
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	tests := map[string]struct {
		answer answer
		verb   string
		want   string
	}{
		"no drain to get": {
			answer{status: http.StatusNotFound, body: `{"error":{"code":"NotFound","message":"shop has no drain"}}`}, "get",
			"error: shop has no drain. Create one: `heroku-drains-cli FLAGS put -a shop`\n",
		},
		"no drain to read": {
			answer{status: http.StatusNotFound, body: `{"error":{"code":"NotFound","message":"shop has no drain"}}`}, "logs",
			"error: shop has no drain. Create one: `heroku-drains-cli FLAGS put -a shop`\n",
		},
		"no log stream": {
			answer{status: http.StatusOK, body: `{"data":{"app":"shop","state":"partial","log_group":"/heroku/apps"}}`}, "logs",
			"error: the drain for shop has no log stream. Create it: `heroku-drains-cli FLAGS put -a shop`\n",
		},
		"not allowed": {
			answer{status: http.StatusForbidden, body: `{"message":"Forbidden"}`}, "list",
			"error: list the drains: HTTP 403: Forbidden. Allow execute-api:Invoke on GET /drains of this API (read-policy.json in docs/deploy.md); " +
				"if it is allowed, check that --region is the API's\n",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			api := newFakeAPI(t, tt.answer)
			got := command(t, nil, api.local("-a", "shop", tt.verb)...)
			want := strings.ReplaceAll(tt.want, "FLAGS", strings.Join(api.local(), " ")) // those that lead to this system
			if got.code != 1 || got.stdout != "" || !strings.HasSuffix(got.stderr, want) {
				t.Errorf("exit code %d, stdout %q, stderr:\n%swant:\n%s", got.code, got.stdout, got.stderr, want)
			}
		})
	}
}

func TestSettingsThatTheAPIRefusesAreAMistakeOfUsage(t *testing.T) {
	api := newFakeAPI(t, answer{status: http.StatusBadRequest, body: `{"error":{"code":"InvalidSettings","message":"batch_size 20 needs a window"}}`})
	got := command(t, nil, api.local("-a", "shop", "put")...)
	wantCode(t, got, 2)
	if want := "error: put the drain for shop: batch_size 20 needs a window\n"; got.stdout != "" || !strings.HasSuffix(got.stderr, want) {
		t.Errorf("stdout %q, stderr:\n%swant:\n%s", got.stdout, got.stderr, want)
	}
}

func TestAnotherProgramAnswers(t *testing.T) {
	other := func(status int, body string) string {
		return newFakeAPI(t, answer{status: status, body: body}).URL
	}
	s := newSystem(t)
	s.must("put", "-a", "shop")
	for _, url := range []string{
		other(http.StatusNotFound, "<html>"), other(http.StatusNotImplemented, "<html>"), other(http.StatusOK, "<html>"),
		other(http.StatusOK, `{"status":"ok"}`), other(http.StatusNotFound, `{"message":"Not Found"}`),
	} {
		for flag, tt := range map[string]struct{ verb, what, addr string }{
			"--local-api-url": {"get", "API", "--api-addr"},
			"--local-aws-url": {"logs", "AWS endpoint", "--aws-addr"},
		} {
			args := s.local(tt.verb, "-a", "shop")
			args[slices.Index(args, flag)+1] = url
			got := command(t, nil, args...)
			wantCode(t, got, 1)
			want := "error: " + "expected the local system's " + tt.what + " at " + url + ", but another program answers there. " +
				"Start the local system on a free port (`heroku-drains-cli local " + tt.addr + " 127.0.0.1:0`), and pass the address that it prints with " + flag + "\n"
			if got.stderr != want || got.stdout != "" {
				t.Errorf("stdout %q, stderr:\n%swant:\n%s", got.stdout, got.stderr, want)
			}
		}
	}
	awsAt(t, "http://127.0.0.1:1")
	got := command(t, nil, "list", "--no-heroku", "--api-url", other(http.StatusNotImplemented, "<html>"))
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "error: list the drains: the server at this address is not a drains API (HTTP 501: Not Implemented). Check --api-url")
}

func TestWhatIAMDeniesIsToBeAllowed(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	t.Cleanup(s.AWS.Inject(awslocal.Fault{
		Service: "logs", Operation: "FilterLogEvents", Status: http.StatusBadRequest, Code: "AccessDeniedException",
		Message: "User: arn:aws:iam::1:user/me is not authorized to perform: logs:FilterLogEvents on resource: arn:x because no policy allows it",
	}))
	got := command(t, nil, s.local("logs", "-a", "shop")...)
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, ". Allow logs:FilterLogEvents on arn:x in a policy of arn:aws:iam::1:user/me (read-policy.json in docs/deploy.md)\n")
}

func TestNobodyListensLocally(t *testing.T) {
	address := "http://" + localtest.ReserveAddress(t)
	got := command(t, nil, "--local", "--local-api-url", address, "get", "-a", "shop")
	if got.code != 1 {
		t.Errorf("exit code %d", got.code)
	}
	wantIn(t, "stderr", got.stderr, "connection refused. Start the local system in another terminal: `heroku-drains-cli local --api-addr "+strings.TrimPrefix(address, "http://")+"`\n")
}

func TestEveryFlagHasAVariable(t *testing.T) {
	api := newFakeAPI(t, answer{status: http.StatusOK, body: aDrain("active", drainURL)})
	t.Setenv("HEROKU_DRAINS_LOCAL", "1")
	t.Setenv("HEROKU_DRAINS_LOCAL_API_URL", api.URL)
	t.Setenv("HEROKU_DRAINS_LOCAL_AWS_URL", api.URL) // not the usual one, where a local system may be running
	t.Setenv("HEROKU_DRAINS_APP", "shop")
	t.Setenv("HEROKU_DRAINS_OUTPUT", "json")
	t.Setenv("HEROKU_DRAINS_SHOW_URL", "true")
	t.Setenv("HEROKU_DRAINS_ANSI", "strip")
	got := command(t, nil, "put")
	if got.code != 0 {
		t.Fatalf("exit code %d: %s", got.code, got.stderr)
	}
	wantIn(t, "stdout", got.stdout, `"drain_url": "https://shop:s3cretpassword@example.com/drains/shop"`)
	wantIn(t, "requests", strings.Join(api.requests(), "\n"), `PUT /drains/shop {"ansi":"strip"}`)
}
