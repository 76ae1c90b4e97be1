package cli_test

import (
	"testing"

	"heroku-drains/lib/local/herokufake"
)

// interruptSync is interruptEachCall for a sync of two apps. After each interruption, another sync must leave one drain of each on both sides.
func interruptSync(t *testing.T, run interruption, at calls) {
	file := fleetFile(t, "apps: {blog: , shop: {format: json}}\n")
	sync := []string{"sync", "--file", file, "--yes"}
	interruptEachCall(t, run, at, func(f *fleet) {
		f.heroku.AddApp(herokufake.App{Name: "blog"})
		f.heroku.AddApp(herokufake.App{Name: "shop"})
	}, sync, func(f *fleet) {
		f.run(0, sync...)
		f.wantSynced(file)
		for _, app := range []string{"blog", "shop"} {
			if drains := len(f.heroku.Drains(app)); drains != 1 {
				t.Errorf("%s has %d drains at Heroku", app, drains)
			}
		}
	})
}

func TestSyncInterrupted(t *testing.T) { interruptSync(t, interrupted, herokuCalls) }

func TestSyncKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program for each of about fifty calls")
	}
	t.Run("at Heroku", func(t *testing.T) { interruptSync(t, killed, herokuCalls) })
	t.Run("at AWS", func(t *testing.T) { interruptSync(t, killed, awsCalls) })
}
