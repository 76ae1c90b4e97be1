package alert

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"heroku-drains/lib/logformat"
)

// figure is a figure of a sample.
type figure struct {
	value float64
	unit  string
	known bool
}

// breaches reports whether the figures, by the plan's indexes, are over or under the limit of a rule.
func (p *plan) breaches(r *compiled, figures []figure) bool {
	value := p.valueOf(r, figures)
	return r.Over != nil && value > *r.Over || r.Under != nil && value < *r.Under
}

// valueOf returns what a rule compares with its limit; NaN if the line does not have it.
func (p *plan) valueOf(r *compiled, figures []figure) float64 {
	f := figures[p.figures[r.metric]]
	if !f.known {
		return math.NaN()
	}
	value := f.value
	if r.per != "" {
		per := figures[p.figures[r.per]]
		if !per.known || per.value == 0 {
			return math.NaN()
		}
		value /= per.value
		if f.unit != per.unit {
			value *= bytesIn(f.unit) / bytesIn(per.unit)
		}
	}
	return value
}

// bytesIn returns the size of a unit of Heroku's; 1 if it is not one of memory.
func bytesIn(unit string) float64 {
	switch unit {
	case "kB", "KB":
		return 1 << 10
	case "MB":
		return 1 << 20
	case "GB":
		return 1 << 30
	}
	return 1
}

// readFigures adds those figures of a line of metrics that rules need, and returns what they are of.
func (p *plan) readFigures(message []byte, figures []figure) (subject []byte) {
	return logformat.Samples(message, func(name, value []byte) {
		i, needed := p.figures[string(name)]
		if !needed {
			return
		}
		if number, unit, ok := logformat.Number(value); ok {
			figures[i] = figure{value: number, unit: unitName(unit), known: true}
		}
	})
}

// units are those that Heroku writes, so that reading one needs no memory.
var units = []string{"", "MB", "kB", "bytes", "pages", "KB", "GB", "ms", "%"}

func unitName(unit []byte) string {
	if i := slices.IndexFunc(units, func(u string) bool { return u == string(unit) }); i >= 0 {
		return units[i]
	}
	return string(unit)
}

// sample is a line of metrics that breaches the limit of a rule.
type sample struct {
	subject []byte // what the figures are of: the value of source, such as web.1 or DATABASE
	owner   []byte // the add-on, or else the subject
	text    string // what the rule looks at: the line has many figures more, and they are too long to show
}

// sampleOf returns what a line of metrics says about the rule that it breaches.
func (p *plan) sampleOf(r *compiled, subject, line []byte, figures []figure) *sample {
	s := &sample{subject: subject, owner: subject, text: "source=" + string(subject)}
	logformat.Pairs(line, func(name, value []byte) {
		if string(name) == "addon" && len(value) > 0 {
			s.owner = value
			s.text += " addon=" + string(value)
		}
	})
	for _, name := range []string{r.metric, r.per} {
		if name != "" {
			f := figures[p.figures[name]]
			s.text += " " + name + "=" + strconv.FormatFloat(f.value, 'f', -1, 64) + f.unit
		}
	}
	if r.per != "" {
		s.text += fmt.Sprintf(" (%s / %s = %.3g)", r.metric, r.per, p.valueOf(r, figures))
	}
	return s
}
