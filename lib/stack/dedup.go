package stack

// Dedup says how the storage function recognizes messages that it has stored before.
type Dedup string

// The values of Dedup.
const (
	DedupWarm    Dedup = "warm"    // each instance of the function remembers what it has stored, as long as it runs
	DedupDurable Dedup = "durable" // a table of DynamoDB remembers it for a day, for all instances
)
