package storage

// What the fuzz tests look at on its own.
var (
	StripSequences = stripSequences
	AppendString   = appendString[[]byte]
)
