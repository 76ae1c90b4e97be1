package cli_test

import (
	"strings"
	"testing"
)

// A mistyped app is answered with the one that has a drain, and with the command for it.
func TestSimilarDrain(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	s.must("put", "-a", "blog")
	for _, line := range []string{"logs shpo", "logs -a blog -a shpo", "get --app=shpo", "trace 3f2a9c1e-0b7d-4c55-9a51-000000000001 -a shpo"} {
		args := s.local(strings.Fields(line)...)
		got := command(t, nil, args...)
		want := "error: shpo has no drain. Did you mean shop? Run `heroku-drains-cli " + strings.ReplaceAll(strings.Join(args, " "), "shpo", "shop") + "`\n"
		if got.code == 0 || !strings.HasSuffix(got.stderr, want) {
			t.Errorf("%s: code %d, stderr %q, want %q", line, got.code, got.stderr, want)
		}
	}
	if got := command(t, nil, s.local("delete", "-a", "shpo", "--yes")...); !strings.HasSuffix(got.stderr, "error: shpo has no drain. Did you mean shop?\n") {
		t.Errorf("delete: stderr %q", got.stderr)
	}
	wantIn(t, "stderr", command(t, nil, s.local("get", "-a", "warehouse")...).stderr, "warehouse has no drain. Create one: `heroku-drains-cli ")

	// These work without a drain, too.
	for line, text := range map[string]string{
		"ledger shpo": "shpo has no drain. ", "alerts list -a shpo": "shpo has no drain. ", "alerts rules -a shpo": "shpo has no drain. ",
		"put -a shpo --dry-run": "shpo has no drain yet. ",
	} {
		args := s.local(strings.Fields(line)...)
		got := s.must(strings.Fields(line)...)
		wantIn(t, line, got.stderr, text+"Did you mean shop? Run `heroku-drains-cli "+strings.ReplaceAll(strings.Join(args, " "), "shpo", "shop")+"`\n")
		if strings.Contains(got.stdout, "APP ") && !strings.HasPrefix(line, "alerts rules") {
			t.Errorf("%s: a heading above nothing:\n%s", line, got.stdout)
		}
	}
	for _, line := range []string{"ledger warehouse", "alerts list -a warehouse"} {
		wantIn(t, line, s.must(strings.Fields(line)...).stderr, "warehouse has no drain.\n")
	}
	for _, line := range []string{"ledger shop", "ledger shop*", "put -a shop --dry-run"} {
		if got := s.must(strings.Fields(line)...); strings.Contains(got.stderr, "has no drain") {
			t.Errorf("%s: %s", line, got.stderr)
		}
	}
	if got := command(t, nil, s.local("delete", "-a", "warehouse", "--yes")...); !strings.HasSuffix(got.stderr, "error: warehouse has no drain\n") {
		t.Errorf("delete: stderr %q", got.stderr)
	}
}
