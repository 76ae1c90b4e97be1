package pattern_test

import "testing"

var scalars = []string{
	`{}`, `{"v":null}`, `{"v":"null"}`, `{"v":true}`, `{"v":false}`, `{"v":"true"}`, `{"v":0}`, `{"v":1}`, `{"v":1.0}`, `{"v":1e0}`,
	`{"v":"1"}`, `{"v":"1.0"}`, `{"v":-1}`, `{"v":1.5}`, `{"v":10}`, `{"v":"10"}`, `{"v":"Alpha"}`, `{"v":"alpha"}`, `{"v":"Alphabet"}`,
	`{"v":"xAlpha"}`, `{"v":""}`, `{"v":[]}`, `{"v":{}}`, `{"v":[1,"Alpha",null]}`, `{"v":"a*b"}`, `{"v":"a?b"}`, `{"v":1,"v":2}`,
	`{"v":2,"v":1}`, `not JSON`, `null`, `[{"v":1}]`, `{broken`, `{"v":1} {"v":1}`,
}

// incomparable lists the messages whose v is neither a string nor a number, or is missing. No comparison holds for them, not even !=.
var incomparable = []string{
	`{}`, `{"v":null}`, `{"v":true}`, `{"v":false}`, `{"v":[]}`, `{"v":{}}`, `{"v":[1,"Alpha",null]}`, `not JSON`, `null`,
	`[{"v":1}]`, `{broken`, `{"v":1} {"v":1}`,
}

func TestJSONValues(t *testing.T) {
	ones := []string{`{"v":1}`, `{"v":1.0}`, `{"v":1e0}`, `{"v":"1"}`, `{"v":2,"v":1}`}
	for _, test := range []struct {
		pattern string
		want    []string
	}{
		{pattern: `{ $.v = 1 }`, want: ones}, // strings are compared as text
		{pattern: `{$.v=1}`, want: ones},
		{pattern: `{ $.v != 1 }`, want: except(except(scalars, incomparable...), ones...)},
		{pattern: `{ $.v > 1 }`, want: []string{`{"v":1.5}`, `{"v":10}`, `{"v":1,"v":2}`}},
		{pattern: `{ $.v < 1 }`, want: []string{`{"v":0}`, `{"v":-1}`}},
		{pattern: `{ $.v >= 1.5 }`, want: []string{`{"v":1.5}`, `{"v":10}`, `{"v":1,"v":2}`}},
		{pattern: `{ $.v <= +0 }`, want: []string{`{"v":0}`, `{"v":-1}`}},
		{pattern: `{ $.v = 1e+0 }`, want: []string{`{"v":1}`, `{"v":1.0}`, `{"v":1e0}`, `{"v":2,"v":1}`}},
		{pattern: `{ $.v = 100e-2 }`, want: []string{`{"v":1}`, `{"v":1.0}`, `{"v":1e0}`, `{"v":2,"v":1}`}},
		{pattern: `{ $.v = -1 }`, want: []string{`{"v":-1}`}},
		{pattern: `{ $.v = "1" }`, want: []string{`{"v":1}`, `{"v":"1"}`, `{"v":2,"v":1}`}}, // numbers, too
		{pattern: `{ $.v = "Alpha" }`, want: []string{`{"v":"Alpha"}`}},
		{pattern: `{ $.v = Alpha }`, want: []string{`{"v":"Alpha"}`}},
		{pattern: `{ $.v != "Alpha" }`, want: except(except(scalars, incomparable...), `{"v":"Alpha"}`)},
		{pattern: `{ $.v = "Alpha*" }`, want: []string{`{"v":"Alpha"}`, `{"v":"Alphabet"}`}},
		{pattern: `{ $.v = Alpha* }`, want: []string{`{"v":"Alpha"}`, `{"v":"Alphabet"}`}},
		{pattern: `{ $.v = "*Alpha" }`, want: []string{`{"v":"Alpha"}`, `{"v":"xAlpha"}`}},
		{pattern: `{ $.v = *lph* }`, want: []string{`{"v":"Alpha"}`, `{"v":"alpha"}`, `{"v":"Alphabet"}`, `{"v":"xAlpha"}`}},
		{pattern: `{ $.v = "a*b" }`, want: []string{`{"v":"a*b"}`}}, // in the middle, * is not a wildcard
		{pattern: `{ $.v = "a?b" }`, want: []string{`{"v":"a?b"}`}},
		{pattern: `{ $.v = "" }`, want: []string{`{"v":""}`}},
		{pattern: `{ $.v = * }`, want: except(scalars, incomparable...)},
		{pattern: `{ $.v = 1* }`, want: []string{
			`{"v":1}`, `{"v":1.0}`, `{"v":1e0}`, `{"v":"1"}`, `{"v":"1.0"}`, `{"v":1.5}`, `{"v":10}`, `{"v":"10"}`, `{"v":2,"v":1}`}},
		{pattern: `{ $.v = %^Al.*% }`, want: []string{`{"v":"Alpha"}`, `{"v":"Alphabet"}`}},
		{pattern: `{ $.v != %.% }`, want: []string{`{"v":""}`}},
		{pattern: `{ $.v IS NULL }`, want: []string{`{"v":null}`, `{"v":[1,"Alpha",null]}`}},
		{pattern: `{ $.v IS TRUE }`, want: []string{`{"v":true}`}},
		{pattern: `{ $.v IS FALSE }`, want: []string{`{"v":false}`}},
		{pattern: `{ $.v NOT EXISTS }`, want: []string{`{}`}},
		{pattern: `{ $.v = true }`, want: []string{`{"v":"true"}`}},
	} {
		t.Run(test.pattern, func(t *testing.T) { checkMatches(t, test.pattern, scalars, test.want) })
	}
}

