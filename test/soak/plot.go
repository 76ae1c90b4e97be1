package main

import (
	"fmt"
	"strings"
	"time"
)

// The plot's size and its panels' areas, in pixels.
const (
	plotWidth, panelHeight          = 760.0, 150.0
	plotLeft, plotRight             = 64.0, 560.0
	plotTop, panelGap, bottomMargin = 34.0, 46.0, 30.0
)

// The style of the plot, in the reader's choice of light or dark.
const plotStyle = `text { font: 13px system-ui, sans-serif; fill: #24292f; } .axis { stroke: #d0d7de; } .muted { fill: #57606a; }
  path { fill: none; stroke-width: 2; } .a { stroke: #0969da; } .b { stroke: #8250df; } text.a { fill: #0969da; stroke: none; } text.b { fill: #8250df; stroke: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .axis { stroke: #30363d; } .muted { fill: #9198a1; }
    .a { stroke: #4493f8; } .b { stroke: #ab7df8; } text.a { fill: #4493f8; } text.b { fill: #ab7df8; }
  }`

// series is a curve: a value for each sample.
type series struct {
	name  string
	value func(sample) float64
}

// panel is a part of the plot with an axis of its own.
type panel struct {
	title  string
	curves []series
}

func panels() []panel {
	return []panel{
		{"lines per second", []series{{"acknowledged", sample.perSecond}}},
		{"responses, ms", []series{
			{"p99", func(s sample) float64 { return float64(s.answers.p99) / float64(time.Millisecond) }},
			{"p50", func(s sample) float64 { return float64(s.answers.p50) / float64(time.Millisecond) }},
		}},
		{"resident memory, MB", []series{
			{"functions", func(s sample) float64 { return megabytes(s.memory.total()) }},
			{"driver", func(s sample) float64 { return megabytes(s.memory.driver) }},
		}},
	}
}

// plot returns the measurements over time as SVG.
func (r *result) plot() string {
	all := panels()
	height := plotTop + float64(len(all))*(panelHeight+panelGap) - panelGap + bottomMargin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" role="img" aria-labelledby="title">`+"\n", plotWidth, height)
	b.WriteString(`<title id="title">Lines per second, time to respond, and memory over the time of a soak</title>` + "\n")
	b.WriteString("<style>" + plotStyle + "</style>\n")
	for i, p := range all {
		r.draw(&b, p, plotTop+float64(i)*(panelHeight+panelGap))
	}
	for minute := time.Duration(0); minute <= r.opts.duration; minute += max(r.opts.duration/5, time.Second).Round(time.Second) {
		fmt.Fprintf(&b, `<text class="muted" text-anchor="middle" x="%.1f" y="%.0f">%s</text>`+"\n", r.x(minute), height-bottomMargin+20, minute)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// draw draws a panel whose upper edge is at top.
func (r *result) draw(b *strings.Builder, p panel, top float64) {
	most := 1.0
	for _, c := range p.curves {
		for _, point := range r.points {
			most = max(most, c.value(point))
		}
	}
	step := niceStep(most / 4)
	steps := int(most/step) + 1
	y := func(value float64) float64 { return top + panelHeight*(1-value/(step*float64(steps))) }
	fmt.Fprintf(b, `<text x="%.0f" y="%.1f">%s</text>`+"\n", plotLeft, top-10, p.title)
	for i := range steps + 1 {
		at := y(step * float64(i))
		fmt.Fprintf(b, `<line class="axis" x1="%.0f" x2="%.0f" y1="%.1f" y2="%.1f"/>`+"\n", plotLeft, plotRight, at, at)
		fmt.Fprintf(b, `<text class="muted" text-anchor="end" x="%.0f" y="%.1f">%g</text>`+"\n", plotLeft-8, at+4, step*float64(i))
	}
	for i, c := range p.curves {
		class := string("ab"[i])
		var path strings.Builder
		for j, point := range r.points {
			fmt.Fprintf(&path, "%c%.1f %.1f", "ML"[min(1, j)], r.x(point.after), y(c.value(point)))
		}
		fmt.Fprintf(b, `<path class="%s" d="%s"/>`+"\n", class, path.String())
		if last := len(r.points) - 1; last >= 0 {
			value := c.value(r.points[last])
			fmt.Fprintf(b, `<text class="%s" x="%.0f" y="%.1f">%s, %.0f</text>`+"\n", class, plotRight+8, y(value)+4, c.name, value)
		}
	}
}

func (r *result) x(at time.Duration) float64 {
	return plotLeft + (plotRight-plotLeft)*at.Seconds()/max(r.opts.duration.Seconds(), 1)
}

// niceStep returns the smallest of 1, 2 and 5 times a power of ten that is at least the least step.
func niceStep(least float64) float64 {
	step := 1.0
	for step < least {
		for _, factor := range []float64{2, 5, 10} {
			if step*factor >= least {
				return step * factor
			}
		}
		step *= 10
	}
	return step
}
