package insights

import (
	"cmp"
	"iter"
	"slices"
)

// Field is a field of a result.
type Field struct {
	Name  string `json:"field"`
	Value string `json:"value"`
}

// Result is the result of a query.
type Result struct {
	Rows    [][]Field
	Matched int // records that the filters before stats keep
}

// Run runs the query on records, and returns at most limit rows. Without a command sort, the newest records come first, and those of the same
// time in no particular order, as on AWS.
func (q *Query) Run(records iter.Seq[Record], limit int) Result {
	var rows []*row
	for record := range records {
		r := &row{record: &record, values: make(map[string]string)}
		if keeps(q.perRow, r) {
			rows = append(rows, r)
		}
	}
	result := Result{Matched: len(rows), Rows: [][]Field{}}
	names, order := q.fields, q.sort
	if q.stats == nil && order == nil {
		order = byTime
	}
	if q.stats != nil {
		rows = q.stats.run(rows)
		rows = slices.DeleteFunc(rows, func(r *row) bool { return !keeps(q.having, r) })
		if names == nil {
			names = q.stats.names()
		}
	} else if names == nil {
		names = []string{"@timestamp", "@message"}
	}
	sortRows(rows, order)
	if q.limit > 0 {
		limit = min(limit, q.limit)
	}
	for _, r := range rows[:min(limit, len(rows))] {
		result.Rows = append(result.Rows, r.show(names))
	}
	return result
}

func keeps(steps []step, r *row) bool {
	return !slices.ContainsFunc(steps, func(s step) bool { return !s(r) })
}

// show returns the fields that a row has, and @ptr if it is a record.
func (r *row) show(names []string) []Field {
	var fields []Field
	for _, name := range names {
		if value, ok := r.value(name); ok && name != "@ptr" {
			fields = append(fields, Field{Name: name, Value: value})
		}
	}
	if r.record != nil {
		fields = append(fields, Field{Name: "@ptr", Value: r.record.Ptr})
	}
	return fields
}

// order is a field to sort by.
type order struct {
	field      string
	descending bool
}

var byTime = []order{{field: "@timestamp", descending: true}}

// sortRows sorts rows. Rows that do not differ in the fields keep the opposite of their order: AWS promises none, so none may be relied on.
func sortRows(rows []*row, by []order) {
	slices.Reverse(rows)
	slices.SortStableFunc(rows, func(a, b *row) int {
		for _, o := range by {
			result := o.compare(a, b)
			if o.descending {
				result = -result
			}
			if result != 0 {
				return result
			}
		}
		return 0
	})
}

func (o order) compare(a, b *row) int {
	if o.field == "@timestamp" && a.record != nil && b.record != nil {
		return cmp.Compare(a.record.Time, b.record.Time) // the same order as that of the texts, but faster
	}
	x, _ := a.value(o.field)
	y, _ := b.value(o.field)
	return natural(x, y)
}

// natural compares values as the command sort does: those that are not numbers come first, and are compared in chunks of digits and of other
// characters. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Sort.html
func natural(a, b string) int {
	x, isNumber := number(a)
	y, bothNumbers := number(b)
	switch {
	case isNumber && bothNumbers:
		return cmp.Compare(x, y)
	case isNumber != bothNumbers:
		return cmp.Compare(rank(isNumber), rank(bothNumbers))
	}
	for a != "" && b != "" {
		m, n := chunk(a), chunk(b)
		if result := compareChunks(a[:m], b[:n]); result != 0 {
			return result
		}
		a, b = a[m:], b[n:]
	}
	return cmp.Compare(len(a), len(b))
}

func rank(isNumber bool) int {
	if isNumber {
		return 1
	}
	return 0
}

// chunk returns the length of the digits, or of the other characters, at the start of a text that is not empty.
func chunk(text string) int {
	n := 1
	for n < len(text) && isDigit(text[n]) == isDigit(text[0]) {
		n++
	}
	return n
}

func compareChunks(a, b string) int {
	if isDigit(a[0]) && isDigit(b[0]) {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	}
	return cmp.Compare(a, b)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
