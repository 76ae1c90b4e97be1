package logformat

// StripSequences is what a fuzz test tests on its own.
var StripSequences = stripSequences

// IsObject reports whether a text is read as an object.
func IsObject(text []byte) bool {
	var o object
	return o.read(text)
}