const (
	first = `{"nested":{"value":"hit"},"cluster.name":"flat","cluster":{"name":"nested"},"items":[{"a":1,"b":0},{"a":0,"b":2}],` +
		`"arr":["miss","hit"],"matrix":[[0,1],[2,3]],"a":1,"b":0,"c":0}`
	second = `{"nested":{"value":"miss"},"cluster.name":"nested","cluster":{"name":"flat"},"items":[{"a":1,"b":2}],` +
		`"arr":["hit","miss"],"matrix":[[1,0]],"a":0,"b":2,"c":3}`
	nulls    = `{"nested":null,"arr":[null],"items":[],"a":0,"b":2,"c":0}`
	empties  = `{"nested":{},"arr":[],"a":1,"b":2,"c":3}`
	inner    = `{"nested":{"value":null},"arr":"hit","a":0,"b":0,"c":3}`
	other    = `{"nested":{"value":"null"},"other":"hit"}`
	dotted   = `{"nested.value":"hit","arr":[["hit"]]}`
	spread   = `{"arr":["hit","hit"],"items":[{"a":1},{"b":2}]}`
	switched = `{"arr":{"0":"hit","":"hit"},"nested":[{"value":"hit"}]}`
)

func TestJSONPaths(t *testing.T) {
	objects := []string{first, second, nulls, empties, inner, other, dotted, spread, switched, `{}`}
	for _, test := range []struct {
		pattern string
		want    []string
	}{
		{pattern: `{ $.nested.value = "hit" }`, want: []string{first}},
		{pattern: `{ $.['cluster.name'] = "flat" }`, want: []string{first}},
		{pattern: `{ $.cluster.['name'] = "flat" }`, want: []string{second}},
		{pattern: `{ $.cluster.name = "flat" }`, want: []string{second}},
		{pattern: `{ $.arr[0] = "hit" }`, want: []string{second, spread}},
		{pattern: `{ $.arr[*] = "hit" }`, want: []string{first, second, spread, switched}},
		{pattern: `{ $.* = "hit" }`, want: []string{inner, other, dotted}},
		{pattern: `{ $.matrix[0][1] = 1 }`, want: []string{first}},
		// Different elements can satisfy the conditions.
		{pattern: `{ $.items[*].a = 1 && $.items[*].b = 2 }`, want: []string{first, second, spread}},
		{pattern: `{ $.a = 1 && $.c = 3 }`, want: []string{empties}},
		{pattern: `{ $.a = 1 || $.b = 2 && $.c = 3 }`, want: []string{first, second, empties}},
		{pattern: `{ ($.a = 1 || $.b = 2) && $.c = 3 }`, want: []string{second, empties}},
		{pattern: `{ (($.a = 1)) }`, want: []string{first, empties}},
		{pattern: `{ $.nested.value NOT EXISTS }`, want: []string{nulls, empties, dotted, spread, switched, `{}`}},
		{pattern: `{ $.nested.value IS NULL }`, want: []string{inner}},
		{pattern: `{ $.arr[*] = %t% || $.a = %^1$% }`, want: []string{first, second, empties, spread, switched}},
		{pattern: `{ $.arr[*] = a || $.items[*].a = 1 || $.* = a }`, want: []string{first, second, spread}}, // three wildcards
	} {
		t.Run(test.pattern, func(t *testing.T) { checkMatches(t, test.pattern, objects, test.want) })
	}
}

