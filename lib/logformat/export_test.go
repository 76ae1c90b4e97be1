package logformat

// What fuzz tests test on their own.
var (
	StripSequences = stripSequences
	AppendString   = appendString[[]byte]
)
