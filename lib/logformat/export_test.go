package logformat

// What fuzz tests test on their own.
var (
	Pairs          = pairs
	StripSequences = stripSequences
	AppendString   = appendString[[]byte]
)
