package browser_test

import (
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/logplex"
)

// TestStory checks what a click on a request's ID shows.
func TestStory(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	s.put("shop", drain.Patch{})
	s.put("blog", drain.Patch{})
	at := time.Now().Add(-time.Minute)
	s.post("shop",
		logplex.AppendLine(nil, logplex.Line{Priority: 134, Time: at.Add(-time.Hour), Source: []byte("app"), Process: []byte("api"), Message: []byte("Release v42 created by user ann@example.com")}),
		say("web.1", at.Add(20*time.Millisecond), `[`+request+`] Started GET "/checkout"`),
		say("web.1", at.Add(25*time.Millisecond), "another request"),
		say("web.1", at.Add(400*time.Millisecond), `{"level":"error","msg":"card was declined","request_id":"`+request+`"}`),
		route(at.Add(500*time.Millisecond), `at=info method=GET path="/checkout" host=shop.example.com request_id=`+request+` fwd="203.0.113.7" dyno=web.1 connect=1ms service=480ms status=502 bytes=1234 protocol=https`),
	)
	s.post("blog", say("web.1", at, "nothing of it"))
	p := open(t, s, "", desktop)
	p.until(shows("/checkout"))
	p.until(live)
	p.click(`#canvas .line:last-child button.request`)
	p.until(`document.querySelectorAll('#story .story-lines .line').length >= 3`)
	text := strings.ReplaceAll(value[string](p, `document.getElementById('story').innerText`), "\u00a0", " ")
	for _, want := range []string{request, "502 GET /checkout", "connect 1 ms", "service 480 ms", "web.1", "v42 by ann@example.com", "shop.example.com", "203.0.113.7", "1.2 kB", "3 lines", "card was declined"} {
		if !strings.Contains(text, want) {
			t.Errorf("the story does not say %q", want)
		}
	}
	for _, other := range []string{"another request", "nothing of it"} {
		if strings.Contains(text, other) {
			t.Errorf("the story says %q, which is of another request", other)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
	if hash := value[string](p, `location.hash`); hash != "#request="+request {
		t.Errorf("the address says %s", hash)
	}
	p.press("Escape")
	p.until(`document.getElementById('story').hidden && location.hash === ''`)
	p.do(back())
	p.until(`!document.getElementById('story').hidden`)

	// A request that nobody knows.
	value[any](p, `(location.hash = '#request=00000000-0000-4000-8000-000000000000', null)`)
	p.until(`document.getElementById('story').innerText.includes('No line has this ID')`)
}

// TestLinkToALine checks that a copied link leads to the line, and does not have the token.
func TestLinkToALine(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{token: "secret-of-the-test"})
	s.put("shop", drain.Patch{})
	at := time.Now().Add(-30 * time.Minute)
	s.store("shop", at, jsonLineAt(at, "the line"))
	s.store("shop", time.Now(), jsonLine("app", "web.1", "a later line"))
	p := open(t, s, "", desktop)
	p.until(shows("the line"))
	if hash := value[string](p, `location.hash`); !strings.HasPrefix(hash, "#token=secret-of-the-test") {
		t.Errorf("the address %s lost its token: reloading the page would not work", hash)
	}
	value[any](p, `(navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }, null)`)
	p.press("k")
	p.press("k")
	p.press("c")
	p.until(`window.copied?.endsWith(' app[web.1]: the line')`)
	p.press("y")
	p.until(`window.copied?.startsWith('http://')`)
	link := value[string](p, `copied`)
	if strings.Contains(link, "secret") {
		t.Errorf("the link %s has the token", link)
	}
	value[any](p, `(location.href = copied, null)`)
	p.until(`document.activeElement.closest('.line.open')?.textContent.includes('the line')`)
	if texts := p.texts(); len(texts) != 1 {
		t.Errorf("around the line are %q", texts)
	}
}

// TestToken checks that the page says what to do without a token.
func TestToken(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{token: "secret-of-the-test"})
	s.put("shop", drain.Patch{})
	s.token = "" // the page is opened without it
	p := open(t, s, "", desktop)
	p.until(`!document.getElementById('banner').hidden && document.getElementById('banner').textContent.includes('Open the address that')`)
	p.expectErrors("401")
	s.token = "secret-of-the-test"
}
