package cli_test

import (
	"testing"
	"time"

	"heroku-drains/lib/client/cli"
)

func TestHowLongARunTakes(t *testing.T) {
	const because = ", because Heroku allows an account 75 requests a minute once its 4,500 are used up"
	for _, tt := range []struct {
		least, heroku time.Duration
		want          string
	}{
		{119 * time.Second, 119 * time.Second, ""},
		{40 * time.Minute, 40 * time.Minute, "at least 40 minutes" + because},
		{40 * time.Minute, 39 * time.Minute, "at least 40 minutes"},
	} {
		if got := cli.LeastText(tt.least, tt.heroku); got != tt.want {
			t.Errorf("%s, of which Heroku %s: %q, want %q", tt.least, tt.heroku, got, tt.want)
		}
	}
}
