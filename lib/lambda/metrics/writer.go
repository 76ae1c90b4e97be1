package metrics

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"heroku-drains/lib/stack"
)

// Writer writes the metrics of one function. It may be used from several goroutines at once.
type Writer struct {
	function string

	mu  sync.Mutex
	out io.Writer
}

// NewWriter returns a Writer for the function of that name. In Lambda, out is standard output.
func NewWriter(out io.Writer, function string) *Writer {
	return &Writer{function: function, out: out}
}

// definition declares a member of a line as a metric.
type definition struct{ Name, Unit string }

// directive declares the metrics of a line and their dimensions.
type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []definition
}

// metadata is the member _aws of a line, with the field names of the format's specification.
type metadata struct {
	Timestamp         int64 // milliseconds since 1970
	CloudWatchMetrics []directive
}

// Write writes metrics as one line, in one call of the io.Writer, or nothing if there are none.
func (w *Writer) Write(now time.Time, m Measures) error {
	l := w.newLine()
	for _, m := range m.metrics() {
		l.add(m.name, m.unit, m.value)
	}
	return w.write(now, l)
}

// maxValues is how many values of a metric one line can have.
const maxValues = 100

// WriteApp writes an app's metrics as one line, or nothing if there are none. More than 100 service times take several lines.
func (w *Writer) WriteApp(now time.Time, a App) error {
	l := w.newLine().of(a.Name)
	for _, m := range a.metrics() {
		l.add(m.name, m.unit, m.value)
	}
	for times := range slices.Chunk(a.ServiceTimes, maxValues) {
		l.add(stack.MetricAppService, "Milliseconds", times)
		if err := w.write(now, l); err != nil {
			return err
		}
		l = w.newLine().of(a.Name)
	}
	return w.write(now, l)
}

// line is one line.
type line struct {
	directive directive
	members   map[string]any
}

func (w *Writer) newLine() *line {
	return &line{
		directive: directive{Namespace: stack.MetricNamespace, Dimensions: [][]string{{stack.MetricDimension}}},
		members:   map[string]any{stack.MetricDimension: w.function},
	}
}

// of gives the line's metrics the name of an app as another dimension.
func (l *line) of(app string) *line {
	l.directive.Dimensions[0] = append(l.directive.Dimensions[0], stack.MetricAppDimension)
	l.members[stack.MetricAppDimension] = app
	return l
}

// add adds a metric: a number, or up to maxValues of them.
func (l *line) add(name, unit string, value any) {
	l.directive.Metrics = append(l.directive.Metrics, definition{Name: name, Unit: unit})
	l.members[name] = value
}

// write writes a line that has metrics.
func (w *Writer) write(now time.Time, l *line) error {
	if len(l.directive.Metrics) == 0 {
		return nil
	}
	l.members["_aws"] = metadata{Timestamp: now.UnixMilli(), CloudWatchMetrics: []directive{l.directive}}
	text, err := json.Marshal(l.members)
	if err != nil {
		return fmt.Errorf("encode metrics: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.out.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("write metrics: %w", err)
	}
	return nil
}
