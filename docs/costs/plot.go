package costs

import (
	"fmt"
	"math"
	"strings"

	"heroku-drains/lib/cost"
)

// PlotFile is where the plot of the page is, relative to docs.
const PlotFile = "pictures/cost-per-gb.svg"

// The plot's area in the picture, in pixels, and what it shows: both axes are logarithmic.
const (
	plotLeft, plotRight, plotTop, plotBottom = 60.0, 560.0, 30.0, 330.0
	leastKilobytes, mostKilobytes            = 1, 100
	leastDollars, mostDollars                = 0.2, 10.0
)

// The style of the plot, in the reader's choice of light or dark.
const plotStyle = `text { font: 13px system-ui, sans-serif; fill: #24292f; } .axis { stroke: #d0d7de; } .muted { fill: #57606a; }
  path { fill: none; stroke-width: 2.5; } .ours { stroke: #0969da; } .ours-ia { stroke: #1a7f37; } .other { stroke: #8250df; stroke-dasharray: 6 4; stroke-width: 1.5; }
  text.ours { fill: #0969da; stroke: none; } text.ours-ia { fill: #1a7f37; stroke: none; } text.other { fill: #8250df; stroke: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .axis { stroke: #30363d; } .muted { fill: #9198a1; }
    .ours { stroke: #4493f8; } .ours-ia { stroke: #3fb950; } .other { stroke: #ab7df8; }
    text.ours { fill: #4493f8; } text.ours-ia { fill: #3fb950; } text.other { fill: #ab7df8; }
  }`

// Plot returns a picture of what a GB costs on this stack over the mean size of a POST, beside other services, as SVG.
func Plot() string {
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 380" role="img" aria-labelledby="title">` + "\n")
	b.WriteString(`<title id="title">Dollars per GB over the mean size of a POST: this stack in both log classes, and other services</title>` + "\n")
	b.WriteString("<style>" + plotStyle + "</style>\n")
	for _, amount := range []float64{0.2, 0.5, 1, 2, 5, 10} {
		y := plotY(amount)
		fmt.Fprintf(&b, `<line class="axis" x1="%.0f" x2="%.0f" y1="%.1f" y2="%.1f"/>`+"\n", plotLeft, plotRight, y, y)
		fmt.Fprintf(&b, `<text class="muted" text-anchor="end" x="%.0f" y="%.1f">$%g</text>`+"\n", plotLeft-8, y+4, amount)
	}
	for _, kilobytes := range []int{1, 2, 5, 10, 20, 50, 100} {
		fmt.Fprintf(&b, `<text class="muted" text-anchor="middle" x="%.1f" y="%.0f">%d kB</text>`+"\n", plotX(kilobytes), plotBottom+20, kilobytes)
	}
	fmt.Fprintf(&b, `<text class="muted" text-anchor="middle" x="%.0f" y="%.0f">mean size of a POST</text>`+"\n", (plotLeft+plotRight)/2, plotBottom+42)
	for _, s := range services() {
		y := plotY(s.perGB)
		fmt.Fprintf(&b, `<path class="other" d="M%.0f %.1fH%.0f"/>`+"\n", plotLeft, y, plotRight)
		label(&b, "other", y, fmt.Sprintf("%s, $%s", s.name, dollars(s.perGB)))
	}
	p := pricesIn(regions[0])
	curve(&b, "ours", "this stack", p, p.LogsStandard)
	curve(&b, "ours-ia", "Infrequent Access", p, p.LogsInfrequent)
	b.WriteString("</svg>\n")
	return b.String()
}

// curve draws what a GB costs on this stack with these prices in a log class.
func curve(b *strings.Builder, class, name string, p cost.Prices, ingest cost.Price) {
	stack := architectures[0]
	var path strings.Builder
	for kilobytes := leastKilobytes; kilobytes <= mostKilobytes; kilobytes++ {
		fmt.Fprintf(&path, "%c%.1f %.1f", "ML"[min(1, kilobytes-leastKilobytes)], plotX(kilobytes), plotY(stack.perGB(p, kilobytes, ingest)))
	}
	fmt.Fprintf(b, `<path class="%s" d="%s"/>`+"\n", class, path.String())
	last := stack.perGB(p, mostKilobytes, ingest)
	label(b, class, plotY(last), fmt.Sprintf("%s, $%s", name, dollars(last)))
}

// label writes what a line is, to its right.
func label(b *strings.Builder, class string, y float64, text string) {
	fmt.Fprintf(b, `<text class="%s" x="%.0f" y="%.1f">%s</text>`+"\n", class, plotRight+8, y+4, text)
}

func plotX(kilobytes int) float64 {
	return plotLeft + (plotRight-plotLeft)*math.Log(float64(kilobytes)/leastKilobytes)/math.Log(float64(mostKilobytes)/leastKilobytes)
}

func plotY(amount float64) float64 {
	return plotBottom - (plotBottom-plotTop)*math.Log(amount/leastDollars)/math.Log(mostDollars/leastDollars)
}
