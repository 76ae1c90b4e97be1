package logformat

// What fuzz tests test on their own.
var (
	StripSequences = stripSequences
	AppendString   = appendString
)

// IsObject reports whether a text is read as an object.
func IsObject(text []byte) bool {
	var o object
	return o.read(text)
}
