package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

type versionCmd struct{}

// Help is the verb's long help.
func (versionCmd) Help() string {
	return `Prints the module version, the commit, and the Go version.

Examples:

    heroku-drains-cli version
    heroku-drains-cli version --output json | jq -r .data.revision`
}

// Run shows what the build recorded.
func (versionCmd) Run(s *session) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("no build information: this program was built without Go modules")
	}
	b := newBuild(info)
	if s.flags.Output == "json" {
		return s.PrintJSON(map[string]build{"data": b})
	}
	return s.PrintLine(b.String())
}

// build is what the program was built from. Fields that the build did not record are empty.
type build struct {
	Version  string `json:"version"`            // of the module: a tag, or (devel)
	Revision string `json:"revision,omitempty"` // the commit
	Time     string `json:"time,omitempty"`     // of the commit
	Modified bool   `json:"modified"`           // the source had changes that were not committed
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func newBuild(info *debug.BuildInfo) build {
	b := build{Version: info.Main.Version, Go: info.GoVersion, Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if b.Version == "" {
		b.Version = "(devel)"
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			b.Revision = setting.Value
		case "vcs.time":
			b.Time = setting.Value
		case "vcs.modified":
			b.Modified = setting.Value == "true"
		}
	}
	return b
}

// String returns a text like "heroku-drains-cli v1.2.0 (commit 8f4dcf9… of 2026-11-22T16:48:06Z, modified), go1.26.8 linux/amd64".
func (b build) String() string {
	var from []string
	if b.Revision != "" {
		from = append(from, strings.TrimSuffix("commit "+b.Revision+" of "+b.Time, " of "))
	}
	if b.Modified {
		from = append(from, "modified")
	}
	text := program + " " + b.Version
	if len(from) > 0 {
		text += " (" + strings.Join(from, ", ") + ")"
	}
	return text + ", " + b.Go + " " + b.Platform
}
