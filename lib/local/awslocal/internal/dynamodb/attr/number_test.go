package attr_test

import (
	"math/big"
	"slices"
	"testing"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

func TestNumbersAreOrdered(t *testing.T) {
	ordered := []string{
		"-9.9999999999999999999999999999999999999e125", "-1000", "-999", "-12", "-1.2", "-1.19", "-1", "-0.5", "-0.05", "-1e-130", "0", "1e-130", "0.05", "0.5",
		"1", "1.0000000000000000000000000000000000001", "1.19", "1.2", "12", "999", "1000", "1e125",
	}
	var numbers []attr.Number
	for _, text := range ordered {
		n, err := attr.ParseNumber(text)
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, n)
	}
	for i, a := range numbers {
		for j, b := range numbers {
			if got := a.Compare(b); (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("%s compared with %s: %d", a, b, got)
			}
		}
	}
}

// FuzzParseNumber compares numbers with those of math/big: what is accepted is the same number, written without an exponent.
func FuzzParseNumber(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		n, err := attr.ParseNumber(text)
		if err != nil {
			return
		}
		if len(text) > 1000 {
			return
		}
		want, ok := new(big.Rat).SetString(text)
		if !ok {
			if n.String() != "0" { // an exponent that math/big does not take
				t.Fatalf("%q is %s, and not a number for math/big", text, n)
			}
			return
		}
		got, ok := new(big.Rat).SetString(n.String())
		if !ok || got.Cmp(want) != 0 {
			t.Fatalf("%q is %s", text, n)
		}
		again, err := attr.ParseNumber(n.String())
		if err != nil || again != n {
			t.Fatalf("%s, read again, is %s: %v", n, again, err)
		}
		if slices.Contains([]byte(n.String()), 'e') {
			t.Fatalf("%q is written %s", text, n)
		}
	})
}
