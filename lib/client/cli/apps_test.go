package cli_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSeveralAppsForAVerbOfOne(t *testing.T) {
	for _, verb := range []string{"get", "put", "delete", "redrive", "rotate", "doctor"} {
		got := command(t, nil, verb, "-a", "shop", "-a", "blog")
		wantCode(t, got, 2)
		wantIn(t, "stderr", got.stderr, "error: several apps given (shop, blog), but this works on one at a time\n")
	}
}

func TestAnAppGivenTwiceIsOneApp(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop", "-a", "shop")
}

func TestListSelectsApps(t *testing.T) {
	api := newFakeAPI(t, answer{status: http.StatusOK, body: `{"data":[{"app":"blog","state":"active"},{"app":"shop","state":"active"},` +
		`{"app":"shop-eu","state":"active"}]}`})
	for selected, want := range map[string][]string{
		"":                    {"blog", "shop", "shop-eu"},
		"-a shop":             {"shop"},
		"-a shop-* -a blog":   {"blog", "shop-eu"},
		"--app=s* -a shop-eu": {"shop", "shop-eu"},
		"-a news":             nil,
	} {
		got := command(t, nil, append(api.local("list"), strings.Fields(selected)...)...)
		wantCode(t, got, 0)
		var apps []string
		for _, line := range strings.Split(strings.TrimSpace(got.stdout), "\n")[1:] {
			apps = append(apps, strings.Fields(line)[0])
		}
		if diff := cmp.Diff(want, apps); diff != "" {
			t.Errorf("%s (-want +got):\n%s", selected, diff)
		}
	}
	for _, bad := range []string{"Shop", "shop,blog", "[", "Shop*"} {
		wantCode(t, command(t, nil, append(api.local("list"), "-a", bad)...), 2)
	}
}
