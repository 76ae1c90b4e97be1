package cli_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/cli"
)

func TestAnAppNeedsNoFlag(t *testing.T) {
	drain := answer{status: http.StatusOK, body: aDrain("active", drainURL)}
	alerts := answer{status: http.StatusOK, body: `{"data":{"app":"shop","rule":"*","state":"quiet"}}`}
	for line, tt := range map[string]struct {
		answer answer
		want   string // the request
	}{
		"get shop":                     {drain, "GET /drains/shop"},
		"shop --get":                   {drain, "GET /drains/shop"},
		"get shop -a shop":             {drain, "GET /drains/shop"},
		"put shop --no-heroku":         {drain, "PUT /drains/shop {}"},
		"put --no-heroku --app=shop":   {drain, "PUT /drains/shop {}"},
		"delete shop --yes":            {drain, "DELETE /drains/shop"},
		"list shop blog":               {answer{status: http.StatusOK, body: `{"data":[]}`}, "GET /drains"},
		"get --no-heroku shop":         {drain, "GET /drains/shop"},
		"get shop --no-heroku shop":    {drain, "GET /drains/shop"},
		"alerts unmute shop":           {alerts, "DELETE /alerts/shop/%2A/mute"},
		"alerts unmute --rule R1 shop": {alerts, "DELETE /alerts/shop/R1/mute"},
		"alerts send-test shop":        {answer{status: http.StatusOK, body: `{"data":{"id":"m-1"}}`}, `POST /alerts/test {"app":"shop"}`},
	} {
		t.Run(line, func(t *testing.T) {
			t.Setenv("HEROKU_DRAINS_APP", "news") // the command line is nearer
			api := newFakeAPI(t, tt.answer)
			got := command(t, nil, api.local(strings.Fields(line)...)...)
			wantCode(t, got, 0)
			wantIn(t, "requests", strings.Join(api.requests(), "\n"), tt.want)
		})
	}
}

func TestAVerbTakesOnlyWhatItReads(t *testing.T) {
	skipWithRaceDetector(t)
	for line, want := range map[string]string{
		"list --yes":                                  "list does not use --yes: leave it out\n",
		"--yes list":                                  "list does not use --yes: leave it out\n",
		"completion bash --region us-east-1":          "completion does not use --region: leave it out\n",
		"version --local":                             "version does not use --local: leave it out\n",
		"logs shop --show-url":                        "logs does not use --show-url: leave it out\n",
		"alerts check --stack x":                      "alerts check does not use --stack: leave it out\n",
		"local -a shop":                               "local does not use -a: leave it out\n",
		"logs shop --since 1h --since 2h":             "--since is given twice, but has one value: give it once\n",
		"--stack a list --stack b":                    "--stack is given twice, but has one value: give it once\n",
		"list --local=false --local":                  "--local is given twice, but has one value: give it once\n",
		"get shop -a blog":                            "shop and -a blog name different apps. Give all apps as arguments, or all with -a\n",
		"list shop -a blog -a shop":                   "shop and -a blog -a shop name different apps. Give all apps as arguments, or all with -a\n",
		"logs shop -n 1 blog -a news":                 "shop blog and -a news name different apps. Give all apps as arguments, or all with -a\n",
		"get shop --no-color blog":                    "several apps given (shop, blog), but this works on one at a time\n",
		"get shop --no-color blog --debug a-1 -- b-2": "several apps given (shop, blog, a-1, b-2), but this works on one at a time\n",
		"logs shop --tail 5":                          "unexpected argument 5; see `heroku-drains-cli logs --help`\n",
		"get shop blog":                               "several apps given (shop, blog), but this works on one at a time\n",
		"list --lcoal":                                "unknown flag --lcoal, did you mean --local? See `heroku-drains-cli list --help`\n",
		"list --yess":                                 "unknown flag --yess; see `heroku-drains-cli list --help`\n",
		"list --json":                                 "unknown flag --json, did you mean --output json? See `heroku-drains-cli list --help`\n",
		"list --format json":                          "unknown flag --format, did you mean --output json? See `heroku-drains-cli list --help`\n",
		"get shop --format=json":                      "unknown flag --format, did you mean --output json? See `heroku-drains-cli get --help`\n",
		"list -o json":                                "unknown flag -o, did you mean --output json? See `heroku-drains-cli list --help`\n",
		"list --tail":                                 "unknown flag --tail: --tail belongs to logs; see `heroku-drains-cli list --help`\n",
		"list -n 5":                                   "unknown flag -n: -n belongs to logs; see `heroku-drains-cli list --help`\n",
		"logs shop -x":                                "unknown flag -x; see `heroku-drains-cli logs --help`\n",
		"--tail logs shop":                            "unknown flag --tail; see `heroku-drains-cli --help`\n",
	} {
		t.Run(line, func(t *testing.T) {
			t.Setenv("HEROKU_DRAINS_YES", "true") // a variable is for the verbs that read it
			got := command(t, nil, strings.Fields(line)...)
			wantCode(t, got, 2)
			if !strings.HasPrefix(got.stderr, "error: "+want) || got.stdout != "" {
				t.Errorf("stdout %q, stderr:\n%swant:\nerror: %s", got.stdout, got.stderr, want)
			}
		})
	}
	got := command(t, nil, "redrive", "-a", "") // a variable that is empty must not mean all apps
	wantCode(t, got, 2)
	wantIn(t, "stderr", got.stderr, `"" is not a valid Heroku app name: `)
	api := newFakeAPI(t, answer{status: http.StatusOK, body: `{"data":[]}`})
	wantCode(t, command(t, nil, append(api.local("--local", "list"), "--no-color", "--no-color")...), 0) // nothing is lost
}

