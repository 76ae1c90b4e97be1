package main

import (
	"os"
	"slices"
	"time"

	"heroku-drains/docs/plot"
)

// picture is a plot of the page.
type picture struct{ file, svg string }

// plotSizes are the sizes of POSTs in plots, in KB. They include those of the tables.
var plotSizes = []int{100, 50, 20, 10, 5, 2, 1}

// sizePlot returns what a line takes over the size of a POST, of results with all plotSizes.
func sizePlot(results []result) picture {
	p := plot.Plot{
		Title: "Microseconds of CPU a line over the size of a POST: storage as text and JSON, and ingest, each beside the usual way",
		X:     plot.Axis{Label: "size of a POST", Ticks: plot.Ticks("%g KB", 1, 2, 5, 10, 20, 50, 100)},
		Y:     plot.Axis{Label: "µs of CPU a line", Ticks: plot.Ticks("%g", 2, 5, 10, 20, 50)},
	}
	for _, c := range []struct {
		name, path string
		way        int
		color      plot.Color
	}{
		{"storage, usual", "storage text", usual, plot.Blue}, {"storage, text", "storage text", ours, plot.Blue}, {"storage, JSON", "storage json", ours, plot.Green},
		{"ingest, usual", "ingest", usual, plot.Purple}, {"ingest", "ingest", ours, plot.Purple},
	} {
		curve := plot.Curve{Name: c.name, Color: c.color, Dashed: c.way == usual}
		for _, size := range slices.Backward(plotSizes) {
			i := slices.IndexFunc(results, func(r result) bool { return r.path.name == c.path && r.path.size == size })
			curve.Points = append(curve.Points, plot.Point{X: float64(size), Y: microsecondsPerLine(results[i], c.way)})
		}
		p.Curves = append(p.Curves, curve)
	}
	return picture{"docs/pictures/cpu-per-line.svg", p.SVG()}
}

func microsecondsPerLine(r result, way int) float64 {
	return float64(r.cpu[way]) / float64(r.path.lines) / float64(time.Microsecond)
}

// write writes the picture.
func (p picture) write() error { return os.WriteFile(p.file, []byte(p.svg), 0o644) }
