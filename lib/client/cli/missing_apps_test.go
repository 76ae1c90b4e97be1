package cli_test

import (
	"testing"

	"heroku-drains/lib/local/herokufake"
)

// otherAccount makes the CLI use an account of other apps. Heroku says the same of those it does not see as of apps that do not exist.
func (f *fleet) otherAccount(apps ...string) {
	f.t.Helper()
	other, err := herokufake.Start(herokufake.Options{})
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(other.Close)
	for _, app := range apps {
		other.AddApp(herokufake.App{Name: app})
	}
	f.t.Setenv("HEROKU_API_URL", other.URL())
}

// wantStillConnected checks that Heroku sends to the drains of these apps, and that they exist.
func (f *fleet) wantStillConnected(apps ...string) {
	f.t.Helper()
	f.t.Setenv("HEROKU_API_URL", f.heroku.URL())
	for _, app := range apps {
		got := f.run(0, "get", "-a", app)
		wantIn(f.t, "stdout", got.stdout, "active", "present")
	}
}

func TestDeleteWithAnotherAccountsKeyIsRefused(t *testing.T) {
	f := newFleet(t, "blog", "shop")
	f.otherAccount()
	const why = "Use an API key with access, or add --missing-apps"
	got := f.run(1, "delete", "--all", "--yes")
	wantIn(t, "stderr", got.stderr, "delete all drains", "blog, shop", "If Heroku still sends lines, they will be lost.", why)
	wantIn(t, "stderr", f.run(0, "delete", "--all", "--dry-run").stderr, "blog, shop", "--missing-apps")
	got = f.run(1, "delete", "-a", "shop", "--yes")
	wantIn(t, "stderr", got.stderr, "shop", why)
	f.wantStillConnected("blog", "shop")

	f.otherAccount()
	f.run(0, "delete", "--all", "--yes", "--missing-apps", "--force")
	wantIn(t, "stdout", f.run(0, "list").stdout, "")
	if got := f.run(0, "list", "--output", "json"); got.stdout != "{\n  \"data\": []\n}\n" {
		t.Errorf("left are %s", got.stdout)
	}
}

func TestSyncWithAnotherAccountsKeyPrunesNothing(t *testing.T) {
	f := newFleet(t, "blog", "shop")
	f.otherAccount("news")
	file := fleetFile(t, "apps: [news]\n")
	for _, args := range [][]string{{"--dry-run"}, {"--yes"}} {
		got := f.run(0, append([]string{"sync", "--file", file, "--prune"}, args...)...)
		wantIn(t, "stdout", got.stdout, "the app does not exist at Heroku, or this account has no access to it")
	}
	got := f.run(0, "sync", "--file", file, "--prune", "--yes")
	wantIn(t, "stderr", got.stderr, "2 drains stay, because this Heroku account does not see their apps; --missing-apps deletes them.")
	f.wantStillConnected("blog", "shop")

	f.otherAccount("news")
	got = f.run(0, "sync", "--file", file, "--prune", "--yes", "--missing-apps")
	wantIn(t, "stdout", got.stdout, "deleted")
}
