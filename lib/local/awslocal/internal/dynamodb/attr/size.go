package attr

import "strconv"

// Size returns the bytes of an item: the names and the values.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func (i Item) Size() int {
	size := 0
	for name, v := range i {
		size += len(name) + v.Size()
	}
	return size
}

// Size returns the bytes of a value.
func (v Value) Size() int {
	size := 0
	switch v.Type {
	case Text, Binary:
		return len(v.text)
	case Numeric:
		return v.number.size()
	case Texts, Blobs:
		for _, text := range v.texts {
			size += len(text)
		}
	case Numbers:
		for _, n := range v.numbers {
			size += n.size()
		}
	case List: // "3 bytes of overhead", and "each List or Map element also requires 1 byte of overhead"
		size = 3
		for _, e := range v.list {
			size += 1 + e.Size()
		}
	case Map:
		size = 3
		for name, member := range v.members {
			size += 1 + len(name) + member.Size()
		}
	default: // Bool and Null
		return 1
	}
	return size
}

// Length returns what the function size of expressions returns: the bytes of a text, or the number of elements. It is false for a value that has no
// such size.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
func (v Value) Length() (Value, bool) {
	n := 0
	switch v.Type {
	case Text, Binary:
		n = len(v.text)
	case Texts, Blobs:
		n = len(v.texts)
	case Numbers:
		n = len(v.numbers)
	case List:
		n = len(v.list)
	case Map:
		n = len(v.members)
	default:
		return Value{}, false
	}
	number, _ := ParseNumber(strconv.Itoa(n)) // an int always is a valid number
	return Value{Type: Numeric, number: number}, true
}
