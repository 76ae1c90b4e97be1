package metrics

import (
	"encoding/json"
	"fmt"
	"io"
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
	all := m.metrics()
	if len(all) == 0 {
		return nil
	}
	d := directive{Namespace: stack.MetricNamespace, Dimensions: [][]string{{stack.MetricDimension}}}
	line := map[string]any{stack.MetricDimension: w.function}
	for _, m := range all {
		d.Metrics = append(d.Metrics, definition{Name: m.name, Unit: m.unit})
		line[m.name] = m.value
	}
	line["_aws"] = metadata{Timestamp: now.UnixMilli(), CloudWatchMetrics: []directive{d}}
	text, err := json.Marshal(line)
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