func TestWordsOfOtherPrograms(t *testing.T) {
	const run = " Run: `heroku-drains-cli "
	for line, want := range map[string]string{
		"add shop":                       "unknown verb add, did you mean put?" + run + "put shop`",
		"create -a shop --format json":   "unknown verb create, did you mean put?" + run + "put -a shop --format json`",
		"--local remove -a shop":         "unknown verb remove, did you mean delete?" + run + "--local delete -a shop`",
		"rm":                             "unknown verb rm, did you mean delete?" + run + "help delete`",
		"destroy shop --all-of-it":       "unknown verb destroy, did you mean delete?" + run + "help delete`",
		"tail shop --filter {$.status>1": "unknown verb tail, did you mean logs --tail?" + run + "logs --tail shop --filter '{$.status>1'`",
		"drains":                         "unknown verb drains, did you mean list?" + run + "list`",
		"ls --output json":               "unknown verb ls, did you mean list?" + run + "list --output json`",
		"info shop":                      "unknown verb info, did you mean get?" + run + "get shop`",
		"status":                         "unknown verb status, did you mean doctor?" + run + "doctor`",
		"start":                          "unknown verb start, did you mean local?" + run + "local`",
		"dev":                            "unknown verb dev, did you mean local?" + run + "local`",
		"silence shop":                   "unknown verb silence, did you mean alerts mute?" + run + "alerts mute shop`",
		"lgos shop":                      "unknown verb lgos, did you mean logs?" + run + "logs shop`",
		"dele shop":                      "unknown verb dele, did you mean delete?" + run + "delete shop`",
		"alerts mtue shop":               "unknown verb mtue, did you mean mute?" + run + "alerts mute shop`",
		"alerts lint":                    "unknown verb lint, did you mean check?" + run + "alerts check`",
		"help remove":                    "unknown verb remove, did you mean delete?" + run + "help delete`",
		"help alerts silence":            "unknown verb silence, did you mean mute?" + run + "help alerts mute`",
		"nonsense":                       "unknown verb nonsense. The verbs: `heroku-drains-cli help`",
		"alerts nonsense":                "unknown verb nonsense. The verbs: `heroku-drains-cli help alerts`",
		"help nonsense":                  "unknown verb nonsense. The verbs: `heroku-drains-cli help`",
	} {
		t.Run(line, func(t *testing.T) {
			got := command(t, nil, strings.Fields(line)...)
			if diff := cmp.Diff(outcome{2, "", "error: " + want + "\n"}, got, cmp.AllowUnexported(outcome{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestSynonymsAreOfVerbs checks that each word is answered with a verb that exists, and is none itself.
func TestSynonymsAreOfVerbs(t *testing.T) {
	skipWithRaceDetector(t)
	for parent, words := range cli.Synonyms() {
		for word, verb := range words {
			in := strings.Fields(parent)
			if got := command(t, nil, append(append([]string{"help"}, in...), word)...); got.code != 2 {
				t.Errorf("%s %s is a verb, and a word for %s", parent, word, verb)
			}
			var named []string
			for _, part := range strings.Fields(verb) {
				if !strings.HasPrefix(part, "-") {
					named = append(named, part)
				}
			}
			if got := command(t, nil, append(append([]string{"help"}, in...), named...)...); got.code != 0 {
				t.Errorf("%s %s: %s", parent, word, got.stderr)
			}
		}
	}
}

func TestLogsTakesTheFlagsOfHeroku(t *testing.T) {
	s := newSystem(t)
	s.must("put", "shop")
	s.store(time.Now(), "app[web.1]: of the web")
	s.store(time.Now(), "app[worker.1]: of the worker")
	for _, flags := range []string{"-d web.1", "--dyno web.1", "--dyno-name=web.1", "-p web", "--process-type web", "--ps web"} {
		got := s.must(append([]string{"logs", "shop"}, strings.Fields(flags)...)...)
		if strings.Count(got.stdout, "\n") != 1 || !strings.HasSuffix(got.stdout, "of the web\n") {
			t.Errorf("%s: %s", flags, got.stdout)
		}
	}
	for _, flag := range []string{"-f", "--follow", "-t", "--tail"} {
		got := command(t, nil, s.local("logs", "shop", flag, "--until", "1m")...)
		wantCode(t, got, 2)
		wantIn(t, "stderr", got.stderr, "--tail and --until cannot be used together")
	}
}

func TestVersionAsAFlag(t *testing.T) {
	want := command(t, nil, "version")
	for _, flag := range []string{"--version", "-v"} {
		if diff := cmp.Diff(want, command(t, nil, flag), cmp.AllowUnexported(outcome{})); diff != "" || want.code != 0 {
			t.Errorf("%s (-want +got):\n%s", flag, diff)
		}
	}
	for _, line := range []string{"--local -v", "--local --version", "--no-color --local -v"} {
		if diff := cmp.Diff(want, command(t, nil, strings.Fields(line)...), cmp.AllowUnexported(outcome{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
	wantIn(t, "stdout", command(t, nil, "-v", "--output", "json").stdout, `"version":`)
}

// TestEveryVerbSaysWhatItReads fails for a verb without the tag "reads".
func TestEveryVerbSaysWhatItReads(t *testing.T) {
	for _, verb := range cli.VerbsWithoutReads() {
		t.Errorf("the field of %s in commands, or in its parent, has no tag \"reads\": see readsOf", verb)
	}
}
