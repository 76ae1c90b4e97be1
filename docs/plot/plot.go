// Package plot draws the plots of the pages: curves over two logarithmic axes, as SVG that can be read on light and on dark pages.
package plot

import (
	"cmp"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
)

// Plot is a picture of curves.
type Plot struct {
	Title  string // what the picture shows, for those who cannot see it
	X, Y   Axis
	Curves []Curve
}

// Axis is a logarithmic axis. Its first and last tick are its ends.
type Axis struct {
	Label string // what it measures, and in which unit
	Ticks []Tick
}

// Tick is a value on an axis, and how it is written.
type Tick struct {
	Value float64
	Text  string
}

// Ticks returns ticks whose texts are their values in a format such as "%g kB".
func Ticks(format string, values ...float64) []Tick {
	var ticks []Tick
	for _, v := range values {
		ticks = append(ticks, Tick{Value: v, Text: fmt.Sprintf(format, v)})
	}
	return ticks
}

// Curve is a line through points, with its name at its right end.
type Curve struct {
	Name   string
	Color  Color
	Dashed bool // it is what others are compared with
	Points []Point
}

// Point is a point of a curve. Both values must be within the axes.
type Point struct{ X, Y float64 }

// Color is the color of a curve.
type Color int

// The colors.
const (
	Blue Color = iota
	Green
	Purple
	Orange
)

// The area of the plot in the picture, and the picture, in pixels.
const (
	left, right, top, bottom = 70.0, 560.0, 44.0, 330.0
	width, height            = 800, 388
	lineHeight               = 17.0 // of the names of curves
)

// style has the colors of light pages, and of dark ones.
const style = `text { font: 13px system-ui, sans-serif; fill: #1f2328; } .page { fill: #ffffff; } .axis { stroke: #d1d9e0; } .muted { fill: #59636e; }
  path { fill: none; stroke-width: 2.5; } .dashed { stroke-dasharray: 6 4; stroke-width: 1.8; }
  path.c0 { stroke: #0969da; } path.c1 { stroke: #1a7f37; } path.c2 { stroke: #8250df; } path.c3 { stroke: #bc4c00; }
  text.c0 { fill: #0969da; } text.c1 { fill: #1a7f37; } text.c2 { fill: #8250df; } text.c3 { fill: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .page { fill: #0d1117; } .axis { stroke: #3d444d; } .muted { fill: #9198a1; }
    path.c0 { stroke: #4493f8; } path.c1 { stroke: #3fb950; } path.c2 { stroke: #ab7df8; } path.c3 { stroke: #f0883e; }
    text.c0 { fill: #4493f8; } text.c1 { fill: #3fb950; } text.c2 { fill: #ab7df8; } text.c3 { fill: #f0883e; }
  }`

// SVG returns the picture.
func (p Plot) SVG() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="title">`+"\n", width, height)
	fmt.Fprintf(&b, `<title id="title">%s</title>`+"\n", html.EscapeString(p.Title))
	b.WriteString("<style>" + style + "</style>\n")
	fmt.Fprintf(&b, `<rect class="page" width="%d" height="%d" rx="6"/>`+"\n", width, height)
	for _, tick := range p.Y.Ticks {
		y := p.Y.at(tick.Value, bottom, top)
		fmt.Fprintf(&b, `<line class="axis" x1="%.0f" x2="%.0f" y1="%.1f" y2="%.1f"/>`+"\n", left, right, y, y)
		text(&b, `class="muted" text-anchor="end"`, left-8, y+4, tick.Text)
	}
	for _, tick := range p.X.Ticks {
		text(&b, `class="muted" text-anchor="middle"`, p.X.at(tick.Value, left, right), bottom+20, tick.Text)
	}
	text(&b, `class="muted"`, 12, 22, p.Y.Label)
	text(&b, `class="muted" text-anchor="middle"`, (left+right)/2, bottom+42, p.X.Label)
	for _, c := range p.Curves {
		dashed := ""
		if c.Dashed {
			dashed = " dashed"
		}
		fmt.Fprintf(&b, `<path class="c%d%s" d="%s"/>`+"\n", c.Color, dashed, p.path(c))
	}
	for _, l := range p.labels() {
		text(&b, fmt.Sprintf(`class="c%d"`, l.curve.Color), right+10, l.y+4, l.curve.Name)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// at returns where a value is on the axis, between two positions.
func (a Axis) at(value, from, to float64) float64 {
	first, last := a.Ticks[0].Value, a.Ticks[len(a.Ticks)-1].Value
	return from + (to-from)*math.Log(value/first)/math.Log(last/first)
}

func (p Plot) path(c Curve) string {
	var b strings.Builder
	for i, point := range c.Points {
		fmt.Fprintf(&b, "%c%.1f %.1f", "ML"[min(1, i)], p.X.at(point.X, left, right), p.Y.at(point.Y, bottom, top))
	}
	return b.String()
}

// label is where the name of a curve is.
type label struct {
	curve Curve
	y     float64
}

// labels returns the names of the curves from top to bottom, each beside the curve's end or, if another is there, below that one.
func (p Plot) labels() []label {
	var all []label
	for _, c := range p.Curves {
		all = append(all, label{c, p.Y.at(c.Points[len(c.Points)-1].Y, bottom, top)})
	}
	slices.SortStableFunc(all, func(a, b label) int { return cmp.Compare(a.y, b.y) })
	for i := 1; i < len(all); i++ {
		all[i].y = max(all[i].y, all[i-1].y+lineHeight)
	}
	return all
}

func text(b *strings.Builder, attributes string, x, y float64, content string) {
	fmt.Fprintf(b, `<text %s x="%.1f" y="%.1f">%s</text>`+"\n", attributes, x, y, html.EscapeString(content))
}
