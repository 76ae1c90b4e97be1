package costs

import (
	"fmt"
	"strings"
)

// Table is one of the page's tables, in Markdown.
type Table struct {
	Name string
	Text string
}

// Tables returns all tables of docs/costs.md.
func Tables() []Table {
	var tables []Table
	for _, r := range []region{usEast1, euWest1} {
		tables = append(tables,
			Table{"POSTs in " + r.String(), posts(r)},
			Table{"GB in " + r.String(), gigabytes(r)})
	}
	return append(tables,
		Table{"where it goes", parts(usEast1)},
		Table{"formats", formats(usEast1)},
		Table{"others", others(usEast1)},
		Table{"per app", perApp()},
		Table{"per stack", perStack(usEast1)},
		Table{"alerts", alerts(usEast1)},
		Table{"months of alerts", alertMonths()},
		Table{"bills", bills(usEast1)},
		Table{"levers", levers(usEast1)},
		Table{"prices", priceTable()})
}

// sizes are the mean sizes of POSTs in the tables, in kB. usual is that of tables without a column for each size.
var sizes = []int{1, 4, 10, 50}

const usual = 10

// posts returns the cost of a million POSTs, without CloudWatch Logs.
func posts(r region) string {
	rows := [][]string{{"pipeline", "1 kB", "4 kB", "10 kB", "50 kB"}}
	for _, a := range architectures {
		row := []string{a.name}
		for _, kilobytes := range sizes {
			row = append(row, dollars(a.perMillion(r, kilobytes)))
		}
		rows = append(rows, row)
	}
	return markdown(rows)
}

// gigabytes returns the total cost of a GB, in both log classes.
func gigabytes(r region) string {
	rows := [][]string{{"pipeline", "1 kB", "4 kB", "10 kB", "50 kB", "IA, 1 kB", "IA, 4 kB", "IA, 10 kB", "IA, 50 kB"}}
	for _, a := range architectures {
		row := []string{a.name}
		for _, ingest := range []price{logsStandard, logsInfrequent} {
			for _, kilobytes := range sizes {
				row = append(row, dollars(a.perGB(r, kilobytes, ingest)))
			}
		}
		rows = append(rows, row)
	}
	return markdown(rows)
}

// parts returns the cost of a GB on this stack, part by part.
func parts(r region) string {
	stack := architectures[0]
	total := stack.perGB(r, usual, logsStandard)
	rows := [][]string{{"part", "$ per GB", "share"}}
	for _, s := range append(stack.shares(r, usual), share{part: "CloudWatch Logs, ingest", dollars: logsStandard.in[r] * usual}) {
		perGB := s.dollars / usual
		rows = append(rows, []string{s.part, fmt.Sprintf("%.3f", perGB), fmt.Sprintf("%.0f%%", 100*perGB/total)})
	}
	return markdown(append(rows, []string{"**total**", fmt.Sprintf("**%.3f**", total), ""}))
}

// priceTable returns the prices that everything is computed from.
func priceTable() string {
	rows := [][]string{{"price", "per", "us-east-1", "eu-west-1", "source", "date", "unverified"}}
	for _, p := range prices {
		rows = append(rows, []string{p.what, p.unit, exact(p.in[usEast1]), exact(p.in[euWest1]), p.source, p.date, p.doubt})
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
