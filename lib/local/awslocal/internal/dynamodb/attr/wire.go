package attr

import (
	"maps"
	"slices"
	"strings"
)

// Wire is an attribute value as clients write it: one member is set, if the value is valid.
type Wire struct {
	S    *string          `json:",omitempty"`
	N    *string          `json:",omitempty"`
	B    *[]byte          `json:",omitempty"`
	BOOL *bool            `json:",omitempty"`
	NULL *bool            `json:",omitempty"`
	SS   *[]string        `json:",omitempty"`
	NS   *[]string        `json:",omitempty"`
	BS   *[][]byte        `json:",omitempty"`
	L    *[]Wire          `json:",omitempty"`
	M    *map[string]Wire `json:",omitempty"`
}

// maxDepth: "Nested attributes … up to 32 levels deep".
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const maxDepth = 32

// Parse returns the Value that a client wrote. Its errors are DynamoDB's messages.
func Parse(w Wire) (Value, error) { return parse(w, 0) }

// ParseItem returns the values of an item or of a key.
func ParseItem(wires map[string]Wire) (Item, error) {
	item := make(Item, len(wires))
	for _, name := range slices.Sorted(maps.Keys(wires)) {
		if name == "" {
			return nil, invalid("An attribute name must not be empty")
		}
		var err error
		if item[name], err = Parse(wires[name]); err != nil {
			return nil, err
		}
	}
	return item, nil
}

func parse(w Wire, depth int) (v Value, err error) {
	if depth > maxDepth {
		return v, Errorf("Nesting Levels have exceeded supported limits")
	}
	set := 0
	take := func(t Type, given bool, read func() error) {
		if !given {
			return
		}
		set++
		v.Type = t
		if err == nil && read != nil {
			err = read()
		}
	}
	take(Text, w.S != nil, func() error { v.text = *w.S; return nil })
	take(Numeric, w.N != nil, func() (err error) { v.number, err = ParseNumber(*w.N); return err })
	take(Binary, w.B != nil, func() error { v.text = string(*w.B); return nil })
	take(Bool, w.BOOL != nil, func() error { v.truth = *w.BOOL; return nil })
	take(Null, w.NULL != nil, func() error {
		if !*w.NULL {
			return invalid("Null attribute value types must have the value of true")
		}
		return nil
	})
	take(Texts, w.SS != nil, func() error { v.texts = *w.SS; return checkTexts(v.texts) })
	take(Numbers, w.NS != nil, func() (err error) { v.numbers, err = parseNumbers(*w.NS); return err })
	take(Blobs, w.BS != nil, func() (err error) { v.texts, err = parseBlobs(*w.BS); return err })
	take(List, w.L != nil, func() (err error) { v.list, err = parseList(*w.L, depth); return err })
	take(Map, w.M != nil, func() (err error) { v.members, err = parseMap(*w.M, depth); return err })
	switch {
	case set == 0:
		return v, Errorf("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
	case err != nil:
		return v, err
	case set > 1:
		return v, Errorf("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
	}
	return v, nil
}

func invalid(format string, args ...any) error {
	return Errorf("One or more parameter values were invalid: "+format, args...)
}

func checkTexts(texts []string) error {
	if len(texts) == 0 {
		return invalid("An string set  may not be empty")
	}
	if slices.Contains(texts, "") {
		return invalid("An string set may not have a empty string as a member")
	}
	if repeats(texts) {
		return invalid("Input collection [%s] contains duplicates.", strings.Join(texts, ", "))
	}
	return nil
}

func parseNumbers(texts []string) ([]Number, error) {
	if len(texts) == 0 {
		return nil, invalid("An number set  may not be empty")
	}
	numbers := make([]Number, len(texts))
	for i, text := range texts {
		var err error
		if numbers[i], err = ParseNumber(text); err != nil {
			return nil, err
		}
	}
	if repeats(numbers) {
		return nil, Errorf("Input collection contains duplicates")
	}
	return numbers, nil
}

func parseBlobs(blobs [][]byte) ([]string, error) {
	if len(blobs) == 0 {
		return nil, invalid("Binary sets should not be empty")
	}
	texts := make([]string, len(blobs))
	for i, blob := range blobs {
		texts[i] = string(blob)
	}
	if slices.Contains(texts, "") {
		return nil, invalid("Binary sets may not contain null or empty values")
	}
	if repeats(texts) {
		return nil, invalid("Input collection of type BS contains duplicates.")
	}
	return texts, nil
}

func parseList(wires []Wire, depth int) ([]Value, error) {
	list := make([]Value, len(wires))
	for i, w := range wires {
		var err error
		if list[i], err = parse(w, depth+1); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func parseMap(wires map[string]Wire, depth int) (map[string]Value, error) {
	members := make(map[string]Value, len(wires))
	for _, name := range slices.Sorted(maps.Keys(wires)) {
		var err error
		if members[name], err = parse(wires[name], depth+1); err != nil {
			return nil, err
		}
	}
	return members, nil
}

func repeats[E comparable](elements []E) bool {
	seen := make(map[E]bool, len(elements))
	for _, e := range elements {
		if seen[e] {
			return true
		}
		seen[e] = true
	}
	return false
}

func (v Value) wire() Wire {
	switch v.Type {
	case Text:
		return Wire{S: &v.text}
	case Numeric:
		text := v.number.String()
		return Wire{N: &text}
	case Binary:
		b := []byte(v.text)
		return Wire{B: &b}
	case Bool:
		return Wire{BOOL: &v.truth}
	case Null:
		yes := true
		return Wire{NULL: &yes}
	case Texts:
		return Wire{SS: &v.texts}
	case Numbers:
		texts := make([]string, len(v.numbers))
		for i, n := range v.numbers {
			texts[i] = n.String()
		}
		return Wire{NS: &texts}
	case Blobs:
		blobs := make([][]byte, len(v.texts))
		for i, text := range v.texts {
			blobs[i] = []byte(text)
		}
		return Wire{BS: &blobs}
	case List:
		wires := make([]Wire, len(v.list))
		for i, element := range v.list {
			wires[i] = element.wire()
		}
		return Wire{L: &wires}
	default:
		wires := make(map[string]Wire, len(v.members))
		for name, member := range v.members {
			wires[name] = member.wire()
		}
		return Wire{M: &wires}
	}
}