func TestJSONRejected(t *testing.T) {
	const invalid = "Invalid filter pattern"
	const unclosed = "If a filter pattern starts with '{' it must end with '}'"
	checkRejected(t, map[string]string{
		`{$.v=1`:                       unclosed,
		`{`:                            unclosed,
		`{}`:                           invalid,
		`{ $.v }`:                      invalid,
		`{ $.v = }`:                    invalid,
		`{ $.v = null }`:               invalid,
		`{ $.v EXISTS }`:               invalid,
		`{ $.v IS NOT NULL }`:          invalid,
		`{ $.v IS Null }`:              invalid,
		`{ $.v NOT NULL }`:             invalid,
		`{ $.v == 1 }`:                 invalid,
		`{ $.v > 0 AND $.v < 2 }`:      invalid,
		`{ $.v = 1 && }`:               invalid,
		`{ ($.v = 1 }`:                 invalid,
		`{ $.v = 1) }`:                 invalid,
		`{ "v": [1] }`:                 invalid,
		`{ v = 1 }`:                    invalid,
		`{ !($.v = 1) }`:               "Invalid character(s) in term '!('",
		`{ $.v > "Alpha" }`:            `Invalid character(s) in term '"Alpha"'`,
		`{ $.v < 4* }`:                 "Invalid character(s) in term '4*'",
		`{ $.v = %(Alpha|Beta)% }`:     "Invalid character(s) in term '%('",
		`{ $.v = "Alpha }`:             `Invalid character(s) in term '"Alpha '`,
		`{ $.v = me@example }`:         "Invalid character(s) in term '@'",
		`{ $.v = +x }`:                 "Invalid character(s) in term '+'",
		`{ $.v = 2014-01-01 }`:         "Invalid character(s) in term '2014-'",
		`{ $..value = "hit" }`:         "Invalid character(s) in term '$..'",
		`{ $."sc-status" = 5* }`:       `Invalid character(s) in term '$."'`,
		`{ $.["cluster.name"] = "c" }`: "Invalid character(s) in term '$.['",
		`{ $.['cluster.name = "c" }`:   `Invalid character(s) in term '$.['cluster.name = "c" '`,
		`{ $[0] = "hit" }`:             "Invalid character(s) in term '$['",
		`{ $.arr[-1] = "hit" }`:        "Invalid character(s) in term '[-'",
		`{ $.arr[0:2] = "hit" }`:       "Invalid character(s) in term '[0:'",
		`{ $.a = %a% || $.a = %b% || $.a = %c% }`: "Your input has exceeded the maximum of 2 regular expressions per filter pattern.",
		`{ $.items[*].* = 1 }`: "Your filter pattern has a JSON path selector that exceeds the maximum of 1 wildcard allowed " +
			"per json selector.",
		`{ $.a[*] = 1 || $.b[*].a = 1 || $.* = 1 || $.c[*][0] = 0 }`: "Your input has exceeded the maximum of 3 JSON wildcard " +
			"selectors allowed per filter pattern.",
	})
}
