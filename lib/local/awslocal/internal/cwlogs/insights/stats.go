package insights

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// stats is the command stats: aggregates of groups of rows.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html
type stats struct {
	aggregates []aggregate
	by         []key
}

// aggregate computes one value of a group.
type aggregate struct {
	name     string
	function string // in lower case
	field    string // empty: count(*)
}

// key is what rows are grouped by: a field, or the start of the period that a row's time is in.
type key struct {
	name   string
	period time.Duration // 0: the field
	field  string
}

// stats reads aggregates, and what to group by.
func (p *parser) stats() (err error) {
	s := &stats{}
	if s.aggregates, err = list(p, p.aggregate); err != nil {
		return err
	}
	if p.take("by") {
		if s.by, err = list(p, p.key); err != nil {
			return err
		}
	}
	p.query.stats = s
	p.query.fields = nil // those before stats are not in the results
	return nil
}

func (p *parser) aggregate() (aggregate, error) {
	t := p.next()
	a := aggregate{function: strings.ToLower(t.text)}
	if t.kind != word || !slices.Contains([]string{"count", "sum", "avg", "min", "max"}, a.function) {
		return a, unexpected(p.text, t)
	}
	if err := p.expect("("); err != nil {
		return a, err
	}
	argument := ""
	switch {
	case a.function == "count" && p.take("*"):
		argument = "*"
	case a.function == "count" && p.peek().is(")"):
	default:
		name, err := p.name()
		if err != nil {
			return a, err
		}
		a.field, argument = name, name
	}
	if err := p.expect(")"); err != nil {
		return a, err
	}
	var err error
	a.name, err = p.alias(t.text + "(" + argument + ")")
	return a, err
}

func (p *parser) key() (key, error) {
	if !p.isCall("bin") {
		field, err := p.name()
		return key{name: field, field: field}, err
	}
	if err := p.expect("("); err != nil {
		return key{}, err
	}
	t := p.next()
	period, ok := period(t.text)
	if t.kind != word || !ok {
		return key{}, unexpected(p.text, t)
	}
	if err := p.expect(")"); err != nil {
		return key{}, err
	}
	name, err := p.alias("bin(" + t.text + ")")
	return key{name: name, period: period}, err
}

// alias reads "as name", if it is next.
func (p *parser) alias(otherwise string) (string, error) {
	if !p.take("as") {
		return otherwise, nil
	}
	return p.define()
}

// period returns the duration of a period such as 30s, 5m, 1h or 1d.
func period(text string) (time.Duration, bool) {
	if text == "" {
		return 0, false
	}
	unit, ok := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}[text[len(text)-1]]
	n, err := strconv.ParseUint(text[:len(text)-1], 10, 16)
	return time.Duration(n) * unit, ok && err == nil && n > 0
}

func (k key) of(r *row) (string, bool) {
	if k.period == 0 {
		return r.value(k.field)
	}
	return time.UnixMilli(r.record.Time).UTC().Truncate(k.period).Format(timeForm), true
}

// group is the rows with the same keys.
type group struct {
	keys map[string]string
	rows []*row
}

// run returns a row for each group, in the order in which the groups appear. Without keys there is one group, even of no rows.
func (s *stats) run(rows []*row) []*row {
	var groups []*group
	byKey := make(map[string]*group)
	if len(s.by) == 0 {
		groups = []*group{{rows: rows}}
		rows = nil
	}
	for _, r := range rows {
		g := &group{keys: make(map[string]string)}
		id := ""
		for _, k := range s.by {
			value, ok := k.of(r)
			if ok {
				g.keys[k.name] = value
			}
			id += strconv.FormatBool(ok) + strconv.Quote(value)
		}
		if byKey[id] == nil {
			byKey[id] = g
			groups = append(groups, g)
		}
		byKey[id].rows = append(byKey[id].rows, r)
	}
	results := make([]*row, len(groups))
	for i, g := range groups {
		results[i] = &row{values: make(map[string]string)}
		for name, value := range g.keys {
			results[i].values[name] = value
		}
		for _, a := range s.aggregates {
			if value, ok := a.of(g.rows); ok {
				results[i].values[a.name] = value
			}
		}
	}
	return results
}

// of returns the aggregate of rows, or false if it has no value because no row has a number in the field.
func (a aggregate) of(rows []*row) (string, bool) {
	if a.function == "count" {
		return strconv.Itoa(a.count(rows)), true
	}
	var numbers []float64
	sum := 0.0
	for _, r := range rows {
		text, _ := r.value(a.field)
		if n, ok := number(text); ok {
			numbers = append(numbers, n)
			sum += n
		}
	}
	if len(numbers) == 0 {
		return "", false
	}
	result := sum
	switch a.function {
	case "avg":
		result = sum / float64(len(numbers))
	case "min":
		result = slices.MinFunc(numbers, cmp.Compare)
	case "max":
		result = slices.MaxFunc(numbers, cmp.Compare)
	}
	return strconv.FormatFloat(result, 'f', -1, 64), true
}

// count returns how many rows there are, or how many have the field.
func (a aggregate) count(rows []*row) int {
	if a.field == "" {
		return len(rows)
	}
	n := 0
	for _, r := range rows {
		if _, ok := r.value(a.field); ok {
			n++
		}
	}
	return n
}

// names returns the names of the results, as AWS orders them: the keys, then the aggregates.
func (s *stats) names() []string {
	var names []string
	for _, k := range s.by {
		names = append(names, k.name)
	}
	for _, a := range s.aggregates {
		names = append(names, a.name)
	}
	return names
}
