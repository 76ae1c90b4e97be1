package browser_test

import (
	"bytes"
	"fmt"
	"image"
	_ "image/png"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/localtest"
)

// reload loads the page again.
func reload() chromedp.Action[chromedp.Void] { return chromedp.Reload() }

// contrasts is an expression: the texts on the screen whose contrast with what is behind them is below 4.5:1 (WCAG 2.2, AA).
// https://www.w3.org/TR/WCAG22/#contrast-minimum
const contrasts = `(() => {
	const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
	const known = new Map();
	const rgba = (color) => {
		if (!known.has(color)) {
			paint.clearRect(0, 0, 1, 1); paint.fillStyle = color; paint.fillRect(0, 0, 1, 1);
			known.set(color, [...paint.getImageData(0, 0, 1, 1).data]);
		}
		return known.get(color);
	};
	const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
		.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = (element) => {
		const layers = [];
		for (let at = element; at; at = at.parentElement) {
			const color = rgba(getComputedStyle(at).backgroundColor);
			if (color[3] > 0) layers.unshift(color);
			if (color[3] === 255) break;
		}
		return layers.reduce((below, [r, g, b, a]) => [r, g, b].map((c, i) => c * a / 255 + below[i] * (1 - a / 255)), [255, 255, 255]);
	};
	const found = new Map();
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const element = walker.currentNode.parentElement;
		if (!walker.currentNode.textContent.trim() || !element.checkVisibility({ visibilityProperty: true }) || element.closest('.hidden, .skip, svg, noscript, script')) continue;
		const back = behind(element);
		const [one, two] = [light(rgba(getComputedStyle(element).color)), light(back)];
		const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
		if (ratio < 4.5) found.set(element.className + ' ' + walker.currentNode.textContent.slice(0, 30), ratio.toFixed(2));
	}
	return [...found].map((each) => each.join(': '));
})()`

// TestLook opens each view in widths from a phone's to 4K, light and dark: nothing may be wider than the screen, and all texts must be readable.
func TestLook(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	s.put("shop", drain.Patch{})
	s.put("blog", drain.Patch{Format: new(drain.FormatText)})
	at := time.Now().Add(-time.Minute)
	var messages [][]byte
	for i := range 60 {
		status := 200 + i%4*100
		at = at.Add(100 * time.Millisecond)
		messages = append(messages, route(at, fmt.Sprintf(`at=info method=GET path="/products/%d?%060d" host=shop.example.com request_id=3f2a9c1e-0b7d-4c55-9a51-%012d `+
			`fwd="203.0.113.7" dyno=web.1 connect=1ms service=%dms status=%d bytes=1024 protocol=https`, i, i, i, 10+i*200, status)),
			say("web.1", at, fmt.Sprintf("\x1b[3%dmcolors\x1b[0m of a terminal, a long line %0200d", i%8, i)),
			say("worker.1", at, fmt.Sprintf(`{"level":"%s","msg":"job done","job":"Resize","tries":%d}`, []string{"info", "warn", "error"}[i%3], i)))
	}
	s.post("shop", messages...)
	s.post("blog", say("web.1", at, "hello"))
	for _, as := range []look{{380, 800, "light"}, {768, 900, "dark"}, {1280, 800, "light"}, {1280, 800, "dark"}, {3840, 2160, "light"}} {
		t.Run(fmt.Sprintf("%d×%d %s", as.width, as.height, as.scheme), func(t *testing.T) {
			p := open(t, s, "", as)
			p.until(shows("Resize"))
			p.until(`document.querySelectorAll('#facets .app-choice').length === 2`)
			check := func(what string) {
				t.Helper()
				if wide := value[int](p, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
					t.Errorf("%s is %d pixels wider than the screen", what, wide)
				}
				if over := value[[]string](p, `[...document.querySelectorAll('main *, header *')].filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1
					&& !each.closest('.text, .hidden')).slice(0, 5).map((each) => each.className + ' ' + each.textContent.slice(0, 40))`); len(over) > 0 {
					t.Errorf("%s: beyond the right edge: %q", what, over)
				}
				for _, low := range value[[]string](p, contrasts) {
					t.Errorf("%s: low contrast: %s", what, low)
				}
			}
			p.checkPainted()
			check("lines")
			value[any](p, `([...document.querySelectorAll('#canvas .line .head')].at(-3).click(), null)`)
			p.until(`document.querySelector('#canvas .open')`)
			check("an open line")
			p.press("?")
			check("help")
			p.press("Escape")
			p.press("p")
			check("test traffic")
			p.press("Escape")
			for _, view := range []struct{ key, ready string }{
				{"d", `document.querySelectorAll('#view-drains tbody tr').length === 2`},
				{"a", `document.querySelector('#view-alerts h2')`},
				{"t", `document.querySelector('#view-traffic svg.plot')`},
			} {
				p.press("g")
				p.press(view.key)
				p.until(view.ready)
				check("view " + view.key)
			}
		})
	}
}

// checkPainted checks that the lines are not only in the document, but on the screen: there must be many colors.
func (p *tab) checkPainted() {
	p.t.Helper()
	picture, _, err := image.Decode(bytes.NewReader(p.picture()))
	localtest.Must(p.t, err)
	bounds := picture.Bounds()
	different := 0
	for y := bounds.Dy() / 2; y < bounds.Dy()/2+100; y++ {
		for x := bounds.Dx() / 2; x < bounds.Dx(); x++ {
			if picture.At(x, y) != picture.At(x-1, y) {
				different++
			}
		}
	}
	if different < bounds.Dx() {
		p.t.Errorf("the lines are not painted: only %d pixels differ from their neighbors", different)
	}
}

// picture returns the screen as PNG, once it shows what the document has.
func (p *tab) picture() []byte {
	p.t.Helper()
	value[any](p, `new Promise((done) => { let left = 10; const frame = () => (left-- > 0 ? requestAnimationFrame(frame) : done(null)); frame(); })`)
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	localtest.Must(p.t, err)
	return picture
}
