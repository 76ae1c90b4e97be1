package cli_test

import (
	"encoding/json"
	"slices"
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

func TestTraceByTheBeginningOfAnID(t *testing.T) {
	s, at := newShops(t)
	story := func(args ...string) string { return s.must(append([]string{"trace"}, args...)...).stdout }
	want := story(requestID)
	for _, given := range []string{requestID[:8], requestID[:13], requestID[:25], "request_id=" + requestID, "request_id=" + requestID[:8]} {
		if diff := cmp.Diff(want, story(given)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", given, diff)
		}
	}
	wantIn(t, "logs", s.must("logs", "--request-id", "request_id="+requestID[:8]).stdout, "three")

	// A line that only the app wrote, with the ID of something else in it.
	s.storeIn("blog", at, `app[web.1]: GET /orders/0abcdef1/items request_id=0abcdef1-1b0f-4a52-9a3e-2f7d8c6b5a41 done`)
	wantIn(t, "an app's line", story("0abcdef1"), "Request ID  0abcdef1-1b0f-4a52-9a3e-2f7d8c6b5a41\n")

	another := requestID[:8] + "-ffff-4a52-9a3e-2f7d8c6b5a41"
	s.storeIn("shop", at, "heroku[router]: "+strings.ReplaceAll(requestLine("service=1ms status=200"), requestID, another))
	got := command(t, nil, s.local("trace", requestID[:8])...)
	wantCode(t, got, 2)
	wantIn(t, "ambiguous", got.stderr, `error: 2 request IDs begin with "`+requestID[:8]+`": give more characters of the ID (`+requestID+", "+another+")")
	wantIn(t, "more characters", story(another[:10]), "Request ID  "+another+"\n")
}

func TestTheHintOfTraceRunsAsItStands(t *testing.T) {
	s, _ := newShops(t)
	flags := s.local()
	const id = "nothing-like-this-here"
	for name, args := range map[string][]string{
		"before the verb": append(slices.Clone(flags), "trace", id), "after the verb": append([]string{"trace", id}, flags...),
		"of an app": append([]string{"trace", id, "-a", "shop"}, flags...), "before an app": append(slices.Clone(flags), "-a", "shop", "trace", id),
	} {
		got := command(t, nil, args...)
		wantCode(t, got, 1)
		_, hint, _ := strings.Cut(got.stderr, "To search further back: `")
		words := strings.Fields(strings.TrimSuffix(strings.TrimSpace(hint), "`"))
		if len(words) == 0 || strings.ContainsAny(hint, "'\"") {
			t.Fatalf("%s: %s", name, got.stderr)
		}
		again := command(t, nil, words[1:]...)
		wantCode(t, again, 1)
		wantIn(t, name, again.stderr, "contains the request ID "+id+".", "--since 30d`")
	}
}

func TestTraceOfARequestThatIsNotThere(t *testing.T) {
	s, _ := newShops(t)
	for args, want := range map[string]string{
		"nothing-like-this-here":                    "no line of blog, shop, shop-api since ",
		"nothing-like-this-here -a shop -a b*":      "trace nothing-like-this-here -a shop -a 'b*' --since 7d`",
		"nothing-like-this-here -a shop --since 7d": "--since 30d`",
		"nonsense":                           `"nonsense" is not a request ID: give the value of request_id in a router line`,
		"abc":                                `"abc" is not a request ID`,
		"request_id=abc":                     `"abc" is not a request ID`,
		requestID + " --since 1s":            "contains the request ID " + requestID,
		requestID + " -a nope":               "nope has no drain",
		`a"b`:                                "is not a request ID",
		requestID + " --since 1h --until 2h": "--until is before --since",
		requestID + " --since now --until tomorow": "is not an age",
	} {
		got := command(t, nil, s.local(append([]string{"trace"}, strings.Fields(args)...)...)...)
		if got.code == 0 || got.stdout != "" {
			t.Errorf("%s: exit code %d, %s", args, got.code, got.stdout)
		}
		wantIn(t, args, got.stderr, want)
	}
}
