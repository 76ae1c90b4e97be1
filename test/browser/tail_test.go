package browser_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/drain"
)

const request = "3f2a9c1e-0b7d-4c55-9a51-6f0d2f6c7a10"

func TestTailArrives(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	s.put("shop", drain.Patch{})
	s.put("blog", drain.Patch{Format: new(string(drain.FormatText))})
	p := open(t, s, "", desktop)
	p.until(live)
	now := time.Now()
	s.post("shop", say("web.1", now, "the first line"))
	p.until(shows("the first line"))
	s.post("blog", say("worker.1", now.Add(time.Second), "a line of the other app"))
	p.until(shows("a line of the other app"))
	s.post("shop", route(now.Add(2*time.Second), `at=error code=H12 desc="Request timeout" method=GET path="/checkout" host=shop.example.com `+
		`request_id=`+request+` fwd="203.0.113.7" dyno=web.1 connect=1ms service=30000ms status=503 bytes=0 protocol=https`))
	p.until(shows("/checkout"))
	line := value[map[string]string](p, `(() => { const line = [...document.querySelectorAll('#canvas .line')].at(-1);
		return { app: line.querySelector('.app').textContent, process: line.querySelector('.process').textContent,
			text: line.querySelector('.text').textContent, kind: line.className, status: line.querySelector('.s5').textContent.trim() }; })()`)
	if line["app"] != "shop" || line["process"] != "router" || !strings.Contains(line["kind"], "error") || line["status"] != "503" {
		t.Errorf("the router's line is shown as %v", line)
	}
	for _, part := range []string{"GET", "503", "30\u00a0000 ms", "/checkout", "H12 Request timeout", "web.1", request[:8]} {
		if !strings.Contains(line["text"], part) {
			t.Errorf("the router's line is shown without %q: %q", part, line["text"])
		}
	}
	// Lines that were stored late stand where their time belongs.
	s.post("blog", say("worker.1", now.Add(500*time.Millisecond), "a late line"))
	p.until(shows("a late line"))
	if texts := p.texts(); len(texts) != 4 || texts[1] != "a late line" {
		t.Errorf("lines are in the order %q", texts)
	}
}

func TestDrainThatIsNewJoinsTheTail(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	p := open(t, s, "", desktop)
	p.until(`!document.getElementById('lines-empty').hidden`)
	if text := value[string](p, `document.getElementById('lines-empty').textContent`); !strings.Contains(text, "heroku-drains-cli --local simulate -a shop --lines 500") {
		t.Errorf("without lines, the page says %q", text)
	}
	p.click("#play")
	p.until(`document.getElementById('play-dialog').open`)
	p.click("#play-dialog .choice")
	p.until(`document.querySelectorAll('#canvas .line').length > 10`)
	p.until(`[...document.querySelectorAll('#facets .app-choice .name')].some((each) => each.textContent === 'shop')`)
}

