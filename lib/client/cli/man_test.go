package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"heroku-drains/lib/local/localtest"
)

func TestManPages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "share", "man1")
	wantCode(t, command(t, nil, "man", dir), 0)
	read := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(dir, name+".1"))
		localtest.Must(t, err)
		return string(text)
	}
	wantIn(t, "program", read("heroku-drains-cli"), ".TH \"HEROKU\\-DRAINS\\-CLI\" 1", "\n.SH VERBS\n", "\n.SH COMMON FLAGS\n", "heroku\\-drains\\-cli\\-alerts(1)")
	wantIn(t, "put", read("heroku-drains-cli-put"), ".SH NAME\nheroku\\-drains\\-cli\\-put \\- Create or repair an app\\(aqs drain", ".SH SYNOPSIS\n",
		"\\fB\\-\\-batch\\-size=", "\n.RS 4\n.nf\nheroku\\-drains\\-cli put ", "\\fB\\-\\-show\\-url\\fR")
	wantIn(t, "mute", read("heroku-drains-cli-alerts-mute"), "\\fBheroku\\-drains\\-cli alerts mute ", "heroku\\-drains\\-cli\\-alerts(1)")
	pages, err := filepath.Glob(filepath.Join(dir, "*"))
	localtest.Must(t, err)
	for _, page := range pages {
		if strings.Contains(page, "heroku-drains-cli-man") {
			t.Error("the hidden verb has a page")
		}
	}
}

func TestManPagesAreValid(t *testing.T) {
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("groff is not installed")
	}
	dir := t.TempDir()
	wantCode(t, command(t, nil, "man", dir), 0)
	pages, err := filepath.Glob(filepath.Join(dir, "*"))
	localtest.Must(t, err)
	output, err := exec.CommandContext(t.Context(), groff, append([]string{"-man", "-ww", "-Tutf8", "-z"}, pages...)...).CombinedOutput()
	if err != nil || len(output) > 0 {
		t.Errorf("%v\n%s", err, output)
	}
}
