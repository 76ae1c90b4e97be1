package iamtest

// For tests of their own.
var (
	Matches    = matches
	MatchesARN = matchesARN
)
