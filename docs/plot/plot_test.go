package plot_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"heroku-drains/docs/plot"
)

func TestSVG(t *testing.T) {
	t.Parallel()
	svg := plot.Plot{
		Title: "a < b",
		X:     plot.Axis{Label: "size", Ticks: plot.Ticks("%g KB", 1, 10, 100)},
		Y:     plot.Axis{Label: "µs a line", Ticks: plot.Ticks("%g", 1, 10)},
		Curves: []plot.Curve{
			{Name: "this", Color: plot.Blue, Points: []plot.Point{{X: 1, Y: 10}, {X: 10, Y: 1}, {X: 100, Y: 1}}},
			{Name: "usual", Color: plot.Green, Dashed: true, Points: []plot.Point{{X: 1, Y: 10}, {X: 100, Y: 1}}},
		},
	}.SVG()
	for _, want := range []string{
		"<title id=\"title\">a &lt; b</title>", ">100 KB</text>", ">µs a line</text>", "prefers-color-scheme: dark",
		`<path class="c0" d="M70.0 44.0L315.0 330.0L560.0 330.0"/>`, `<path class="c1 dashed" d="M70.0 44.0L560.0 330.0"/>`,
		`y="334.0">this</text>`, `y="351.0">usual</text>`, // below the other, not on it
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in\n%s", want, svg)
		}
	}
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
