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
	if got := command(t, nil, s.local("delete", "-a", "warehouse", "--yes")...); !strings.HasSuffix(got.stderr, "error: warehouse has no drain\n") {
		t.Errorf("delete: stderr %q", got.stderr)
	}
}
