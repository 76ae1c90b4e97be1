package costs

import (
	"encoding/base64"
	"fmt"
	"math"
	"time"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/stack"
)

// What the stack declares.
const (
	IngestMemoryMB  = stack.DrainsMemoryMB
	StorageMemoryMB = stack.StorageMemoryMB
	BatchSize       = drain.DefaultBatchSize
	Alarms          = 9 // each on one metric; those of the alert system are in AlertAlarms
	CustomMetrics   = 7 // likewise
	Dashboards      = 2
	ChecksPerMonth  = 30 * 24 * time.Hour / stack.QueueCheckInterval // of the age of the oldest message of each queue
)

// How long the functions run, in seconds. These are assumptions: no real account was measured.
const (
	ingestTime  = 0.008
	storageTime = 0.060 // for a batch of BatchSize messages
	directTime  = 0.030 // of a function that writes to CloudWatch Logs before it responds
)

// The sizes of the system's own log lines, in kB: for each request, a line of the gateway's access log; for each batch, two lines of the
// storage function, for its summary and its metrics.
const (
	accessLine = 0.105
	batchLines = 0.6
)

const (
	million     = 1_000_000
	gatewayUnit = 512 << 10 // bytes per billed request of an HTTP API
	sqsUnit     = 64 << 10  // bytes per billed request of SQS
)

// Each of Lambda's pollers does long polls of 20 seconds on an idle queue: 3 a minute.
const (
	pollsPerMinute  = 3
	minutesPerMonth = 60 * 24 * 30
)

// architecture is a pipeline from Heroku's POST to CloudWatch Logs.
type architecture struct {
	name    string
	gateway *price // nil: a function URL, which is free
	queued  bool   // through SQS and a second function; otherwise the first function writes to CloudWatch Logs
}

// architectures are the alternatives. The first is this stack's.
var architectures = []architecture{
	{name: "**HTTP API → SQS → Logs (this stack)**", gateway: &httpAPI, queued: true},
	{name: "REST API → SQS → Logs", gateway: &restAPI, queued: true},
	{name: "Function URL → SQS → Logs", queued: true},
	{name: "HTTP API → Logs", gateway: &httpAPI},
	{name: "Function URL → Logs"},
}

// share is the cost of a part of the pipeline, in dollars per million POSTs.
type share struct {
	part    string
	dollars float64
}

// shares returns the costs of a million POSTs of this size, part by part, without CloudWatch Logs.
func (a architecture) shares(r region, kilobytes int) []share {
	var parts []share
	ownLog := 0.0
	if a.gateway != nil {
		parts = append(parts, share{part: "API Gateway", dollars: a.gateway.in[r] * units(kilobytes*1000, gatewayUnit)})
		ownLog += accessLine
	}
	if !a.queued {
		return append(parts, share{part: "Lambda", dollars: lambda(r, IngestMemoryMB, directTime)}, logged(r, ownLog))
	}
	size := sealedSize(kilobytes)
	requests := units(size, sqsUnit) + (units(BatchSize*size, sqsUnit)+1)/BatchSize // sent one by one, received and deleted in batches
	return append(parts,
		share{part: "Lambda, ingest", dollars: lambda(r, IngestMemoryMB, ingestTime)},
		share{part: "SQS", dollars: sqsRequests.in[r] * requests},
		share{part: "Lambda, storage", dollars: lambda(r, StorageMemoryMB, storageTime) / BatchSize},
		logged(r, ownLog+batchLines/BatchSize))
}

// logged returns the cost of the stack's own log lines, in kB per POST, for a million POSTs.
func logged(r region, kilobytes float64) share {
	return share{part: "own logs", dollars: logsStandard.in[r] * kilobytes} // a million kB is a GB
}

// perMillion returns the cost of a million POSTs, without CloudWatch Logs.
func (a architecture) perMillion(r region, kilobytes int) float64 {
	return sum(a.shares(r, kilobytes))
}

// perGB returns the total cost of a GB. A million POSTs of 1 kB is a GB.
func (a architecture) perGB(r region, kilobytes int, ingest price) float64 {
	return a.perMillion(r, kilobytes)/float64(kilobytes) + ingest.in[r]
}

// lambda returns the cost of a million invocations.
func lambda(r region, memoryMB int, seconds float64) float64 {
	return lambdaRequests.in[r] + million*float64(memoryMB)/1024*seconds*lambdaTime.in[r]
}

// idle returns the cost of an app's event source mapping for a month in which nothing is sent.
func idle(r region, pollers int) float64 {
	return sqsRequests.in[r] * float64(pollers*pollsPerMinute*minutesPerMonth) / million
}

// checks returns the cost of a month's checks of the age of the oldest message in an app's queue.
func checks(r region) float64 {
	return metricData.in[r] * float64(ChecksPerMonth) / 1000
}

// units returns how many requests AWS bills for a number of bytes.
func units(bytes, unit int) float64 {
	return math.Ceil(float64(bytes) / float64(unit))
}

// sealedSize returns the length, in bytes, of the SQS message for a POST of simulated traffic.
func sealedSize(kilobytes int) int {
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	generator := simulate.New("shop", 1)
	var body []byte
	for len(body) < kilobytes*1000 {
		body = logplex.AppendFrame(body, generator.Next(at))
	}
	body = body[:kilobytes*1000]
	header := envelope.Header{
		App: "shop", DrainToken: generator.Token(), FrameID: "0123456789ABCDEF0123456789ABCDEF", RequestID: "0123456789ABCDE=",
		MsgCount: 10, ReceivedAt: at,
	}
	sealed, err := envelope.Seal(header, base64.StdEncoding.EncodeToString(body), true)
	if err != nil || len(sealed) != 1 {
		panic(fmt.Sprintf("a POST of %d kB has %d messages, want one: %v", kilobytes, len(sealed), err))
	}
	return len(sealed[0])
}
