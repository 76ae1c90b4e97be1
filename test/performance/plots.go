package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

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
		Y:     plot.Axis{Label: "µs of CPU a line", Ticks: plot.Ticks("%g", 1, 2, 5, 10, 20, 50)},
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

const (
	// appsName is what --only must match for several numbers of apps to be measured.
	appsName = "apps"
	// appsRounds is how often each number of apps is measured; the fastest counts.
	appsRounds = 5
)

// appCounts are the numbers of apps in the plot, each of which divides the events of a round.
var appCounts = []int{1, 10, 100, 1000}

// measureApps measures what a line costs for each number of apps, in turns, and returns the plot of it.
func measureApps(ctx context.Context, out io.Writer) (picture, error) {
	p := plot.Plot{
		Title: "Microseconds of CPU a line over the number of apps, with POSTs of 10 KB: storage and ingest",
		X:     plot.Axis{Label: "apps, each with POSTs of 10 KB", Ticks: plot.Ticks("%g", 1, 10, 100, 1000)},
		Y:     plot.Axis{Label: "µs of CPU a line", Ticks: plot.Ticks("%g", 1, 2, 5, 10, 20)},
	}
	for _, path := range []struct {
		make  func(cfg aws.Config, size, apps, events int) (fleet, error)
		name  string
		color plot.Color
	}{{storageFleet, "storage, text", plot.Blue}, {ingestFleet, "ingest", plot.Purple}} {
		curve := plot.Curve{Name: path.name, Color: path.color}
		var fleets []fleet
		for _, apps := range appCounts {
			f, err := path.make(newWire("text").config(), 10, apps, appCounts[len(appCounts)-1])
			if err != nil {
				return picture{}, err
			}
			fleets = append(fleets, f)
			curve.Points = append(curve.Points, plot.Point{X: float64(apps), Y: math.Inf(1)})
		}
		for range appsRounds {
			for i, f := range fleets {
				runtime.GC()
				begin := cpuTime()
				if err := f.round(ctx); err != nil {
					return picture{}, err
				}
				curve.Points[i].Y = min(curve.Points[i].Y, float64(cpuTime()-begin)/float64(f.lines)/float64(time.Microsecond))
			}
		}
		for i, apps := range appCounts {
			fmt.Fprintf(out, "%s, number of apps %d: %.2f µs a line\n", path.name, apps, curve.Points[i].Y)
		}
		p.Curves = append(p.Curves, curve)
	}
	return picture{"docs/pictures/cpu-by-apps.svg", p.SVG()}, nil
}
