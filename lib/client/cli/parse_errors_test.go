package cli_test

import (
	"strings"
	"testing"
)

func TestWrongValuesAreExplained(t *testing.T) {
	for line, want := range map[string]string{
		"logs shop --since":                     "--since needs a value: --since ",
		"logs shop --since --tail":              "--since needs a value: --since ",
		"logs shop --filter -x":                 "; if -x is the value, write --filter=-x; see `heroku-drains-cli logs --help`",
		"logs shop -n abc":                      "--num must be a whole number, not \"abc\"; see `heroku-drains-cli logs --help`",
		"logs shop -n 99999999999999999999":     "--num is out of range: 99999999999999999999; see ",
		"logs shop -n -5":                       "--num must be 0 or more",
		"logs shop --slower-than 1":             "--slower-than must be a duration with its unit, such as 1s or 500ms, not \"1\"; see ",
		"logs shop --format x":                  "--format must be full, short, raw or json, not \"x\"; see ",
		"logs shop --level foo":                 "--level: \"foo\" is not a level: give debug, ",
		"local --fail":                          "--fail needs a value",
		"list -a":                               "--app needs a value: --app APP; see ",
		"get --stack":                           "--stack needs a value: --stack NAME; see ",
		"list --local=maybe":                    "--local must be true or false, not \"maybe\"; see ",
		"simulate shop --rate x":                "--rate must be a number, not \"x\"; see ",
		"simulate shop --lines 1 --duration 1s": "--lines and --duration cannot be used together",
		"completion tcsh":                       "the shell must be bash, zsh or fish, not \"tcsh\"; see ",

		"HEROKU_DRAINS_NUM=x logs shop":          "HEROKU_DRAINS_NUM must be a whole number, not \"x\"; see ",
		"HEROKU_DRAINS_LOCAL=x list":             "HEROKU_DRAINS_LOCAL must be true or false, not \"x\"; see ",
		"HEROKU_DRAINS_OUTPUT=x list":            "HEROKU_DRAINS_OUTPUT must be table or json, not \"x\"; see ",
		"HEROKU_DRAINS_OUTPUT=x list --output y": "--output must be table or json, not \"y\"; see ",
		"HEROKU_DRAINS_SLOWER_THAN=1 logs shop":  "HEROKU_DRAINS_SLOWER_THAN must be a duration with its unit, ",
		"HEROKU_DRAINS_SINCE=foo logs shop":      "HEROKU_DRAINS_SINCE: ",
	} {
		t.Run(line, func(t *testing.T) {
			args := strings.Fields(line)
			if name, value, set := strings.Cut(args[0], "="); set {
				t.Setenv(name, value)
				args = args[1:]
			}
			got := command(t, nil, args...)
			wantCode(t, got, 2)
			wantIn(t, "stderr", got.stderr, "error: ", want)
			for _, foreign := range []string{"expected", "but got", "envar", "EOL"} {
				if strings.Contains(got.stderr, foreign) {
					t.Errorf("stderr has words of the flag parser:\n%s", got.stderr)
				}
			}
		})
	}
}
