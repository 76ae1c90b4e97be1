package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTrace(t *testing.T) {
	s, at := newShops(t)
	s.storeIn("shop-api", at.Add(-time.Hour), "app[api]: Release v7 created by user ann@example.com")
	s.storeIn("shop-api", at.Add(-time.Minute), "heroku[web.2]: Error R14 (Memory quota exceeded)")
	stamp := func(d time.Duration) string { return at.Add(d).Format("2006-01-02T15:04:05.000000+00:00") }
	got := s.must("trace", requestID)
	want := `Request ID  ` + requestID + `
App         shop-api
Request     GET shop.example/a b
Response    503, 7 bytes
Began       ` + stamp(2*time.Millisecond-1201*time.Millisecond) + `
Took        1.2s in the app (service), after 1 ms to connect to the dyno
Dyno        web.2
App         shop
Request     GET shop.example/a b
Response    200, 7 bytes
Began       ` + stamp(3*time.Millisecond-19*time.Millisecond) + `
Took        18 ms in the app (service), after 1 ms to connect to the dyno
Dyno        web.2
Release     v7, created by ann@example.com at ` + stamp(-time.Hour) + `

Heroku about web.2 around that time:
` + stamp(-time.Minute) + ` heroku[web.2]: Error R14 (Memory quota exceeded)

3 lines with this ID:
shop-api  ` + stamp(2*time.Millisecond) + ` heroku[router]: ` + requestLine("service=1200ms status=503") + `
shop      ` + stamp(3*time.Millisecond) + ` heroku[router]: ` + requestLine("service=18ms status=200") + `
shop-api  ` + stamp(4*time.Millisecond) + ` app[web.2]: {"level":"error","msg":"three","request_id":"` + requestID + `"}
`
	if diff := cmp.Diff(want, got.stdout); diff != "" {
		t.Errorf("story (-want +got):\n%s", diff)
	}
	wantIn(t, "stderr", got.stderr, "Searched blog, shop, shop-api from ")

	var story struct {
		Data struct {
			Router   struct{ App string }
			Lines    []struct{ Message string }
			Requests []struct {
				ServiceMS float64 `json:"service_ms"`
			}
		}
	}
	if err := json.Unmarshal([]byte(s.must("trace", requestID, "-a", "shop", "--output", "json").stdout), &story); err != nil {
		t.Fatal(err)
	}
	if d := story.Data; d.Router.App != "shop" || len(d.Lines) != 1 || len(d.Requests) != 1 || d.Requests[0].ServiceMS != 18 {
		t.Errorf("story %+v", story)
	}
}

func TestTraceOfARequestThatIsNotThere(t *testing.T) {
	s, _ := newShops(t)
	for args, want := range map[string]string{
		"nothing-like-this":                        "no line of blog, shop, shop-api since ",
		"nothing-like-this -a shop -a b*":          "trace nothing-like-this -a shop -a 'b*' --since 7d`",
		"nothing-like-this -a shop --since 7d":     "--since 30d`",
		requestID + " --since 1s":                  "contains the request ID " + requestID,
		requestID + " -a nope":                     "nope has no drain",
		`a"b`:                                      "is not a request ID",
		requestID + " --since 1h --until 2h":       "--until is before --since",
		requestID + " --since now --until tomorow": "is not an age",
	} {
		got := command(t, nil, s.local(append([]string{"trace"}, strings.Fields(args)...)...)...)
		if got.code == 0 || got.stdout != "" {
			t.Errorf("%s: exit code %d, %s", args, got.code, got.stdout)
		}
		wantIn(t, args, got.stderr, want)
	}
}
