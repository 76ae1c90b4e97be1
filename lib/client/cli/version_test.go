package cli_test

import (
	"encoding/json"
	"runtime"
	"runtime/debug"
	"testing"

	"heroku-drains/lib/client/cli"
)

func TestVersionOfABuild(t *testing.T) {
	platform := runtime.GOOS + "/" + runtime.GOARCH
	for want, info := range map[string]debug.BuildInfo{
		"heroku-drains-cli v1.2.0 (commit 8f4dcf9 of 2026-11-22T16:48:06Z), go1.26.8 " + platform: {
			GoVersion: "go1.26.8", Main: debug.Module{Version: "v1.2.0"},
			Settings: []debug.BuildSetting{
				{Key: "vcs.revision", Value: "8f4dcf9"}, {Key: "vcs.time", Value: "2026-11-22T16:48:06Z"}, {Key: "vcs.modified", Value: "false"},
			},
		},
		"heroku-drains-cli (devel) (commit 8f4dcf9, modified), go1.26.8 " + platform: {
			GoVersion: "go1.26.8",
			Settings:  []debug.BuildSetting{{Key: "vcs.revision", Value: "8f4dcf9"}, {Key: "vcs.modified", Value: "true"}},
		},
		"heroku-drains-cli v1.2.0, go1.26.8 " + platform: {GoVersion: "go1.26.8", Main: debug.Module{Version: "v1.2.0"}},
	} {
		if got := cli.VersionText(&info); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestVersion(t *testing.T) {
	got := command(t, nil, "version")
	wantCode(t, got, 0)
	wantIn(t, "stdout", got.stdout, "heroku-drains-cli ", runtime.Version()+" "+runtime.GOOS)
	var printed struct{ Data struct{ Version, Go string } }
	if err := json.Unmarshal([]byte(command(t, nil, "version", "--output", "json").stdout), &printed); err != nil {
		t.Fatal(err)
	}
	if printed.Data.Go != runtime.Version() || printed.Data.Version == "" {
		t.Errorf("printed %+v", printed)
	}
}
