package heroku_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/heroku"
)

func TestMatch(t *testing.T) {
	const present, stale, others = "present", "stale", "others"
	tests := map[string]struct {
		url, addOn string
		want       string
	}{
		"the same":             {url: drainURL, want: present},
		"another spelling":     {url: strings.Replace(drainURL, "api.example.com", "API.example.com:443", 1), want: present},
		"an escaped password":  {url: strings.Replace(drainURL, "pa55", "p%6155", 1), want: present},
		"an old password":      {url: "https://shop:old@api.example.com/drains/shop", want: stale},
		"no password":          {url: "https://shop@api.example.com/drains/shop", want: stale},
		"unencrypted":          {url: "http" + strings.TrimPrefix(drainURL, "https"), want: stale},
		"unencrypted on https": {url: "http://shop:" + password + "@api.example.com:443/drains/shop", want: others},
		"another app's":        {url: strings.ReplaceAll(drainURL, "shop", "shop-staging"), want: others},
		"another user":         {url: strings.Replace(drainURL, "//shop", "//ops", 1), want: others},
		"no user":              {url: "https://api.example.com/drains/shop", want: others},
		"another path":         {url: drainURL + "-staging", want: others},
		"another host":         {url: strings.Replace(drainURL, "api.", "api2.", 1), want: others},
		"another port":         {url: strings.Replace(drainURL, ".com", ".com:8443", 1), want: others},
		"the other one's port": {url: strings.Replace(drainURL, ".com", ".com:80", 1), want: others},
		"an add-on's":          {url: drainURL, addOn: "papertrail-curved-1", want: others},
		"a syslog server":      {url: "syslog+tls://logs.example.com:6514", want: others},
		"an invalid URL":       {url: "https://shop:%zz@api.example.com/drains/shop", want: others},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := heroku.Drain{ID: "1", URL: tt.url, AddOn: tt.addOn}
			want := map[string]heroku.Matches{
				present: {Present: &d}, stale: {Stale: []heroku.Drain{d}}, others: {Others: []heroku.Drain{d}},
			}[tt.want]
			got, err := heroku.Match([]heroku.Drain{d}, drainURL)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("matches (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMatchSortsMany(t *testing.T) {
	drains := []heroku.Drain{
		{ID: "old", URL: "https://shop:old@api.example.com/drains/shop"},
		{ID: "theirs", URL: "https://logs.example.com"},
		{ID: "new", URL: drainURL},
		{ID: "twice", URL: strings.Replace(drainURL, ".com", ".com:443", 1)},
		{ID: "bare", URL: "https://shop@api.example.com/drains/shop"},
	}
	got, err := heroku.Match(drains, drainURL)
	if err != nil {
		t.Fatal(err)
	}
	want := heroku.Matches{Present: &drains[2], Stale: []heroku.Drain{drains[0], drains[3], drains[4]}, Others: []heroku.Drain{drains[1]}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("matches (-want +got):\n%s", diff)
	}
	// Without the password, only the owner of a drain is known.
	if got, err = heroku.Match(drains, "https://shop@api.example.com/drains/shop"); err != nil {
		t.Fatal(err)
	}
	want = heroku.Matches{Stale: []heroku.Drain{drains[0], drains[2], drains[3], drains[4]}, Others: []heroku.Drain{drains[1]}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("matches without a password (-want +got):\n%s", diff)
	}
}

func TestMatchWithALocalAPI(t *testing.T) {
	d := heroku.Drain{URL: "http://shop:pw@127.0.0.1:80/drains/shop"}
	got, err := heroku.Match([]heroku.Drain{d}, "http://shop:pw@127.0.0.1/drains/shop")
	if err != nil || got.Present == nil {
		t.Errorf("matches %+v, error %v", got, err)
	}
}

func TestMatchNeedsADrainURL(t *testing.T) {
	for _, url := range []string{
		"", "shop", "https://api.example.com/drains/shop", "https://shop:" + password + "@/drains", drainURL + "%zz",
	} {
		_, err := heroku.Match(nil, url)
		if err == nil || strings.Contains(err.Error(), password) {
			t.Errorf("%q: error %v", url, err)
		}
	}
}

func TestMaskURL(t *testing.T) {
	for url, want := range map[string]string{
		drainURL:                                       "https://shop:****@api.example.com/drains/shop",
		"https://t0ken@logs.example.com/in":            "https://****@logs.example.com/in",
		"https://shop:@api.example.com/x":              "https://shop:****@api.example.com/x",
		"https://logs.example.com/in?t0ken=1":          "https://logs.example.com/in?****",
		"syslog+tls://logs.example.com:6514":           "syslog+tls://logs.example.com:6514",
		"https://a:b@logs.example.com/a%2Fb#f":         "https://a:****@logs.example.com/a%2Fb",
		"https://shop:" + password + "@%zz":            "****",
		"shop:" + password + "@api.example.com/drains": "****",
		"": "****",
	} {
		if got := heroku.MaskURL(url); got != want {
			t.Errorf("MaskURL(%q) = %q, want %q", url, got, want)
		}
	}
}
