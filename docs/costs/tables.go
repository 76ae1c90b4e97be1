package costs

import (
	"fmt"
	"strings"

	"heroku-drains/lib/cost"
)

// Table is one of the page's tables, in Markdown.
type Table struct {
	Name string
	Text string
}

// Tables returns all tables of docs/costs.md.
func Tables() []Table {
	var tables []Table
	for _, region := range regions {
		tables = append(tables,
			Table{"POSTs in " + region, posts(pricesIn(region))},
			Table{"GB in " + region, gigabytes(pricesIn(region))})
	}
	p := pricesIn(regions[0])
	return append(tables,
		Table{"where it goes", parts(p)},
		Table{"formats", formats(p)},
		Table{"others", others(p)},
		Table{"per app", perApp()},
		Table{"per stack", perStack(p)},
		Table{"alerts", alerts(p)},
		Table{"months of alerts", alertMonths()},
		Table{"bills", bills(p)},
		Table{"levers", levers(p)},
		Table{"prices", priceTable()})
}

// sizes are the mean sizes of POSTs in the tables, in kB. usual is that of tables without a column for each size.
var sizes = []int{1, 4, 10, 50}

const usual = 10

// posts returns the cost of a million POSTs, without CloudWatch Logs.
func posts(p *cost.Prices) string {
	rows := [][]string{{"pipeline", "1 kB", "4 kB", "10 kB", "50 kB"}}
	for _, a := range architectures {
		row := []string{a.name}
		for _, kilobytes := range sizes {
			row = append(row, dollars(a.perMillion(p, kilobytes)))
		}
		rows = append(rows, row)
	}
	return markdown(rows)
}

// gigabytes returns the total cost of a GB, in both log classes.
func gigabytes(p *cost.Prices) string {
	rows := [][]string{{"pipeline", "1 kB", "4 kB", "10 kB", "50 kB", "IA, 1 kB", "IA, 4 kB", "IA, 10 kB", "IA, 50 kB"}}
	for _, a := range architectures {
		row := []string{a.name}
		for _, ingest := range []cost.Price{p.LogsStandard, p.LogsInfrequent} {
			for _, kilobytes := range sizes {
				row = append(row, dollars(a.perGB(p, kilobytes, ingest)))
			}
		}
		rows = append(rows, row)
	}
	return markdown(rows)
}

// parts returns the cost of a GB on this stack, part by part.
func parts(p *cost.Prices) string {
	stack := architectures[0]
	total := stack.perGB(p, usual, p.LogsStandard)
	rows := [][]string{{"part", "$ per GB", "share"}}
	ingest := cost.Lines(million*usual*1000, cost.Standard, 0).Bill(p)
	for _, bill := range []cost.Bill{stack.bill(p, usual), ingest} {
		for _, item := range bill {
			if item.Units == 0 {
				continue
			}
			perGB := item.Dollars / usual
			rows = append(rows, []string{item.Part, fmt.Sprintf("%.3f", perGB), fmt.Sprintf("%.0f%%", 100*perGB/total)})
		}
	}
	return markdown(append(rows, []string{"**total**", fmt.Sprintf("**%.3f**", total), ""}))
}

// priceTable returns the prices that everything is computed from.
func priceTable() string {
	rows := [][]string{append(append([]string{"price", "per"}, regions...), "source", "date", "unverified")}
	other := pricesIn(regions[1]).All()
	for i, p := range pricesIn(regions[0]).All() {
		rows = append(rows, []string{p.What, p.Per, exact(p.Dollars), exact(other[i].Dollars), p.Source, p.Date, other[i].Doubt})
	}
	return markdown(rows)
}

// dollars returns an amount, rounded to a cent.
func dollars(amount float64) string { return fmt.Sprintf("%.2f", amount) }

// exact returns an amount with all its decimals, at least two.
func exact(amount float64) string {
	text := strings.TrimRight(fmt.Sprintf("%.10f", amount), "0")
	point := strings.IndexByte(text, '.')
	return text + strings.Repeat("0", max(0, 3-len(text)+point))
}

// markdown returns a table. The first row is the header.
func markdown(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			b.WriteString("|" + strings.Repeat("---|", len(row)) + "\n")
		}
	}
	return b.String()
}
