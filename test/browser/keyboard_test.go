package browser_test

import (
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/drain"
)

// holdPrefix keeps the page waiting for the second key of two, until window.expire is called.
func (p *tab) holdPrefix() {
	p.t.Helper()
	value[any](p, `((set, clear) => {
		const held = new Map();
		window.setTimeout = (call, after) => {
			if (after !== 1500) return set(call, after);
			held.set('held ' + held.size, call);
			return 'held ' + (held.size - 1);
		};
		window.clearTimeout = (id) => { if (!held.has(id)) clear(id); else held.set(id, () => {}); };
		window.expire = (n) => [...held.values()][n]();
		return null;
	})(window.setTimeout, window.clearTimeout)`)
}

// TestTheTimeForASecondKey checks that the page waits some time for the second key of two, and each time anew.
func TestTheTimeForASecondKey(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	s.put("shop", drain.Patch{})
	p := open(t, s, "view=alerts", desktop)
	p.until(`!document.getElementById('view-alerts').hidden`)
	p.holdPrefix()
	p.press("g")
	p.press("d")
	p.until(`!document.getElementById('view-drains').hidden`)
	p.press("g")
	value[any](p, `expire(0)`) // of the first
	p.press("a")
	p.until(`!document.getElementById('view-alerts').hidden`)
	p.press("g")
	value[any](p, `expire(2)`)
	p.press("d")
	if value[bool](p, `document.getElementById('view-alerts').hidden`) {
		t.Error("the page waits for the second key without end")
	}
}

// TestKeyboard goes through the page without a mouse.
func TestKeyboard(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	s.put("shop", drain.Patch{})
	s.store("shop", time.Now().Add(-time.Minute), jsonLine("app", "web.1", "one"), jsonLine("app", "web.1", "two"), jsonLine("app", "web.1", `{"msg":"three","user":{"id":7}}`))
	p := open(t, s, "", desktop)
	p.until(shows("three"))
	p.holdPrefix() // so that a busy machine has the time to press two keys
	focused := `document.activeElement.closest('.line')?.querySelector('.text').textContent ?? ''`
	steps := []struct{ key, until string }{
		{"k", focused + `.startsWith('three')`},
		{"k", focused + ` === 'two'`},
		{"j", focused + `.startsWith('three')`},
		{"Enter", `document.querySelector('#canvas .open .fields')?.textContent.includes('user')`},
		{"Enter", `!document.querySelector('#canvas .open')`},
		{"?", `document.getElementById('help-dialog').open`},
		{"Escape", `!document.getElementById('help-dialog').open`},
		{"g", `true`}, {"d", `!document.getElementById('view-drains').hidden && document.querySelector('#view-drains tbody button')?.textContent === 'shop'`},
		{"g", `true`}, {"a", `!document.getElementById('view-alerts').hidden`},
		{"g", `true`}, {"t", `!document.getElementById('view-traffic').hidden`},
		{"g", `true`}, {"l", `!document.getElementById('view-lines').hidden`},
		{"/", `document.activeElement.id === 'filter'`},
		{"j", `document.getElementById('filter').value === 'j'`}, // while somebody types, keys are text
		{"Escape", `document.activeElement.id !== 'filter'`},
		{"Escape", `document.getElementById('filter').value === ''`},
		{"w", `document.getElementById('scroller').classList.contains('wrapped')`},
		{"z", `document.getElementById('zone').textContent === 'Local'`},
		{"t", `document.documentElement.dataset.theme === 'light'`},
		{"t", `document.documentElement.dataset.theme === 'dark'`},
	}
	for _, step := range steps {
		p.press(step.key)
		p.until(step.until)
	}
	// Choices last.
	p.do(reload())
	p.until(`document.documentElement.dataset.theme === 'dark' && document.getElementById('zone').textContent === 'Local'`)

	// Everything that can be pressed says what it is, and shows that it has the focus.
	p.until(shows("three"))
	nameless := value[[]string](p, `[...document.querySelectorAll('button, a[href], input, summary, [tabindex="0"]')]
		.filter((each) => !(each.textContent.trim() || each.getAttribute('aria-label'))).map((each) => each.outerHTML.slice(0, 200))`)
	if len(nameless) > 0 {
		t.Errorf("without a name: %s", strings.Join(nameless, "\n"))
	}
	var seen []string
	for range 30 {
		p.press("Tab")
		at := value[map[string]string](p, `({ name: document.activeElement.id || document.activeElement.textContent.slice(0, 50), body: String(document.activeElement === document.body), outline: getComputedStyle(document.activeElement).outlineStyle })`)
		seen = append(seen, at["name"])
		if at["outline"] == "none" && at["body"] != "true" {
			t.Errorf("%s has the focus, and does not show it", at["name"])
		}
	}
	if joined := strings.Join(seen, " "); !strings.Contains(joined, "filter") {
		t.Errorf("the Tab key goes through %q", seen)
	}
}
