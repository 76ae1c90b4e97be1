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
	Alarms          = 7 // each on one metric
	CustomMetrics   = 5
)

// How long the functions run, in seconds: assumed, for no real account was measured.
const (
	ingestTime  = 0.008
	storageTime = 0.060 // for a batch of BatchSize messages
	directTime  = 0.030 // of a function that writes to CloudWatch Logs itself, before it answers
)

// What is logged besides the apps' lines, in kB: a line of the gateway's access log for each request, and for each batch two
// lines of the storage function, its summary and its metrics.
const (
	accessLine = 0.3
	batchLines = 0.6
)

const (
	million     = 1_000_000
	gatewayUnit = 512 << 10 // bytes that an HTTP API counts as a request
	sqsUnit     = 64 << 10  // bytes that SQS counts as a request
)

// A pollsPerMinute of 3 are long polls of 20 seconds, which is what each of Lambda's pollers does on an idle queue.
const (
	pollsPerMinute  = 3
	minutesPerMonth = 60 * 24 * 30
)

// architecture is a way from Heroku's POST to CloudWatch Logs.
type architecture struct {
	name    string
	gateway *price // nil: a Function URL, which costs nothing
	queued  bool   // through SQS and a second function; else the first function writes itself
}

// architectures begin with this stack's.
var architectures = []architecture{
	{"**HTTP API → SQS → Logs (this stack)**", &httpAPI, true},
	{"REST API → SQS → Logs", &restAPI, true},
	{"Function URL → SQS → Logs", nil, true},
	{"HTTP API → Logs", &httpAPI, false},
	{"Function URL → Logs", nil, false},
}

// share is what a part of the way costs, in dollars per million POSTs.
type share struct {
	part    string
	dollars float64
}

// shares are what a million POSTs of a size, in kB, cost on their way, part by part.
func (a architecture) shares(r region, kilobytes int) []share {
	var parts []share
	ownLog := 0.0
	if a.gateway != nil {
		parts = append(parts, share{"API Gateway", a.gateway.in[r] * units(kilobytes*1000, gatewayUnit)})
		ownLog += accessLine
	}
	if !a.queued {
		return append(parts, share{"Lambda", lambda(r, IngestMemoryMB, directTime)}, logged(r, ownLog))
	}
	size := sealedSize(kilobytes)
	requests := units(size, sqsUnit) + (units(BatchSize*size, sqsUnit)+1)/BatchSize // send one; receive and delete them by batches
	return append(parts,
		share{"Lambda, ingest", lambda(r, IngestMemoryMB, ingestTime)},
		share{"SQS", sqsRequests.in[r] * requests},
		share{"Lambda, storage", lambda(r, StorageMemoryMB, storageTime) / BatchSize},
		logged(r, ownLog+batchLines/BatchSize))
}

// logged is what the stack's own log lines cost for a million POSTs, so many kB each.
func logged(r region, kilobytes float64) share {
	return share{"own logs", logsStandard.in[r] * kilobytes} // a million kB are a GB
}

// perMillion is what a million POSTs cost on their way, without CloudWatch Logs.
func (a architecture) perMillion(r region, kilobytes int) float64 {
	sum := 0.0
	for _, s := range a.shares(r, kilobytes) {
		sum += s.dollars
	}
	return sum
}

// perGB is what a GB costs in all: a million POSTs of 1 kB are a GB.
func (a architecture) perGB(r region, kilobytes int, ingest price) float64 {
	return a.perMillion(r, kilobytes)/float64(kilobytes) + ingest.in[r]
}

// lambda is what a million invocations cost.
func lambda(r region, memoryMB int, seconds float64) float64 {
	return lambdaRequests.in[r] + million*float64(memoryMB)/1024*seconds*lambdaTime.in[r]
}

// idle is what an app's event source mapping costs a month when nothing is sent.
func idle(r region, pollers int) float64 {
	return sqsRequests.in[r] * float64(pollers*pollsPerMinute*minutesPerMonth) / million
}

// units is how many requests AWS counts for so many bytes.
func units(bytes, unit int) float64 {
	return math.Ceil(float64(bytes) / float64(unit))
}

// sealedSize is the length of the SQS message that the ingest function makes of a POST of simulated traffic, in bytes.
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
		panic(fmt.Sprintf("a POST of %d kB makes %d messages: %v", kilobytes, len(sealed), err))
	}
	return len(sealed[0])
}
