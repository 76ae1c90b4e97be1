package attr

import (
	"maps"
	"slices"
	"strings"
)

// Compare returns a negative number if a is before b, a positive one if it is after it, and 0 if they are equal. Both must have the same type, and
// that must be a scalar. Text and bytes are ordered by their bytes.
func Compare(a, b Value) int {
	if a.Type == Numeric {
		return a.number.Compare(b.number)
	}
	return strings.Compare(a.text, b.text)
}

// Equal reports whether two values are the same. Sets have no order.
func Equal(a, b Value) bool {
	if a.Type != b.Type {
		return false
	}
	switch a.Type {
	case Numeric:
		return a.number == b.number
	case Bool:
		return a.truth == b.truth
	case Texts, Blobs:
		return sameElements(a.texts, b.texts)
	case Numbers:
		return sameElements(a.numbers, b.numbers)
	case List:
		return slices.EqualFunc(a.list, b.list, Equal)
	case Map:
		return maps.EqualFunc(a.members, b.members, Equal)
	default: // Null has nothing to compare
		return a.text == b.text
	}
}

// sameElements compares two sets, which have no element twice.
func sameElements[E comparable](a, b []E) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(e E) bool { return !slices.Contains(b, e) })
}

// HasPrefix reports whether v begins with prefix. Both must be text, or both bytes.
func (v Value) HasPrefix(prefix Value) bool {
	return v.Type == prefix.Type && (v.Type == Text || v.Type == Binary) && strings.HasPrefix(v.text, prefix.text)
}

// Contains reports whether v is a text that has part in it, or a set or a list that has it as an element.
func (v Value) Contains(part Value) bool {
	switch {
	case v.Type == List:
		return slices.ContainsFunc(v.list, func(e Value) bool { return Equal(e, part) })
	case v.Type == Text && part.Type == Text, v.Type == Binary && part.Type == Binary:
		return strings.Contains(v.text, part.text)
	case v.Type == Texts && part.Type == Text, v.Type == Blobs && part.Type == Binary:
		return slices.Contains(v.texts, part.text)
	case v.Type == Numbers && part.Type == Numeric:
		return slices.Contains(v.numbers, part.number)
	}
	return false
}
