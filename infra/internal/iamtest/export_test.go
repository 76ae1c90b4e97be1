package iamtest

// What the tests look at on its own.
var (
	Matches    = matches
	MatchesARN = matchesARN
)
