package insights

import (
	"strconv"
	"time"
)

// stats is the command stats: aggregates of groups of rows.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html
type stats struct {
	aggregates []aggregate
	by         []key
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
	if !representable(period, t.text) {
		return key{}, problem(t, "bin(%s) is longer than the unit allows: use a larger unit", t.text)
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

// representable reports whether AWS groups by the period that the query states: it caps seconds and minutes at 60 and hours at 24, silently.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html#CWL_QuerySyntax-datetime
func representable(period time.Duration, text string) bool {
	switch text[len(text)-1] {
	case 's':
		return period <= time.Minute
	case 'm':
		return period <= time.Hour
	case 'h':
		return period <= 24*time.Hour
	}
	return true
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
