package browser_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"heroku-drains/lib/client/console"
	"heroku-drains/lib/cost"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/localtest"
)

func back() chromedp.Action[chromedp.Void] { return chromedp.NavigateBack() }

// TestDrains checks the view of drains, and that a row leads to its lines.
func TestDrains(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	p := open(t, s, "view=drains", desktop)
	p.until(`document.querySelector('#view-drains .empty')?.innerText.includes('heroku-drains-cli --local put -a shop')`)
	for _, app := range []string{"shop", "blog"} {
		s.put(app, drain.Patch{})
		s.store(app, time.Now().Add(-5*time.Minute), jsonLine("app", "web.1", "a line of "+app))
	}
	p = open(t, s, "view=drains", desktop)
	p.until(`document.querySelectorAll('#view-drains tbody tr').length === 2 && !document.querySelector('#view-drains tbody').innerText.includes('unknown')`)
	cells := value[[]string](p, `[...document.querySelectorAll('#view-drains tbody tr:nth-child(2) > *')].map((each) => each.innerText.trim())`)
	if cells[0] != "shop" || cells[1] != "active" || cells[4] != "0" || cells[5] != "0" || cells[7] != "0" || !strings.HasSuffix(cells[8], " min ago") {
		t.Errorf("the row of shop: %q", cells)
	}
	p.until(`document.querySelector('#view-drains tbody tr:nth-child(2) svg').getAttribute('aria-label').startsWith('1 line in the last hour')`)
	p.click(`#view-drains [data-drain="shop"]`)
	p.until(shows("a line of shop"))
	if texts := p.texts(); len(texts) != 1 {
		t.Errorf("lines of shop: %q", texts)
	}
}

// TestCost checks that the view of drains says what the traffic would cost, with the parts for who asks.
func TestCost(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{meter: func(context.Context) *console.Cost {
		return &console.Cost{Seconds: 600, Posts: 300, Region: "us-east-1", Total: 14.5, Parts: cost.Bill{
			{Part: "API Gateway", Units: 1_296_000, Unit: "requests of 512 KB", Dollars: 1.296}, {Part: "SNS, email", Units: 1, Unit: "emails", Dollars: 0.00002},
		}}
	}})
	s.put("shop", drain.Patch{})
	p := open(t, s, "view=drains", desktop)
	p.until(`document.querySelector('#view-drains .cost:not([hidden]) summary')?.innerText === 'The traffic of the last 10 minutes would cost about $14.50 a month on AWS.'`)
	if value[bool](p, `document.querySelector('#view-drains .cost').open`) {
		t.Error("the parts are shown before anybody asks for them")
	}
	p.click(`#view-drains .cost summary`)
	p.until(`document.querySelector('#view-drains .cost').open`)
	rows := value[[]string](p, `[...document.querySelectorAll('#view-drains .cost tbody tr')].map((each) => each.innerText.replace(/\s+/g, ' '))`)
	if len(rows) != 1 || rows[0] != "API Gateway 1 296 000 requests of 512 KB 1.30" {
		t.Errorf("parts %q", rows)
	}
}

