// Package attr implements DynamoDB's attribute values: what they may hold, how large they are, and how they compare.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
package attr

import "encoding/json"

// Type is the type of a Value, as clients write it.
type Type string

// The types of values.
const (
	Text    Type = "S"
	Numeric Type = "N"
	Binary  Type = "B"
	Bool    Type = "BOOL"
	Null    Type = "NULL"
	Texts   Type = "SS"
	Numbers Type = "NS"
	Blobs   Type = "BS"
	List    Type = "L"
	Map     Type = "M"
)

// Scalar reports whether values of the type have an order, and can be keys.
func (t Type) Scalar() bool { return t == Text || t == Numeric || t == Binary }

// Value is a valid attribute value. It never changes.
type Value struct {
	Type Type

	text    string // of Text; the bytes of Binary
	number  Number
	truth   bool
	texts   []string // of Texts; the bytes of Blobs
	numbers []Number
	list    []Value
	members map[string]Value
}

// Item is what a table holds under a key: values by attribute name.
type Item map[string]Value

// NewText returns a Value of the type Text.
func NewText(text string) Value { return Value{Type: Text, text: text} }

// Text returns the text of a Text, or the bytes of a Binary.
func (v Value) Text() string { return v.text }

// At returns the element of a List with an index.
func (v Value) At(index int) (Value, bool) {
	if v.Type != List || index >= len(v.list) {
		return Value{}, false
	}
	return v.list[index], true
}

// Member returns the member of a Map with a name.
func (v Value) Member(name string) (Value, bool) {
	member, ok := v.members[name]
	return member, ok
}

// MarshalJSON returns the value as DynamoDB writes it.
func (v Value) MarshalJSON() ([]byte, error) { return json.Marshal(v.wire()) }

// String returns the value as DynamoDB's messages show it.
func (v Value) String() string {
	text := v.text
	if v.Type == Numeric {
		text = v.number.String()
	}
	return "{" + string(v.Type) + ":" + text + "}"
}
