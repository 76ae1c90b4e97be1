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

// NewWriter writes the metrics of the function of that name: to standard output, where Lambda reads them.
func NewWriter(out io.Writer, function string) *Writer {
	return &Writer{function: function, out: out}
}

// definition says which member of a line is a metric.
type definition struct{ Name, Unit string }

// directive says what to make of a line's members.
type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []definition
}

// metadata is the member _aws of a line.
type metadata struct {
	Timestamp         int64 // milliseconds since 1970
	CloudWatchMetrics []directive
}

// Write writes a batch's metrics as one line with one call, or nothing when there are none.
func (w *Writer) Write(now time.Time, b Batch) error {
	all := b.metrics()
	if len(all) == 0 {
		return nil
	}
	said := directive{Namespace: stack.MetricNamespace, Dimensions: [][]string{{stack.MetricDimension}}}
	line := map[string]any{stack.MetricDimension: w.function}
	for _, m := range all {
		said.Metrics = append(said.Metrics, definition{Name: m.name, Unit: m.unit})
		line[m.name] = m.value
	}
	line["_aws"] = metadata{Timestamp: now.UnixMilli(), CloudWatchMetrics: []directive{said}}
	text, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("make a line of metrics: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.out.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("write a line of metrics: %w", err)
	}
	return nil
}