func TestFilterAndChips(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	s.put("shop", drain.Patch{})
	s.put("blog", drain.Patch{})
	now := time.Now().Add(-time.Minute)
	s.store("shop", now, jsonLine("app", "web.1", "alpha one"), jsonLine("app", "worker.1", "alpha two"), jsonLine("app", "web.2", "beta id=7"))
	s.store("blog", now, jsonLine("app", "web.1", "alpha three"))
	p := open(t, s, "", desktop)
	p.until(live)
	p.until(shows("alpha three"))

	p.press("/")
	p.enter("alpha")
	p.until(`document.querySelectorAll('#canvas .line').length === 3 && document.querySelectorAll('#canvas mark').length === 3`)
	p.click(`#facets [data-facet="app shop"]`)
	p.until(`document.querySelectorAll('#canvas .line').length === 2`)
	p.click(`#facets [data-facet="process worker"]`)
	p.until(`document.querySelectorAll('#canvas .line').length === 1`)
	if texts := p.texts(); !slices.Equal(texts, []string{"alpha two"}) {
		t.Errorf("with the filter, an app and a process: %q", texts)
	}
	if place := value[string](p, `location.hash`); place != "#app=shop&q=alpha&process=worker" {
		t.Errorf("the address says %s", place)
	}
	// New lines are filtered, too.
	s.store("shop", time.Now(), jsonLine("app", "web.1", "alpha no"), jsonLine("app", "worker.1", "alpha yes"))
	p.until(shows("alpha yes"))
	if texts := p.texts(); !slices.Equal(texts, []string{"alpha two", "alpha yes"}) {
		t.Errorf("new lines: %q", texts)
	}

	// What people type as it stands in the line is found, although a filter pattern needs quotes for it.
	value[any](p, `(document.activeElement.blur(), null)`)
	p.press("Escape")
	p.until(`document.querySelectorAll('#canvas .line').length === 6`)
	p.press("/")
	p.enter("id=7")
	p.until(`document.querySelectorAll('#canvas .line').length === 1`)
	if texts := p.texts(); !slices.Equal(texts, []string{"beta id=7"}) {
		t.Errorf("id=7 finds %q", texts)
	}
	p.press("Escape") // leaves the box
	p.press("Escape") // clears the filters
	p.click(`#facets [data-facet="slower 1s"]`)
	p.until(`document.querySelectorAll('#canvas .line').length === 0 && !document.getElementById('lines-empty').hidden`)
	s.post("shop", route(time.Now(), `at=info method=GET path="/slow" host=shop.example.com request_id=`+request+` fwd="203.0.113.7" dyno=web.1 connect=1ms service=1200ms status=200 bytes=1 protocol=https`))
	p.until(`document.querySelectorAll('#canvas .line').length === 1`)
	p.click(`#facets [data-facet="since 15 min"]`)
	p.until(`!document.getElementById('range').hidden`)
	p.until(shows("/slow"))
	p.press("Escape")
	p.until(`document.getElementById('range').hidden && document.querySelectorAll('#canvas .line').length > 1`)
	p.press("/")
	p.enter("{ $.nope = }")
	p.until(`!document.getElementById('filter-error').hidden`)
	p.expectErrors("/api/lines?") // a status of 400
}

func TestNothingMatches(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	s.put("shop", drain.Patch{})
	s.store("shop", time.Now(), jsonLine("app", "web.1", "hello"))
	p := open(t, s, "q=goodbye", desktop)
	p.until(`!document.getElementById('lines-empty').hidden`)
	p.click("#lines-empty button")
	p.until(shows("hello"))
}

