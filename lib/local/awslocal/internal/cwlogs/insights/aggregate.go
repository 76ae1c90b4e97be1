package insights

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// aggregate computes one value of a group.
type aggregate struct {
	name     string
	function string  // in lower case
	field    string  // empty: count(*)
	percent  float64 // of pct
}

func (p *parser) aggregate() (aggregate, error) {
	t := p.next()
	a := aggregate{function: strings.ToLower(t.text)}
	if t.kind != word || !slices.Contains([]string{"count", "sum", "avg", "min", "max", "pct"}, a.function) {
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
	if a.function == "pct" {
		percent, err := p.percent()
		if err != nil {
			return a, err
		}
		a.percent = percent
		argument += ", " + strconv.FormatFloat(percent, 'f', -1, 64)
	}
	if err := p.expect(")"); err != nil {
		return a, err
	}
	var err error
	a.name, err = p.alias(t.text + "(" + argument + ")")
	return a, err
}

// percent reads the second argument of pct.
func (p *parser) percent() (float64, error) {
	if err := p.expect(","); err != nil {
		return 0, err
	}
	t := p.next()
	percent, ok := number(t.text)
	if t.kind != word || !ok || percent <= 0 || percent >= 100 {
		return 0, problem(t, "The percentile must be a number between 0 and 100: %s", t.source)
	}
	return percent, nil
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
	case "pct":
		result = percentile(numbers, a.percent)
	}
	return strconv.FormatFloat(result, 'f', -1, 64), true
}

// percentile returns the smallest of the numbers that at least so many percent of them do not exceed. AWS's documentation does not say whether it
// interpolates.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html
func percentile(numbers []float64, percent float64) float64 {
	slices.Sort(numbers)
	rank := int(math.Ceil(percent * float64(len(numbers)) / 100))
	return numbers[min(max(rank, 1), len(numbers))-1]
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
