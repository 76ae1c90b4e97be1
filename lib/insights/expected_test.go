package insights_test

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// What the tests expect is computed here from the lines as Heroku sent them, without the patterns of the queries.

// pairs returns the pairs of a line such as `at=info path="/a b" status=200`. Of a name that is there twice, it returns the first value.
func (l line) pairs() map[string]string {
	found := map[string]string{}
	for rest := strings.TrimPrefix(l.message(), "- "); rest != ""; {
		name, after, _ := strings.Cut(rest, "=")
		value, next := after, ""
		if quoted, err := strconv.QuotedPrefix(after); err == nil && strings.HasPrefix(after, `"`) {
			value, _ = strconv.Unquote(quoted)
			next = strings.TrimPrefix(after[len(quoted):], " ")
		} else {
			value, next, _ = strings.Cut(after, " ")
		}
		if _, again := found[name]; !again {
			found[name] = value
		}
		rest = next
	}
	return found
}

// router returns the pairs of a line that Heroku's router wrote.
func (l line) router() (map[string]string, bool) {
	if !l.is("heroku", "router") {
		return nil, false
	}
	return l.pairs(), true
}

// code returns the code of an error that Heroku reports.
func (l line) code() string {
	if pairs, ok := l.router(); ok {
		return pairs["code"]
	}
	words := strings.Fields(l.message())
	if len(words) > 1 && words[0] == "Error" && (l.is("heroku", "") || l.is("app", "log-shuttle")) {
		return strings.TrimSuffix(words[1], ":")
	}
	return ""
}

// samples returns the figures of a line of metrics that the source and the process wrote, without their units.
func (l line) samples(source, process string) map[string]float64 {
	if !l.is(source, process) || !strings.HasPrefix(l.message(), "source=") {
		return nil
	}
	found := map[string]float64{}
	for name, value := range l.pairs() {
		if sample, ok := strings.CutPrefix(name, "sample#"); ok {
			found[sample], _ = strconv.ParseFloat(strings.TrimRight(value, "MBkbytespag%"), 64)
		}
	}
	return found
}

// release returns the version in a line such as "Release v12 created by user …".
func (l line) release() (version, by string, ok bool) {
	if !l.is("app", "api") && !l.is("heroku", "api") {
		return "", "", false
	}
	m := regexp.MustCompile(`^Release (v\d+) created by (.*)$`).FindStringSubmatch(l.message())
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// figures are numbers by key and name.
type figures map[string]map[string][]float64

func (f figures) add(key, name string, value float64) {
	if f[key] == nil {
		f[key] = map[string][]float64{}
	}
	f[key][name] = append(f[key][name], value)
}

// addText adds a value if it is a number.
func (f figures) addText(key, name, value string) {
	if n, err := strconv.ParseFloat(strings.TrimSuffix(value, "ms"), 64); err == nil {
		f.add(key, name, n)
	}
}

// column computes a column of the results from the figures of that name.
type column struct {
	name, figure string
	compute      func([]float64) float64
}

func count(all []float64) float64 { return float64(len(all)) }

func sum(all []float64) float64 {
	total := 0.0
	for _, n := range all {
		total += n
	}
	return total
}

func average(all []float64) float64 { return sum(all) / count(all) }

func highest(all []float64) float64 { return slices.MaxFunc(all, cmp.Compare) }

func lowest(all []float64) float64 { return slices.MinFunc(all, cmp.Compare) }

// percentile returns a function for the value that p percent of the values do not exceed.
func percentile(p float64) func([]float64) float64 {
	return func(all []float64) float64 {
		sorted := slices.Sorted(slices.Values(all))
		return sorted[int(math.Ceil(float64(len(sorted))*p/100))-1]
	}
}

// check compares the rows of a query with the figures: by the fields that are their keys, joined with bars, in any order.
func check(t *testing.T, rows []map[string]string, f figures, keys []string, columns ...column) {
	t.Helper()
	got, want := map[string]map[string]float64{}, map[string]map[string]float64{}
	for _, row := range rows {
		key := shown(row, keys...)
		if got[key] != nil {
			t.Errorf("two rows for %s", key)
		}
		got[key] = map[string]float64{}
		for name, value := range row {
			if slices.Contains(keys, name) {
				continue
			}
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				t.Errorf("%s: %s is not a number: %q", key, name, value)
			}
			got[key][name] = n
		}
	}
	for key, byName := range f {
		want[key] = map[string]float64{}
		for _, c := range columns {
			if all := byName[c.figure]; len(all) > 0 {
				want[key][c.name] = c.compute(all)
			}
		}
	}
	if len(want) == 0 {
		t.Error("the traffic has no such lines, so this test shows nothing")
	}
	if diff := gocmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

// checkSorted checks that a column descends.
func checkSorted(t *testing.T, rows []map[string]string, name string) {
	t.Helper()
	for i := 1; i < len(rows); i++ {
		before, _ := strconv.ParseFloat(rows[i-1][name], 64)
		n, _ := strconv.ParseFloat(rows[i][name], 64)
		if n > before {
			t.Errorf("row %d has %s %s, after %s", i, name, rows[i][name], rows[i-1][name])
		}
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
