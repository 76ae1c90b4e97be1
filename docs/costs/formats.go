package costs

import (
	"fmt"
	"time"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/cost"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
)

// measured is how many lines of simulated traffic the lengths of the formats are measured with.
const measured = 20_000

// BilledBytes returns how many bytes CloudWatch Logs charges for each byte that Heroku sends, in a format.
func BilledBytes(format logformat.Format) float64 {
	generator := simulate.New("shop", 1)
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	var body []byte
	for i := range measured {
		// The times of lines have microseconds.
		body = logplex.AppendFrame(body, generator.Next(at.Add(time.Duration(i)*15_017*time.Microsecond)))
	}
	billed := 0
	var text []byte
	for i, l := range logformat.Lines(body) {
		l.Clean(logformat.KeepANSI)
		l.ID = logformat.ID(uint64(i+1) << 32).At(l.Time)
		text = format.Append(text[:0], &l)
		billed += len(text) + cost.EventOverhead
	}
	return float64(billed) / float64(len(body))
}

// formats returns what a GB of Heroku's costs in each format: the pipeline and CloudWatch's ingest.
func formats(p *cost.Prices) string {
	rows := [][]string{{"format", "bytes charged for each byte sent", "ingest, Standard", "ingest, IA", "with the pipeline, Standard", "with the pipeline, IA", "storage of a month, at most"}}
	pipeline := architectures[0].perMillion(p, usual) / usual
	text, lines := BilledBytes(logformat.Text()), 0.0
	for _, f := range []struct {
		name   string
		format logformat.Format
	}{{"`text`", logformat.Text()}, {"`json`", logformat.JSON()}} {
		lines = BilledBytes(f.format)
		row := []string{f.name, fmt.Sprintf("%.2f", lines)}
		for _, ingest := range []cost.Price{p.LogsStandard, p.LogsInfrequent} {
			row = append(row, dollars(lines*ingest.Dollars))
		}
		for _, ingest := range []cost.Price{p.LogsStandard, p.LogsInfrequent} {
			row = append(row, dollars(pipeline+lines*ingest.Dollars))
		}
		rows = append(rows, append(row, fmt.Sprintf("%.3f", lines*p.LogsKept.Dollars)))
	}
	return markdown(append(rows, []string{"`json` over `text`", fmt.Sprintf("%.2f", lines/text), "", "", "", "", ""}))
}