// TestPause checks that what somebody reads stays where it is, and that nothing is lost meanwhile.
func TestPause(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	s.put("shop", drain.Patch{})
	start := time.Now().Add(-20 * time.Second) // each search looks back for late lines that far
	var lines []string
	for i := range 300 {
		lines = append(lines, jsonLineAt(start.Add(time.Duration(i)*time.Millisecond), fmt.Sprintf("line %d", i)))
	}
	s.store("shop", start, lines...)
	p := open(t, s, "", desktop)
	p.until(live)
	p.until(shows("line 299"))
	atEnd := `(() => { const box = document.getElementById('scroller'); return box.scrollHeight - box.scrollTop - box.clientHeight < 4; })()`
	p.until(atEnd)

	value[any](p, `(document.getElementById('scroller').scrollTop -= 1500, null)`)
	p.until(`!document.getElementById('newer').hidden`)
	seen := `(() => { const box = document.getElementById('scroller').getBoundingClientRect();
		return document.elementFromPoint(box.left + 400, box.top + 200).closest('.line').querySelector('.text').textContent; })()`
	before := value[string](p, seen)
	s.store("shop", time.Now(), jsonLine("app", "web.1", "new 1"), jsonLine("app", "web.1", "new 2"))
	p.until(`document.getElementById('newer').textContent.startsWith('2 new lines')`)
	if after := value[string](p, seen); after != before {
		t.Errorf("%q stands where %q stood", after, before)
	}
	// Nor does a line move it that belongs further up, because it was stored late.
	late := start.Add(10*time.Millisecond + 500*time.Microsecond)
	s.store("shop", late, jsonLineAt(late, "late"))
	p.until(`document.getElementById('newer').textContent.startsWith('3 new lines')`)
	if after := value[string](p, seen); after != before {
		t.Errorf("%q stands where %q stood, after a late line", after, before)
	}
	p.press("w") // other lines, other heights
	p.press("w")
	if after := value[string](p, seen); after != before {
		t.Errorf("%q stands where %q stood, after lines were wrapped", after, before)
	}
	value[any](p, `(document.getElementById('scroller').scrollTop = 0, null)`)
	p.until(shows("late"))
	if texts := p.texts(); !slices.Equal(texts[10:13], []string{"line 10", "late", "line 11"}) {
		t.Errorf("the late line stands between %q", texts[10:13])
	}
	p.click("#newer")
	p.until(shows("new 2"))
	p.until(atEnd)

	p.press(" ")
	p.until(`document.getElementById('pause').textContent === 'Resume'`)
	s.store("shop", time.Now(), jsonLine("app", "web.1", "new 3"))
	p.until(`document.getElementById('newer').textContent.startsWith('1 new line ')`)
	p.press(" ")
	p.until(shows("new 3"))
	p.until(atEnd)
}

// TestTenThousandLines checks that the document stays small, and that the page keeps a bounded number of lines.
func TestTenThousandLines(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	s.put("shop", drain.Patch{})
	p := open(t, s, "", desktop)
	p.until(live)
	value[any](p, `(window.longTasks = [], new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((each) => each.duration))).observe({ entryTypes: ['longtask'] }), null)`)
	const all = 11_000
	start := time.Now().Add(-time.Minute)
	for from := 0; from < all; from += 1000 {
		if from == all-2000 {
			// A hidden tab has no frames, and must not collect lines without end either.
			value[any](p, `(Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }), document.dispatchEvent(new Event('visibilitychange')), null)`)
		}
		var lines []string
		for i := from; i < from+1000; i++ {
			lines = append(lines, jsonLine("app", fmt.Sprintf("web.%d", i%3), fmt.Sprintf(`{"level":"info","msg":"line %d","path":"/products/%d"}`, i, i%50)))
		}
		s.store("shop", start.Add(time.Duration(from)*time.Millisecond), lines...)
	}
	p.until(`document.getElementById('kept').textContent.startsWith('The newest 10\u202f0')`)
	value[any](p, `(delete document.visibilityState, document.dispatchEvent(new Event('visibilitychange')), null)`)
	p.until(shows(fmt.Sprintf("line %d", all-1)))
	nodes := `document.querySelectorAll('*').length`
	if n := value[int](p, nodes); n > 6000 {
		t.Errorf("%d elements for %d lines", n, all)
	}
	for range 20 { // through the list
		value[any](p, `(document.getElementById('scroller').scrollTop -= 9000, new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))`)
		if n := value[int](p, nodes); n > 6000 {
			t.Fatalf("%d elements while scrolling", n)
		}
	}
	p.until(`(() => { const box = document.getElementById('scroller').getBoundingClientRect(); return document.elementFromPoint(box.left + 400, box.top + 200).closest('.line'); })()`)
	long := value[[]float64](p, `longTasks`)
	t.Logf("%d tasks of more than 50 ms, the longest of %.0f ms", len(long), slices.Max(append(long, 0)))
}

// jsonLine returns a stored line in the JSON format.
func jsonLine(source, process, text string) string {
	return fmt.Sprintf(`{"time":%q,"app":"shop","source":%q,"process":%q,"severity":"info","message":%q}`,
		time.Now().UTC().Format("2006-01-02T15:04:05.000000Z07:00"), source, process, text)
}
