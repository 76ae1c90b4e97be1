package browser_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/drain"
)

// TestHostileLines checks that lines whose authors want to run something in the page, or to look like something else, are only text.
func TestHostileLines(t *testing.T) {
	skipWithoutBrowser(t)
	lines := []struct{ text, shown string }{
		{`<script>window.owned = 1</script>`, `<script>window.owned = 1</script>`},
		{`"><img src=x onerror="window.owned = 1">`, `"><img src=x onerror="window.owned = 1">`},
		{`<svg/onload=window.owned=1>`, `<svg/onload=window.owned=1>`},
		{`javascript:window.owned=1`, `javascript:window.owned=1`},
		{"before\x1b[31mred\x1b[0mafter", "beforeredafter"},
		{"erase\x1b[2Jand\x1b]0;title\x07", "erase\u241b[2Jand\u241b]0;title\u2407"},
		{"user\u202etxt.exe", "user\u2039U+202E\u203atxt.exe"},
		{"\u2066isolate\u2069 zero\u200bwidth", "\u2039U+2066\u203aisolate\u2039U+2069\u203a zero\u2039U+200B\u203awidth"},
		{"nul\x00byte \u0085 \x7f", "nul\u2400byte \u2039U+0085\u203a \u2421"},
		{`{"msg":"<b>bold</b>","level":"<i>","__proto__":{"owned":1},"constructor":"\u202e"}`, "<b>bold</b>"},
		{`request_id=<script>window.owned=1</script> and request_id="><script>window.owned=1</script>`, `<script>window.owned=1</script>`},
		{strings.Repeat("x", 9_000), strings.Repeat("x", 2000) + " … 7000 more characters"},
		{"the last one", "the last one"},
	}
	for _, format := range []string{drain.FormatText, drain.FormatJSON} {
		t.Run(format, func(t *testing.T) {
			s := serve(t, options{})
			s.put("shop", drain.Patch{Format: new(format)})
			var messages [][]byte
			now := time.Now().Add(-time.Minute)
			for i, line := range lines {
				messages = append(messages, say("web.1", now.Add(time.Duration(i)*time.Millisecond), line.text))
			}
			s.post("shop", messages...)
			p := open(t, s, "", desktop)
			p.until(shows("the last one"))
			texts := p.texts()
			if len(texts) != len(lines) {
				t.Fatalf("%d lines: %q", len(texts), texts)
			}
			for i, line := range lines {
				if !strings.Contains(texts[i], line.shown) {
					t.Errorf("%q is shown as %q, want %q", line.text, texts[i], line.shown)
				}
			}
			value[any](p, `(() => { for (let i = 0; i < document.querySelectorAll('#canvas .line').length; i++) document.querySelectorAll('#canvas .line .head')[i].click(); return null; })()`)
			p.until(fmt.Sprintf(`document.querySelectorAll('#canvas .details').length === %d`, len(lines)))
			p.press("r") // as they are stored
			p.until(`document.getElementById('raw').getAttribute('aria-pressed') === 'true'`)
			for name, count := range map[string]string{
				"scripts": `document.querySelectorAll('main script, main img, main i:not([class]), main b:not([class]), main svg[onload]').length`,
				"owned":   `Number(Boolean(window.owned)) + Number(Boolean({}.owned))`,
				// What turns the direction of writing is not in the document, and each text is isolated from its neighbors.
				"bidi":      `(document.body.textContent.match(/[\u202a-\u202e\u2066-\u2069\u0000]/g) ?? []).length`,
				"isolation": `[...document.querySelectorAll('#canvas .text')].filter((each) => getComputedStyle(each).unicodeBidi !== 'isolate').length`,
			} {
				if n := value[int](p, count); n != 0 {
					t.Errorf("%s: %d, want 0", name, n)
				}
			}
			if red := value[string](p, `document.querySelector('#canvas .ansi-red').textContent`); red != "red" {
				t.Errorf("in red: %q", red)
			}
		})
	}
}