// TestAlerts checks that an alert is shown while it fires, and leads to its lines.
func TestAlerts(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	s.put("shop", drain.Patch{})
	p := open(t, s, "view=alerts", desktop)
	p.until(`document.querySelector('#view-alerts .empty')?.innerText.includes('heroku-drains-cli --local alerts rules')`)
	at := time.Now().Add(-20 * time.Second)
	var messages [][]byte
	for i := range 40 {
		at = at.Add(100 * time.Millisecond)
		messages = append(messages, route(at, fmt.Sprintf(`at=error code=H12 desc="Request timeout" method=GET path="/checkout" host=shop.example.com `+
			`request_id=3f2a9c1e-0b7d-4c55-9a51-%012d fwd="203.0.113.7" dyno=web.1 connect=1ms service=30000ms status=503 bytes=0 protocol=https`, i)))
	}
	s.post("shop", messages...)
	p.until(`document.querySelector('#view-alerts .alert.firing')?.innerText.includes('shop')`)
	p.until(`document.getElementById('alerts-count').textContent === '1'`)
	p.until(`document.querySelector('#view-alerts .alert.firing summary .what').innerText.includes('shop H12 Request timeout')`)
	p.click(`#view-alerts .alert.firing summary`)
	p.until(`document.querySelector('#view-alerts .alert.firing details').open`)
	value[any](p, `import('/alerts-view.js').then((view) => view.refreshAlerts()).then(() => null)`) // as every few seconds
	if !value[bool](p, `document.querySelector('#view-alerts .alert.firing details').open`) {
		t.Fatal("the alert that somebody reads is closed when the page reads all alerts again")
	}
	p.click(`#view-alerts .alert.firing .actions button`)
	p.until(shows("Request timeout"))
	p.until(`!document.getElementById('range').hidden`)
}

// TestTraffic checks the plots: with what they say without a picture, and by the keyboard.
func TestTraffic(t *testing.T) {
	skipWithoutBrowser(t)
	s := serve(t, options{})
	s.put("shop", drain.Patch{})
	p := open(t, s, "view=traffic", desktop)
	p.until(`document.querySelector('#view-traffic .empty')?.innerText.includes('simulate -a shop')`)
	at := time.Now().Add(-3 * time.Minute)
	var messages [][]byte
	for i := range 20 {
		status := 200
		if i < 3 {
			status = 404
		}
		messages = append(messages, route(at.Add(time.Duration(i)), fmt.Sprintf(`at=info method=GET path="/" host=shop.example.com request_id=3f2a9c1e-0b7d-4c55-9a51-%012d `+
			`fwd="203.0.113.7" dyno=web.1 connect=1ms service=%dms status=%d bytes=10 protocol=https`, i, 100, status)))
	}
	s.post("shop", messages...)
	localtest.Eventually(t, "the lines are stored", func() bool { return len(localtest.StoredLines(t, s.system.AWS, "shop")) == len(messages) })
	s.system.AWS.Advance(2 * time.Second) // queries find lines late
	s.stop()                              // with what it remembers: it asks AWS at most once a minute
	s.start()
	p = open(t, s, "view=traffic", desktop)
	p.until(`document.querySelectorAll('#view-traffic svg.plot').length === 3`)
	for i, want := range []string{"2xx 17 3xx 0 4xx 3 5xx 0", "p50 100 ms p95 100 ms p99 100 ms", "shop 20"} {
		legend := value[string](p, fmt.Sprintf(`document.querySelectorAll('#view-traffic .legend')[%d].innerText`, i))
		if got := strings.Join(strings.Fields(legend), " "); got != want {
			t.Errorf("the legend of plot %d: %q, want %q", i, got, want)
		}
	}
	value[any](p, `(document.querySelector('#view-traffic svg.plot').focus(), null)`)
	for range 6 {
		p.press("ArrowLeft")
	}
	p.until(`!document.querySelector('#view-traffic .tip').hidden`)
	value[any](p, `(document.querySelector('#view-traffic .as-table').open = true, null)`)
	row := value[[]string](p, `[...document.querySelector('#view-traffic .as-table').querySelectorAll('tbody tr:first-child > *')].map((each) => each.textContent)`)
	if len(row) != 5 || row[1] != "17" || row[3] != "3" {
		t.Errorf("the plot as a table: %q", row)
	}
	for range 60 {
		p.press("ArrowLeft")
		if value[string](p, `document.getElementById('announcement').textContent`) == row[0]+": 4xx 3, 2xx 17" {
			return
		}
		p.press("ArrowRight")
		p.press("ArrowRight")
	}
	t.Errorf("the arrow keys say %q", value[string](p, `document.getElementById('announcement').textContent`))
}
