package browser_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/localtest"
)

var update = flag.Bool("update", false, "write the pictures of the page to docs/pictures")

// maxPicture is how large a picture may be, in bytes: README shows them.
const maxPicture = 300_000

// TestPictures takes the pictures of the page that README and docs/console.md show: an hour of three apps, of which one has a problem.
func TestPictures(t *testing.T) {
	skipWithoutBrowser(t)
	if !*update {
		t.Skip("only with -update")
	}
	s := serve(t, options{})
	now := time.Now()
	for i, app := range []string{"shop", "blog", "auth-api"} {
		s.put(app, drain.Patch{Format: new(drain.FormatJSON)})
		s.hourOf(app, uint64(i+1), now, []int{30, 9, 14}[i])
	}
	for _, sc := range simulate.Scenarios() {
		if sc.Name == "h12-storm" {
			for _, batch := range simulate.New("shop", 9).Batches(sc, now.Add(-40*time.Second)) {
				s.send("shop", batch)
			}
		}
	}
	s.request(now.Add(-12 * time.Second))
	s.lastLines(now)
	s.system.AWS.Advance(2 * time.Second) // queries find lines late
	s.stop()                              // with what it remembers of the time before
	s.start()
	for _, scheme := range []string{"light", "dark"} {
		as := desktop
		as.scheme = scheme
		p := open(t, s, "", as)
		p.until(shows("/checkout"))
		p.until(live)
		p.until(`document.getElementById('alerts-count').textContent !== '' && !document.getElementById('alerts-count').hidden`)
		p.until(`[...document.querySelectorAll('#facets .spark')].every((each) => each.getAttribute('aria-label').match(/^[1-9]/))`)
		p.save("console-" + scheme)
		if scheme == "dark" {
			continue // of the rest, light pictures are enough
		}
		value[any](p, fmt.Sprintf(`([...document.querySelectorAll('#canvas button[data-request=%q]')].at(-1).click(), null)`, request))
		p.until(`document.querySelectorAll('#story .story-lines .line').length > 2`)
		p.save("console-story")
		p = open(t, s, "view=traffic", as)
		p.until(`document.querySelectorAll('#view-traffic svg.plot').length === 3`)
		p.save("console-traffic")
	}
}

// hourOf sends what an app wrote in the last hour: so many lines a minute, more or less.
func (s *site) hourOf(app string, seed uint64, now time.Time, perMinute int) {
	s.t.Helper()
	g := simulate.New(app, seed)
	for minute := 60; minute > 0; minute-- {
		lines := perMinute + (minute*7)%11 - 5 + perMinute*(minute%17)/30
		s.send(app, g.Batch(now.Add(-time.Duration(minute)*time.Minute), lines, delivery.MaxBytes))
	}
}

// request sends the lines of a request whose story a picture tells.
func (s *site) request(at time.Time) {
	s.t.Helper()
	s.post("shop",
		say("web.1", at, `[`+request+`] Started POST "/checkout" for 203.0.113.7`),
		say("web.1", at.Add(31*time.Millisecond), `[`+request+`] Cart 5137: 3 items, 84.20 EUR`),
		say("web.1", at.Add(2950*time.Millisecond), `{"level":"error","msg":"payment provider did not answer","request_id":"`+request+`","provider":"cards","tries":3}`),
		route(at.Add(3120*time.Millisecond), `at=info method=POST path="/checkout" host=shop.example.com request_id=`+request+
			` fwd="203.0.113.7" dyno=web.1 connect=1ms service=3118ms status=502 bytes=1843 protocol=https tls=true tls_version=tls1.3`),
	)
}

// lastLines sends the newest lines, one at a time, so that their times differ as in an app that people use.
func (s *site) lastLines(now time.Time) {
	s.t.Helper()
	for i, app := range []string{"shop", "blog", "auth-api"} {
		g := simulate.New(app, uint64(20+i))
		at := now.Add(-30 * time.Second)
		for at.Before(now) {
			at = at.Add(time.Duration(700+i*900) * time.Millisecond)
			batch := g.Batch(at, 1, delivery.MaxBytes)
			if ascii(batch.Messages[0]) { // not all machines have fonts for the rest
				s.send(app, batch)
			}
		}
	}
}

func ascii(text []byte) bool {
	return bytes.IndexFunc(text, func(r rune) bool { return r > 0x7e }) < 0
}

// save writes the screen to docs/pictures.
func (p *tab) save(name string) {
	p.t.Helper()
	picture := reduce(p.t, p.picture())
	if len(picture) > maxPicture {
		p.t.Errorf("%s has %d bytes", name, len(picture))
	}
	localtest.Must(p.t, os.MkdirAll(filepath.Join("..", "..", "docs", "pictures"), 0o755))
	localtest.Must(p.t, os.WriteFile(filepath.Join("..", "..", "docs", "pictures", name+".png"), picture, 0o644))
}

// reduce returns a PNG with a palette of 256 colors, which is a third of the size and looks the same: the page has few colors, and the edges of
// letters are shades of them. The palette has the most frequent ones, but not two that nobody can tell apart.
func reduce(t *testing.T, picture []byte) []byte {
	t.Helper()
	full, err := png.Decode(bytes.NewReader(picture))
	localtest.Must(t, err)
	count := map[color.RGBA]int{}
	bounds := full.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[rgba(full.At(x, y))]++
		}
	}
	colors := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var palette color.Palette
	for _, c := range colors {
		if len(palette) < 256 && (len(palette) == 0 || !near(c, palette[palette.Index(c)].(color.RGBA))) {
			palette = append(palette, c)
		}
	}
	small := image.NewPaletted(bounds, palette)
	nearest := map[color.RGBA]uint8{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			c := rgba(full.At(x, y))
			index, known := nearest[c]
			if !known {
				index = uint8(palette.Index(c))
				nearest[c] = index
			}
			small.SetColorIndex(x, y, index)
		}
	}
	var out bytes.Buffer
	localtest.Must(t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small))
	return out.Bytes()
}

// near reports whether nobody can tell two colors apart.
func near(a, b color.RGBA) bool {
	square := func(x, y uint8) int { return (int(x) - int(y)) * (int(x) - int(y)) }
	return square(a.R, b.R)+square(a.G, b.G)+square(a.B, b.B) < 60
}

func rgba(c color.Color) color.RGBA { return color.RGBAModel.Convert(c).(color.RGBA) }
