package costs

import (
	"fmt"

	"heroku-drains/docs/plot"
	"heroku-drains/lib/cost"
)

// PlotFile is where the plot of the page is, relative to docs.
const PlotFile = "pictures/cost-per-gb.svg"

// The sizes of POSTs in the plot, in kB.
const leastKilobytes, mostKilobytes = 1, 100

// Plot returns a picture of what a GB costs on this stack over the mean size of a POST, beside other services, as SVG.
func Plot() string {
	p := pricesIn(regions[0])
	picture := plot.Plot{
		Title:  "Dollars per GB over the mean size of a POST: this stack in both log classes, and other services",
		X:      plot.Axis{Label: "mean size of a POST", Ticks: plot.Ticks("%g kB", leastKilobytes, 2, 5, 10, 20, 50, mostKilobytes)},
		Y:      plot.Axis{Label: "dollars per GB that Heroku sends", Ticks: plot.Ticks("$%g", 0.2, 0.5, 1, 2, 5, 10)},
		Curves: []plot.Curve{curve(plot.Blue, "this stack", p, p.LogsStandard), curve(plot.Green, "Infrequent Access", p, p.LogsInfrequent)},
	}
	for _, s := range services() {
		picture.Curves = append(picture.Curves, plot.Curve{
			Name: fmt.Sprintf("%s, $%s", s.name, dollars(s.perGB)), Color: plot.Purple, Dashed: true,
			Points: []plot.Point{{X: leastKilobytes, Y: s.perGB}, {X: mostKilobytes, Y: s.perGB}},
		})
	}
	return picture.SVG()
}

// curve returns what a GB costs on this stack with these prices in a log class.
func curve(color plot.Color, name string, p *cost.Prices, ingest cost.Price) plot.Curve {
	stack := architectures[0]
	var points []plot.Point
	for kilobytes := leastKilobytes; kilobytes <= mostKilobytes; kilobytes++ {
		points = append(points, plot.Point{X: float64(kilobytes), Y: stack.perGB(p, kilobytes, ingest)})
	}
	last := stack.perGB(p, mostKilobytes, ingest)
	return plot.Curve{Name: fmt.Sprintf("%s, $%s", name, dollars(last)), Color: color, Points: points}
}
