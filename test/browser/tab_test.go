package browser_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"heroku-drains/lib/local/localtest"
)

// waitLimit is how long a tab may take to show something. It is enough for a busy machine.
const waitLimit = 2 * time.Minute

// tab is a tab of the browser. At the end of the test it checks that the page ran into no error, and asked no other host for anything.
type tab struct {
	t    *testing.T
	ctx  context.Context
	host string

	mu       sync.Mutex
	errors   []string
	requests []string
}

// look is how the browser shows the page.
type look struct {
	width, height int64
	scheme        string // light or dark
}

var desktop = look{width: 1280, height: 800, scheme: "light"}

// open opens the page in a new tab.
func open(t *testing.T, s *site, place string, as look) *tab {
	t.Helper()
	skipWithoutBrowser(t)
	ctx, end := chromedp.NewContext(browser)
	t.Cleanup(end)
	p := &tab{t: t, ctx: ctx, host: s.addr}
	localtest.Must(t, chromedp.Do(ctx)) // the tab lives as long as the context of the first call
	p.do(chromedp.EmulateViewport(as.width, as.height))
	localtest.Must(t, chromedp.Listen(ctx, p.hear))
	call(p, log.Enable, cdp.Empty{})
	call(p, network.Enable, network.EnableParams{})
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: as.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	p.do(chromedp.Navigate(s.url(place)))
	t.Cleanup(p.check)
	return p
}

func skipWithoutBrowser(t *testing.T) {
	t.Helper()
	if browser == nil {
		t.Skipf("SKIPPED: the page is not tested, because no Chromium is installed: none of %s is in PATH", strings.Join(browsers, ", "))
	}
}

// hear notes errors, violations of the content security policy, and requests.
func (p *tab) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.errors = append(p.errors, "exception: "+e.ExceptionDetails.Text+" "+description(e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		for _, argument := range e.Args {
			p.errors = append(p.errors, fmt.Sprintf("console.%s: %s %s", e.Type, argument.Value, argument.Description))
		}
	case *log.EventEntryAdded:
		p.errors = append(p.errors, fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	}
}

func description(object *runtime.RemoteObject) string {
	if object == nil {
		return ""
	}
	return object.Description
}

// expectErrors returns the errors so far that contain a text, and forgets them.
func (p *tab) expectErrors(text string) (found []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var others []string
	for _, e := range p.errors {
		if strings.Contains(e, text) {
			found = append(found, e)
		} else {
			others = append(others, e)
		}
	}
	p.errors = others
	return found
}

func (p *tab) check() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.errors {
		p.t.Errorf("the page reported: %s", e)
	}
	for _, request := range p.requests {
		u, err := url.Parse(request)
		if err != nil || u.Scheme != "data" && u.Host != p.host {
			p.t.Errorf("the page asked another host: %s", request)
		}
	}
}

func call[P, R any](p *tab, command cdp.Command[P, R], params P) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, command, params)
	localtest.Must(p.t, err)
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, waitLimit)
	defer cancel()
	localtest.Must(p.t, chromedp.Do(ctx, steps...))
}

// until waits until an expression is true in the page.
func (p *tab) until(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, waitLimit)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(waitLimit)))
	if err != nil {
		state, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string](`location.hash + "\n" + document.getElementById("filter").value + "\n" + document.body.innerText.slice(0, 3000)`))
		p.t.Fatalf("waited for %s: %v\nthe page shows:\n%s", expression, err, state)
	}
}

// value returns what an expression is in the page. A promise is awaited.
func value[T any](p *tab, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, waitLimit)
	defer cancel()
	// Through JSON, so that all types are read alike.
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("(async () => JSON.stringify((await ("+expression+")) ?? null))()", chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	var result T
	if err := json.Unmarshal([]byte(text), &result); err != nil {
		p.t.Fatalf("%s = %s: %v", expression, text, err)
	}
	return result
}

// press presses a key by its name in the DOM: j, Escape, ArrowLeft.
func (p *tab) press(key string) {
	p.t.Helper()
	code := map[string]int64{"Escape": 27, "Enter": 13, "ArrowLeft": 37, "ArrowRight": 39, "Tab": 9}[key]
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, WindowsVirtualKeyCode: code}
	if utf8.RuneCountInString(key) == 1 {
		down.Text = key
	} else if key == "Enter" {
		down.Text = "\r"
	}
	call(p, input.DispatchKeyEvent, down)
	call(p, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key, WindowsVirtualKeyCode: code})
}

// enter types a text.
func (p *tab) enter(text string) {
	p.t.Helper()
	for _, key := range text {
		p.press(string(key))
	}
}

// click clicks the first element that a selector finds once a pointer would reach it. It looks and clicks at once: the page may draw an element anew at any
// time, and a click that begins on one element and ends on another is lost.
func (p *tab) click(selector string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`((element) => {
		if (!element?.checkVisibility({ visibilityProperty: true })) return false;
		element.scrollIntoView({ block: 'nearest' });
		const box = element.getBoundingClientRect();
		if (!element.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2))) return false;
		element.focus({ preventScroll: true });
		element.click();
		return true;
	})(document.querySelector(%q))`, selector))
}

// texts returns the messages of the lines in the document, in order.
func (p *tab) texts() []string {
	p.t.Helper()
	return value[[]string](p, `[...document.querySelectorAll('#canvas .line .text')].map((each) => each.textContent)`)
}

// shows is an expression that is true if a line in the document contains a text.
func shows(text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll('#canvas .line .text')].some((each) => each.textContent.includes(%q))`, text)
}

const live = `document.getElementById('connection').dataset.state === 'live'`
