package cli_test

import (
	"os"
	"strings"
	"testing"

	"heroku-drains/lib/client/term/termtest"
)

// pictureColumns is how wide the terminal of the picture is.
const pictureColumns = 110

// TestPicture draws a session on a terminal. With -update, it writes the picture that the README shows; otherwise it checks that the session still
// works, and looks like one. The times and IDs in it differ each time.
func TestPicture(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	s := newSystem(t)
	t.Setenv("HEROKU_DRAINS_LOCAL", "true")
	t.Setenv("HEROKU_DRAINS_LOCAL_API_URL", s.AWS.APIURL())
	t.Setenv("HEROKU_DRAINS_LOCAL_AWS_URL", s.AWS.AWSURL())
	apps := []string{"shop", "blog"}
	for _, app := range apps {
		s.must("put", app, "--no-heroku")
	}
	s.must("simulate", "shop", "--lines", "100", "--seed", "7")
	for _, seed := range []string{"1", "2", "3", "4", "5"} { // a few lines of each app in turn
		for _, app := range apps {
			s.must("simulate", app, "--lines", "3", "--seed", seed)
		}
	}
	var session strings.Builder
	for _, args := range [][]string{
		{"logs", "shop", "blog", "--format", "short", "-n", "9"},
		{"logs", "shop", "--since", "1h", "--slower-than", "400ms", "--format", "short", "-n", "2"},
		{"list"},
	} {
		session.WriteString("\x1b[1m$ heroku-drains-cli " + strings.Join(args, " ") + "\x1b[0m\r\n")
		code, printed := onTerminal(t, nil, args...)
		if code != 0 {
			t.Errorf("%q: exit code %d: %s", args, code, printed)
		}
		session.WriteString(printed)
	}
	picture := termtest.Picture("heroku-drains-cli on a terminal", session.String(), pictureColumns)
	for _, want := range []string{">200<", "c32", "APP", "active"} {
		if !strings.Contains(picture, want) {
			t.Errorf("the picture does not contain %q:\n%s", want, picture)
		}
	}
	if *update {
		if err := os.WriteFile("../../../docs/pictures/terminal.svg", []byte(picture), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
