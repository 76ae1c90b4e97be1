package cost

import (
	"time"

	"heroku-drains/lib/credential"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// What the stack declares.
const (
	BatchSize    = drain.DefaultBatchSize
	Alarms       = 9 // each on one metric; those of the alert system are in AlertAlarms
	AlertAlarms  = 5 // likewise
	Metrics      = 7 // custom metrics
	AlertMetrics = 4 // likewise; the functions write them only when something failed
	Dashboards   = 2
)

// How long the functions run, in seconds. These are assumptions: no real account was measured.
const (
	IngestTime  = 0.008
	StorageTime = 0.060 // for a batch of BatchSize messages
)

// The sizes of the system's own log lines, in bytes as CloudWatch Logs counts them: for each request, a line of the gateway's access log; for each
// batch, the line of the storage function with its entry in the ledger.
const (
	AccessLine = 105
	BatchLine  = 270
)

const (
	// Each of Lambda's pollers does long polls of 20 seconds on an idle queue: 3 a minute.
	pollsPerMinute = 3

	// MostPollers is how many pollers Lambda starts with, and keeps if the mapping has a maximum concurrency. FewestPollers is how many are left on
	// a queue that stays empty. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
	MostPollers   = 5
	FewestPollers = 2

	// claimWrites is how often the storage function writes the item of a message, of less than 1 KB: to claim it, and to mark it as stored.
	claimWrites = 2

	keyVersions = 2 // the drains function reads the current and the previous version of the signing key

	daysPerMonth    = 30
	minutesPerMonth = 60 * 24 * daysPerMonth
)

// Month is how long a month is taken to be.
const Month = daysPerMonth * 24 * time.Hour

// Posts returns the usage of POSTs of a mean size, in bytes, on their way from Heroku to CloudWatch Logs, which charges for the lines that they
// carry besides: see Lines. batch is how many POSTs the storage function stores at a time, on average.
func Posts(count, bytes, batch float64) Usage {
	batches := count / batch
	message := SealedSize(bytes)
	return Usage{
		GatewayRequests: count * Units(bytes, GatewayUnit),
		Drains:          Run(count, stack.DrainsMemoryMB, IngestTime),
		// Messages are sent one by one, and received and deleted in batches.
		SQSRequests: count*Units(message, SQSUnit) + batches*(Units(batch*message, SQSUnit)+1),
		Storage:     Run(batches, stack.StorageMemoryMB, StorageTime),
		OwnLogBytes: count*AccessLine + batches*BatchLine,
	}
}

// Claims returns the usage of durable dedup for a number of POSTs.
func Claims(posts float64) Usage { return Usage{WriteUnits: claimWrites * posts} }

// Lines returns the usage of bytes of lines that are stored, with EventOverhead for each event, and kept for a number of days.
func Lines(bytes float64, class Class, days float64) Usage {
	u := Usage{KeptByteMonths: bytes * days / daysPerMonth}
	if class == InfrequentAccess {
		u.LogBytesInfrequent = bytes
	} else {
		u.LogBytes = bytes
	}
	return u
}

// Class is a class of log groups.
type Class int

// The classes.
const (
	Standard Class = iota
	InfrequentAccess
)

// Polls returns the usage of a month in which so many pollers look at a queue that stays empty.
func Polls(pollers int) Usage {
	return Usage{SQSPolls: float64(pollers * pollsPerMinute * minutesPerMonth)}
}

// Checks returns the usage of a month's checks of the age of the oldest message in an app's queue.
func Checks() Usage { return Usage{MetricQueries: float64(Month / stack.QueueCheckInterval)} }

// App returns the usage of a month of an app that sends nothing, with its queue polled at full speed: the most that it can be.
func App() Usage { return Polls(MostPollers).Plus(Checks()) }

// Stack returns the usage of a month of a stack without drains. The drains function reads the signing key all the time in one environment.
func Stack() Usage {
	return Polls(MostPollers).Plus(Usage{ // of the alerts queue, whose mapping has a maximum concurrency
		Secrets: 1, SecretCalls: keyVersions * float64(Month) / float64(credential.TTL),
		Alarms: Alarms + AlertAlarms, CustomMetrics: Metrics + AlertMetrics, Dashboards: Dashboards,
	})
}
