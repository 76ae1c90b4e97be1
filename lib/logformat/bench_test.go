package logformat_test

import (
	"testing"
	"time"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
)

// corpus returns the lines of simulated traffic as they are stored: with an ID, and with times in microseconds.
func corpus(n int) []logformat.Line {
	g := simulate.New("shop", 9)
	var body []byte
	for i := range n {
		body = logplex.AppendFrame(body, g.Next(noon.Add(time.Duration(i)*15_017*time.Microsecond)))
	}
	lines := logformat.Lines(body)
	for i := range lines {
		lines[i].Clean(logformat.KeepANSI)
		lines[i].ID = logformat.ID(uint64(i+1) * 0x9e3779b97f4a7c15).At(lines[i].Time)
	}
	return lines
}

// BenchmarkAppend writes simulated lines. Its ratio is what CloudWatch bills for them, 26 bytes an event included, to what it bills in text format.
func BenchmarkAppend(b *testing.B) {
	lines := corpus(10_000)
	for name, format := range map[string]logformat.Format{"text": logformat.Text(), "JSON": logformat.JSON()} {
		b.Run(name, func(b *testing.B) {
			var text []byte
			for i := 0; b.Loop(); i++ {
				text = format.Append(text[:0], &lines[i%len(lines)])
			}
			b.ReportMetric(float64(billed(format, lines))/float64(billed(logformat.Text(), lines)), "billed/text")
		})
	}
}

func BenchmarkRead(b *testing.B) {
	lines := corpus(10_000)
	for name, format := range map[string]logformat.Format{"text": logformat.Text(), "JSON": logformat.JSON()} {
		events := make([]string, len(lines))
		for i := range lines {
			events[i] = string(format.Append(nil, &lines[i]))
		}
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				logformat.Read(events[i%len(events)], lines[i%len(lines)].Time)
			}
		})
	}
}

// billed returns how many bytes CloudWatch bills for lines.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
func billed(format logformat.Format, lines []logformat.Line) int {
	const overhead = 26
	n := 0
	for i := range lines {
		n += len(format.Append(nil, &lines[i])) + overhead
	}
	return n
}

// The JSON format costs at most 1.35 times as much as the text format, for the lines of a small web app.
func TestBilledBytes(t *testing.T) {
	lines := corpus(50_000)
	ratio := float64(billed(logformat.JSON(), lines)) / float64(billed(logformat.Text(), lines))
	t.Logf("JSON over text: %.3f", ratio)
	if ratio > 1.35 {
		t.Errorf("the JSON format takes %.3f times the bytes of the text format", ratio)
	}
}
