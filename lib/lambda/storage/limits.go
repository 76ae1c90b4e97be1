package storage

import "time"

// What CloudWatch Logs takes in one PutLogEvents call. A call that breaks one of these fails as a whole.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const (
	maxBatchBytes  = 1_048_576 // the events' text as UTF-8, and eventOverhead for each
	eventOverhead  = 26
	maxBatchEvents = 10_000
	maxBatchSpan   = 24 * time.Hour // between the first and the last event
)

// maxEventBytes is the most text of one event. The page says "1 MB" and leaves open whether JSON's escapes count, so this stays at the
// decimal megabyte, as Fluent Bit does after trying: https://github.com/fluent/fluent-bit/pull/11159
const maxEventBytes = 1_000_000

// Events outside this window are rejected one by one, while the call succeeds. The retention of the log group may make it narrower.
const (
	maxAge   = 14 * 24 * time.Hour
	maxAhead = 2 * time.Hour
)

// Lines are moved inside before they reach the window's edge. An event grows older until CloudWatch has it, through all retries, so that
// edge gets as long as the function may run and the clocks may differ; at the other edge only the clocks count.
const (
	ageMargin   = 2 * time.Minute
	aheadMargin = 10 * time.Second
)

// maxName is the most bytes of a line's source, process or time. RFC 5424 gives 48, 128 and 32; what goes far beyond is no line of
// Logplex's, and an event's text must have room for more than names. https://www.rfc-editor.org/rfc/rfc5424#section-6
const maxName = 256
